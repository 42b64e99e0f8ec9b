from odoo.exceptions import AccessError
from odoo.tests import tagged

from .async_common import AsyncCase
from .roles import ADMIN, AUDITOR, RightsMixin

#: Table -> what administrators and auditors may do; nobody else may do anything.
MATRIX = {
    "g2p.spar.message": (("read",), ("read",)),
    "g2p.spar.message.payload": ((), ()),
    "g2p.spar.delivery": (("read",), ("read",)),
    "g2p.spar.delivery.attempt": (("read",), ("read",)),
}
#: Methods that may not be called over RPC.
PRIVATE = {
    "g2p.spar.connect": (
        *("ask", "acknowledge", "acknowledge_status", "tell_status", "work_off"),
        "check_status",
    ),
    "g2p.spar.message": ("work_off", "finish", "put_aside", "claim", "settle"),
    "g2p.spar.message.payload": ("keep", "keep_result", "read_contents"),
    "g2p.spar.delivery": ("post", "send_due"),
    "g2p.spar.status": ("find", "refresh"),
    "g2p.spar.wake": ("after_commit", "ensure", "sweep"),
}
#: Fields that nobody reads, not even administrators.
CLOSED = {
    "g2p.spar.message": ("reference_list", "reference_marks", "marks"),
    "g2p.spar.delivery": ("content",),
}


@tagged("post_install", "-at_install")
class TestAsyncSecurity(RightsMixin, AsyncCase):
    def test_matrix(self):
        self.assert_rights(MATRIX)

    def test_contents_are_nobodys_to_read(self):
        ack = self.take("link", [self.link_item("a")])
        self.work_off()
        records = (self.logged(ack), self.delivery(ack))
        for record in records:
            for role in (ADMIN, AUDITOR):
                shown = record.with_user(self.users[role])
                self.assertTrue(shown.read(["correlation_id"]))
                for name in CLOSED[record._name]:
                    with self.subTest(role, field=name):
                        self.assertNotIn(name, shown.read()[0])
                        with self.assertRaises(AccessError):
                            shown.read([name])
                        with self.assertRaises(AccessError):
                            shown.search([(name, "!=", False)])

    def test_private_methods(self):
        self.assert_private(PRIVATE)

    def test_screens_open_for_those_who_may_read(self):
        kinds = [(False, kind) for kind in ("list", "form", "search", "graph")]
        for role in (ADMIN, AUDITOR):
            for table in ("g2p.spar.message", "g2p.spar.delivery"):
                with self.subTest(role, table=table):
                    shown = self.env[table].with_user(self.users[role])
                    self.assertEqual(len(shown.get_views(kinds)["views"]), 4)

    def test_counts_of_a_partner(self):
        self.take("link", [self.link_item("a")])
        admin = self.sender.with_user(self.users[ADMIN])

        self.assertEqual((admin.waiting_count, admin.parked_count), (1, 0))
        self.work_off()
        self.sender.callback_url = False
        self.deliver()
        admin.invalidate_recordset()
        self.assertEqual((admin.waiting_count, admin.parked_count), (0, 1))
        action = admin.action_view_deliveries()
        self.assertEqual(action["domain"], [("sender_id", "=", self.sender.id)])

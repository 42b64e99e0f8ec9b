from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import ConnectCase, SenderCase


@tagged("post_install", "-at_install")
class TestSenderSandbox(SenderCase):
    def _facts(self, sender):
        return self.env["g2p.spar.sender"].get_facts(sender.client_id)

    def test_facts_name_the_sandbox(self):
        alone = self.make_sender(is_sandbox=True)
        shared = self.make_sender(is_sandbox=True, sandbox_name="round-1")
        unused = self.make_sender(sandbox_name="round-1")
        self.assertEqual(self._facts(alone).sandbox, str(alone.id))
        self.assertEqual(self._facts(shared).sandbox, "round-1")
        self.assertIsNone(self._facts(unused).sandbox)
        self.assertIsNone(self._facts(self.sender).sandbox)

    def test_names_of_shared_sandboxes(self):
        for name in ("1", "Round", "a b", "a" * 41, "é", "-a"):
            with self.subTest(name=name), self.assertRaises(ValidationError):
                self.make_sender(is_sandbox=True, sandbox_name=name)

    def test_a_partner_stays_on_its_side(self):
        sandboxed = self.make_sender(is_sandbox=True)
        for sender, wanted in ((sandboxed, False), (self.sender, True)):
            with self.subTest(wanted=wanted), self.assertRaises(UserError):
                sender.is_sandbox = wanted
        sandboxed.write({"is_sandbox": True, "name": "Still sandboxed"})

    def test_twin_has_the_same_rights_and_its_own_way_in(self):
        self.sender.write(
            {
                "item_limit": 7,
                "may_unlink": False,
                "callback_url": "https://pbms.example/spar",
            }
        )
        action = self.sender.action_make_twin()
        twin = self.sender.browse(action["res_id"])
        facts, real = self._facts(twin), self._facts(self.sender)
        self.assertEqual(facts.sandbox, str(twin.id))
        self.assertEqual(
            (facts.item_limit, facts.scopes), (real.item_limit, real.scopes)
        )
        self.assertNotEqual(facts.client_id, real.client_id)
        self.assertFalse(facts.secrets)
        self.assertIsNone(facts.callback.url, "what is tried out reaches the program")
        self.assertEqual(self.sender.twin_ids, twin)
        with self.assertRaises(UserError):
            self.sender.action_make_twin()
        with self.assertRaises(UserError):
            twin.action_make_twin()

    @mute_logger("odoo.sql_db")
    def test_a_twin_is_always_confined(self):
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.make_sender(twin_of_id=self.sender.id)

    def test_only_administrators_make_twins_and_empty(self):
        sandboxed = self.make_sender(is_sandbox=True)
        auditor = new_test_user(
            self.env, "spar_sb_auditor", groups="g2p_spar_mapper.group_auditor"
        )
        for sender, action in (
            (self.sender, "action_make_twin"),
            (sandboxed, "action_empty_sandbox"),
        ):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(sender.with_user(auditor), action)()

    def test_the_registry_cannot_be_emptied(self):
        with self.assertRaises(UserError):
            self.sender.action_empty_sandbox()

    def test_console_sender_of_a_user(self):
        user = new_test_user(self.env, "spar_test_contact", groups="base.group_portal")
        find = self.env["g2p.spar.sender"].with_user(user).find_console_sender
        self.assertFalse(find(user))
        self.sender.contact_user_ids = user
        self.assertFalse(find(user), "a partner without a sandbox was given")
        self.sender.action_make_twin()
        self.assertEqual(find(user).id, self.sender.twin_ids.id)
        self.sender.twin_ids.active = False
        self.assertFalse(find(user))
        sandboxed = self.make_sender(is_sandbox=True, contact_user_ids=user.ids)
        self.assertEqual(find(user).id, sandboxed.id)


@tagged("post_install", "-at_install")
class TestHttpSandbox(ConnectCase):
    """Partners on both sides, over HTTP."""

    def setUp(self):
        super().setUp()
        self.sandboxed = self.make_sender(is_sandbox=True, may_reverse=True)
        secret = self.new_secret(self.sandboxed)
        self.inside = {"token": self.token(self.sandboxed, secret)}
        self.sender.may_reverse = True

    def _link(self, person, **kw):
        [result] = self.results("link", [self.link_item(person)], **kw)
        return result["status"]

    def _fa(self, person, **kw):
        item = self.item(person, scope="details")
        [result] = self.results("resolve", [item], **kw)
        return result.get("fa")

    def test_neither_side_sees_the_other(self):
        self.assertEqual(self._link("Real"), "succ")
        self.assertEqual(self._link("Sand", **self.inside), "succ")
        self.assertTrue(self._fa("Real"))
        self.assertTrue(self._fa("Sand", **self.inside))
        self.assertFalse(self._fa("Sand"))
        self.assertFalse(self._fa("Real", **self.inside))

    def test_by_address(self):
        fa = self.link_item("Sand")["fa"]
        self._link("Sand", **self.inside)
        item = {"reference_id": "1", "fa": fa, "scope": "details"}
        item["timestamp"] = self.item("Sand")["timestamp"]
        [outside] = self.results("resolve", [item])
        [inside] = self.results("resolve", [item], **self.inside)
        self.assertFalse(outside.get("id"))
        self.assertEqual(inside["id"], self.item("Sand")["id"])

    def test_emptied(self):
        self._link("Sand", **self.inside)
        self._link("Real")
        self.sandboxed.action_empty_sandbox()
        self.assertFalse(self._fa("Sand", **self.inside))
        self.assertTrue(self._fa("Real"))
        self.assertEqual(self._link("Sand", **self.inside), "succ")

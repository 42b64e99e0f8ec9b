from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SenderCase
from .roles import ADMIN, AUDITOR, OPERATIONS, OTHERS, RightsMixin

#: Table -> what administrators and auditors may do; nobody else may do anything.
MATRIX = {
    "g2p.spar.sender": (OPERATIONS, ("read",)),
    "g2p.spar.purpose": (OPERATIONS, ("read",)),
    "g2p.spar.sender.secret": (("read",), ("read",)),
    "g2p.spar.own.key": (("read",), ("read",)),
    "g2p.spar.partner.key": (OPERATIONS, ("read",)),
    "g2p.spar.partner.key.add": (("read", "write", "create"), ()),
    "g2p.spar.issuer": (OPERATIONS, ("read",)),
    "g2p.spar.message": (("read",), ("read",)),
    "g2p.spar.sender.secret.show": (("read", "create"), ()),
}
PRIVATE = {
    "g2p.spar.access": (
        "issue_token",
        "authenticate",
        "verify_token",
        "count_request",
    ),
    "g2p.spar.issuer": ("is_registered_for", "verify_token", "refresh"),
    "g2p.spar.signature": ("check", "check_digest", "admit", "admit_bare"),
    "g2p.spar.signer": ("sign", "sign_always"),
    "g2p.spar.connect": ("check", "answer"),
    "g2p.spar.message": ("claim", "settle"),
    "g2p.spar.sender": (
        "get_facts",
        "issue_demo_client",
        "get_directory",
        "get_client_of",
        "refresh",
    ),
    "g2p.spar.sender.secret": ("issue",),
    "g2p.spar.own.key": (
        "get_signing_key",
        "get_private_keys",
        "get_public_keys",
        "get_key_set",
        "ensure_all",
    ),
}


@tagged("post_install", "-at_install")
class TestSecurity(RightsMixin, SenderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["g2p.spar.own.key"].get_signing_key()

    def test_matrix(self):
        self.assert_rights(MATRIX)

    @mute_logger("odoo.models", "odoo.addons.base.models.ir_model")
    def test_records_are_closed(self):
        for role in (AUDITOR, *OTHERS):
            sender = self.sender.with_user(self.users[role])
            with self.subTest(role), self.assertRaises(AccessError):
                sender.write({"may_reverse": True})
            if role != AUDITOR:
                with self.subTest(role), self.assertRaises(AccessError):
                    sender.read(["name"])

    def test_digest_is_nobodys_to_read(self):
        for role in (ADMIN, AUDITOR):
            secret = self.sender.secret_ids.with_user(self.users[role])
            with self.subTest(role):
                self.assertNotIn("digest", secret.read()[0])
                with self.assertRaises(AccessError):
                    secret.read(["digest"])
                with self.assertRaises(AccessError):
                    secret.search([("digest", "!=", False)])

    def test_client_id_cannot_be_chosen_by_auditors(self):
        with self.assertRaises(AccessError):
            self.sender.with_user(self.users[AUDITOR]).client_id = "mine"

    def test_private_methods(self):
        """What the service does for HTTP cannot be called over RPC."""
        self.assert_private(PRIVATE)

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.tests.roles import GROUPS, create_users

from .common import ConsentCase

OPERATIONS = ("read", "write", "create", "unlink")
#: model -> role -> operations; roles that are missing have none.
MATRIX = {
    "g2p.spar.consent": {
        "manager": ("read",),
        "admin": ("read",),
        "auditor": ("read",),
    },
    "g2p.spar.consent.request": {},
}
SECRETS = {
    "g2p.spar.consent": ("id_key", "token_key"),
    "g2p.spar.consent.request": ("token", "token_key", "state_value"),
}
PRIVATE = {
    "g2p.spar.consent": ("find",),
    "g2p.spar.consent.request": ("receive", "find"),
    "g2p.spar.consent.page": ("show", "agree", "ask_for_proof", "finish", "refuse"),
    "g2p.spar.own.consent": ("listing", "withdraw", "receipt", "write_json"),
    "g2p.spar.sender": ("get_consent_profile",),
}


@tagged("post_install", "-at_install")
class TestConsentRights(ConsentCase):
    """Which role may do what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = create_users(cls.env)

    def test_each_role_has_its_rights_and_no_others(self):
        for model, rights in MATRIX.items():
            for role in GROUPS:
                table = self.env[model].with_user(self.users[role])
                found = tuple(one for one in OPERATIONS if table.has_access(one))
                with self.subTest(model, role=role):
                    self.assertEqual(found, rights.get(role, ()))

    def test_nobody_reads_keys(self):
        consent = self.store()
        for role in ("manager", "admin", "auditor"):
            for name in SECRETS["g2p.spar.consent"]:
                with self.subTest(role, name=name), self.assertRaises(AccessError):
                    consent.with_user(self.users[role]).read([name])

    def test_staff_sees_no_whole_id(self):
        consent = self.store("aminata-otieno")
        told = consent.with_user(self.users["auditor"]).read()
        self.assertNotIn("aminata", str(told))
        self.assertIn("****", str(told))

    def test_only_managers_end_consents(self):
        for role in GROUPS:
            consent = self.store(token=role)
            with self.subTest(role):
                mine = consent.with_user(self.users[role])
                if role in ("manager", "admin"):
                    mine.action_withdraw()
                    self.assertEqual(consent.state, "withdrawn")
                    continue
                with self.assertRaises(AccessError):
                    mine.action_withdraw()
                self.assertEqual(consent.state, "active")

    def test_nothing_is_called_over_rpc(self):
        for model, names in PRIVATE.items():
            for name in names:
                with self.subTest(model, name=name):
                    method = getattr(type(self.env[model]), name)
                    self.assertTrue(getattr(method, "_api_private", False))

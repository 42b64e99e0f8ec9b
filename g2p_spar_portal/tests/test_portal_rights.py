from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.tests.roles import ROLES, create_users

from .common import PortalCase

ADMIN = ("admin",)
MANAGERS = ("manager", "admin")
VIEWERS = ("viewer", "officer", "manager", "admin", "auditor")
COUNTERS = ("manager", "admin", "auditor")
NOBODY = ()
#: Model: who may read, write, create and unlink.
MATRIX = {
    "auth.oauth.provider": (ADMIN, ADMIN, ADMIN, ADMIN),
    "g2p.spar.oidc.key": (ADMIN, ADMIN, ADMIN, ADMIN),
    "g2p.spar.oidc.event": (COUNTERS, NOBODY, NOBODY, NOBODY),
    "g2p.spar.identity": (ADMIN, ADMIN, NOBODY, NOBODY),
    "g2p.spar.oidc.login": (NOBODY, NOBODY, NOBODY, NOBODY),
    "g2p.spar.step.up": (NOBODY, NOBODY, NOBODY, NOBODY),
    "g2p.spar.throttle": (NOBODY, NOBODY, NOBODY, NOBODY),
    "g2p.spar.change.draft": (NOBODY, NOBODY, NOBODY, NOBODY),
    "g2p.spar.contact": (VIEWERS, NOBODY, NOBODY, NOBODY),
    "g2p.spar.notice": (VIEWERS, NOBODY, NOBODY, NOBODY),
    "g2p.spar.notice.reading": (ADMIN, NOBODY, NOBODY, NOBODY),
    "g2p.spar.provider.test": (ADMIN, ADMIN, ADMIN, NOBODY),
    "g2p.spar.provider.test.line": (ADMIN, ADMIN, ADMIN, ADMIN),
}
OPERATIONS = ("read", "write", "create", "unlink")


@tagged("post_install", "-at_install")
class TestPortalRights(PortalCase):
    """Role by operation, for every table of the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = create_users(cls.env)

    def test_every_table_is_in_the_matrix(self):
        ours = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "g2p_spar_portal" and not model._abstract
        }
        self.assertEqual(ours | {"auth.oauth.provider"}, set(MATRIX))

    def test_who_may_do_what(self):
        for model, allowed in MATRIX.items():
            for operation, roles in zip(OPERATIONS, allowed, strict=True):
                for role in ROLES:
                    records = self.env[model].with_user(self.users[role])
                    with self.subTest(model=model, operation=operation, role=role):
                        may = records.has_access(operation)
                        self.assertEqual(may, role in roles)

    def test_administrators_of_the_registry_leave_odoos_providers_alone(self):
        foreign = self.env["auth.oauth.provider"].create(
            {
                "name": "Mail",
                "body": "Mail",
                "auth_endpoint": "https://mail.example.org",
                "validation_endpoint": "https://mail.example.org",
            }
        )
        model = self.env["auth.oauth.provider"].with_user(self.users["admin"])
        self.assertNotIn(foreign, model.search([]))
        self.assertIn(self.oidc, model.search([]))
        with self.assertRaises(AccessError):
            foreign.with_user(self.users["admin"]).name = "Mine"
        with self.assertRaises(AccessError):
            self.oidc.with_user(self.users["admin"]).write(
                {"spar_enabled_for_portal": False, "spar_is_portal": False}
            )
        with self.assertRaises(AccessError):
            model.create(
                self.provider_values(
                    spar_is_portal=False, spar_enabled_for_portal=False
                )
            )

    def test_nobody_gives_a_login_to_somebody_else(self):
        """Who could would log in as the administrator of Odoo, or as any person."""
        person = self.person("amina")
        identity = self.env["g2p.spar.identity"].browse(person.identity_id)
        other = self.env["auth.oauth.provider"].create(self.provider_values())
        mine = identity.with_user(self.users["admin"])
        for values in (
            {"user_id": self.env.ref("base.user_admin").id},
            {"provider_id": other.id},
            {"active": True, "user_id": self.users["viewer"].id},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                mine.write(values)
        mine.active = False
        self.assertFalse(identity.user_id.active)

    def test_no_role_reads_secrets(self):
        key = self.env["g2p.spar.oidc.key"].create({"provider_id": self.oidc.id})
        person = self.person("amina")
        identity = self.env["g2p.spar.identity"].browse(person.identity_id)
        for record, field in ((key, "private_sealed"), (identity, "subject")):
            for role in ROLES:
                with self.subTest(field=field, role=role):
                    with self.assertRaises(AccessError):
                        record.with_user(self.users[role]).read([field])
                    with self.assertRaises(AccessError):
                        record.with_user(self.users[role]).search(
                            [(field, "!=", False)]
                        )
        values = key.with_user(self.users["admin"]).read()[0]
        self.assertNotIn("private_sealed", values)

"""One user of each role, and which roles may what: shared by the tests of rights."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

GROUPS = {
    "viewer": "g2p_spar_mapper.group_viewer",
    "officer": "g2p_spar_mapper.group_officer",
    "manager": "g2p_spar_mapper.group_manager",
    "admin": "g2p_spar_mapper.group_admin",
    "auditor": "g2p_spar_mapper.group_auditor",
    "api": "g2p_spar_mapper.group_api",
    "internal": "base.group_user",
    "portal": "base.group_portal",
    "public": "base.group_public",
}
ROLES = tuple(GROUPS)

NOBODY = ()
MANAGERS = ("manager", "admin")
STAFF = ("officer", *MANAGERS)
READERS = ("viewer", "auditor", *STAFF)

#: Fields that hold a whole number or what could be turned into one.
WHOLE_OF_MAPPING = (
    "id_value",
    "id_key",
    "fa_value",
    "fa_key",
    "fa_parts",
    "fa_parts_text",
    "phone",
    "additional_info",
    "additional_info_text",
)
WHOLE_OF_VERSION = ("before", "after", "fa_before", "fa_after")
REFERENCE_MODELS = (
    "g2p.spar.provider.kind",
    "g2p.spar.provider",
    "g2p.spar.branch",
    "g2p.spar.fa.type",
    "g2p.spar.fa.part",
    "g2p.spar.strategy",
    "g2p.spar.id.type",
)
SERVICE_METHODS = (
    "link",
    "update",
    "unlink",
    "resolve",
    "versions",
    "hold",
    "release",
    "suspend",
    "reinstate",
    "apply",
    "withdraw",
    "rollback",
    "renew",
    "report",
    "erase",
    "apply_due",
    "expire_some",
    "remind",
    "add_checks",
    "check_name",
)


def create_users(env, groups=""):
    """Create a user of each role.

    :param groups: further groups that all of them get
    :return: users by role; the password of each is :func:`password_of` its login
    """
    return {
        role: new_test_user(env, f"spar_role_{role}", groups=f"{group}{groups}")
        for role, group in GROUPS.items()
    }


def password_of(user):
    """The password which ``new_test_user`` gave to a user."""
    return user.login + "x" * (8 - len(user.login))


class RolesMixin:
    """A test case with a user of each role, in which each role is tried."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = create_users(cls.env)

    def check(self, allowed, operation, label, refusal=AccessError):
        """Try an operation as each role.

        :param allowed: roles that may
        :param operation: function of an environment
        :param refusal: what the others get
        """
        for role, user in self.users.items():
            env = self.env(user=user)
            env.invalidate_all()
            with self.subTest(operation=label, role=role), self.cr.savepoint():
                if role in allowed:
                    operation(env)
                else:
                    with self.assertRaises(refusal):
                        operation(env)

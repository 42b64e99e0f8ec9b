"""Who there is, and what each may do, for tests of rights."""

from odoo.tests import new_test_user

OPERATIONS = ("read", "write", "create", "unlink")
ADMIN, AUDITOR = "g2p_spar_mapper.group_admin", "g2p_spar_mapper.group_auditor"
#: Roles that have nothing to do with partners.
OTHERS = (
    "base.group_public",
    "base.group_portal",
    "base.group_user",
    "base.group_system",
    "g2p_spar_mapper.group_api",
    "g2p_spar_mapper.group_viewer",
    "g2p_spar_mapper.group_officer",
    "g2p_spar_mapper.group_manager",
)


class RightsMixin:
    """A test case with a user of each role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, f"role_{number}", groups=role)
            for number, role in enumerate((ADMIN, AUDITOR, *OTHERS))
        }

    def assert_rights(self, matrix):
        """Each role has just its rights.

        :param matrix: table -> operations of administrators, and of auditors; all
            other roles have none
        """
        for model, (admin, auditor) in matrix.items():
            rights = {ADMIN: admin, AUDITOR: auditor}
            for role, user in self.users.items():
                table = self.env[model].with_user(user)
                found = tuple(op for op in OPERATIONS if table.has_access(op))
                with self.subTest(role, model=model):
                    self.assertEqual(found, rights.get(role, ()))

    def assert_private(self, methods):
        """Nobody may call these over RPC.

        :param methods: model -> names
        """
        for model, names in methods.items():
            for name in names:
                with self.subTest(model, name=name):
                    method = getattr(type(self.env[model]), name)
                    self.assertTrue(getattr(method, "_api_private", False))

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ReferenceCommon


@tagged("post_install", "-at_install")
class TestProvider(ReferenceCommon):
    def test_code_is_unique_without_regard_to_case(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._create_provider(code="NORTHC")

    def test_a_code_can_stand_in_an_address(self):
        for code in ("a.b", "a@b", "a b", "a:b", "-a", "ü"):
            with self.subTest(code), self.assertRaises(ValidationError):
                self._create_provider(code=code)

    def test_bic_is_checked(self):
        self.provider.bic = "AGRIFRPP882"
        with self.assertRefused("BIC"):
            self.provider.bic = "AGRIFRPP8"

    def test_a_provider_with_branches_is_archived_not_deleted(self):
        branch = self._create_branch()
        branch.active = False
        with self.assertRefused("Archive it instead", UserError):
            self.provider.unlink()
        self.provider.active = False
        branch.unlink()
        self.provider.unlink()
        self.assertFalse(self.provider.exists())

    def test_a_kind_in_use_is_not_deleted(self):
        self.provider.active = False
        with self.assertRefused("Cooperative is in use", UserError):
            self.kind.unlink()

    def test_branch_code_is_unique_within_the_provider(self):
        self._create_branch()
        other = self._create_provider(code="South")
        self.assertTrue(self._create_branch(provider_id=other.id))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._create_branch(code="m1")

    def test_branch_is_found_by_code_and_shown_with_it(self):
        branch = self._create_branch()
        self.assertEqual(branch.display_name, "Market (M1)")
        found = self.env["g2p.spar.branch"].name_search("M1")
        self.assertIn(branch.id, [one for one, _name in found])

    def test_counts(self):
        self._create_branch()
        self._create_branch(code="M2")
        self.provider.invalidate_recordset()
        self.assertEqual(self.provider.branch_count, 2)
        self.assertEqual(self.kind.provider_count, 1)
        action = self.provider.action_view_branches()
        found = self.env["g2p.spar.branch"].search(action["domain"])
        self.assertEqual(len(found), 2)

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.core.commands import CheckItem, UpdateItem
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, NATIONAL_ID, STAFF

from .common import ReportCase

LEVELS = ("0", "1", "2", "3", "4", "5")


@tagged("post_install", "-at_install")
class TestLevels(ReportCase):
    """Linked IDs by the check of their address, as the ladder has it."""

    def setUp(self):
        super().setUp()
        self.first = self.levels()

    def levels(self):
        """Count what has changed. :return: IDs of each level"""
        self.env.flush_all()
        self.env["g2p.spar.tally.day"]._count_open()
        return {row["level"]: row["mappings"] for row in self.rows("verification")}

    def grown(self):
        """Levels that have grown or shrunk since the test began, by how much."""
        now = self.levels()
        return {
            one: now[one] - self.first[one]
            for one in LEVELS
            if now[one] != self.first[one]
        }

    def check(self, name, rung, result="passed"):
        item = CheckItem("1", NATIONAL_ID % name, rung, result, "seen")
        (outcome,) = self.mapper(self.officer).add_checks([item], STAFF)
        self.assertTrue(outcome.succeeded)

    def test_the_count_is_the_ladder_of_each(self):
        self.link("amina", "biru", "chala", "dawit", "eden")
        self.link("opaque", fa="whatever this is")
        self.check("biru", 2)
        self.check("chala", 3)
        self.check("chala", 3, "failed")
        self.check("dawit", 2)
        self.check("dawit", 5)
        self.check("dawit", 5, "unclear")
        self.check("opaque", 4)
        self.assertEqual(self.grown(), {"1": 3, "2": 1, "4": 1, "5": 1})
        for name in ("amina", "biru", "chala", "dawit", "eden", "opaque"):
            mapping = self.mapping(name)
            level = mapping.tally_check_ids.level or "1"
            self.assertEqual(level, mapping.verification_level, name)

    def test_a_new_address_begins_at_the_bottom(self):
        self.link("amina")
        self.check("amina", 4)
        self.assertEqual(self.grown(), {"4": 1})
        item = UpdateItem("1", NATIONAL_ID % "amina", BANK_FA % "9001")
        self.assertTrue(self.mapper().update([item])[0].succeeded)
        self.assertEqual(self.grown(), {"1": 1})

    def test_who_is_not_linked_has_no_level(self):
        self.link("amina", "biru")
        self.check("amina", 2)
        self.check("biru", 2)
        self.assertEqual(self.grown(), {"2": 2})
        self.mapper().unlink(self.unlink_items("amina"))
        self.assertEqual(self.grown(), {"2": 1})

    def test_a_link_that_ends_by_itself_leaves_its_level(self):
        soon = fields.Datetime.now() + timedelta(days=2)
        self.link("amina")
        self.check("amina", 3)
        mapping = self.mapping("amina")
        self.env.cr.execute(
            "UPDATE g2p_spar_mapping SET valid_until = %s WHERE id = %s",
            [soon, mapping.id],
        )
        self.assertEqual(self.grown(), {"3": 1})
        with freeze_time(soon + timedelta(days=3)):
            self.assertNotIn("3", self.grown())

    def test_counting_from_nothing_finds_the_same(self):
        self.link("amina", "biru")
        self.link("opaque", fa="whatever this is")
        self.check("biru", 5)
        found = self.levels()
        self.env.cr.execute("DELETE FROM g2p_spar_tally_level")
        self.env.cr.execute("DELETE FROM g2p_spar_tally_check")
        self.env.invalidate_all()
        self.assertEqual(self.levels(), found)

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ReferenceCommon


@tagged("post_install", "-at_install")
class TestFaType(ReferenceCommon):
    def part(self, name="member_number"):
        return self.fa_type.part_ids.filtered(lambda part: part.name == name)

    def test_codes_do_not_meet(self):
        for values in (
            {"code": "OTHER", "alias_codes": "share"},
            {"code": "Quota", "alias_codes": False},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self._create_fa_type(**values)

    def test_a_type_with_strategies_is_not_deleted(self):
        strategy = self._create_strategy()
        with self.assertRaises(UserError):
            self.fa_type.unlink()
        strategy.unlink()
        parts = self.fa_type.part_ids
        self.fa_type.unlink()
        self.assertFalse(parts.exists())

    def test_part_names(self):
        for name in ("Upper", "1x", "a-b", "a.b", "é"):
            with self.subTest(name), self.assertRaises(ValidationError):
                self.part().name = name
        with self.assertRaises(ValidationError):
            self.part().aliases = "fine, not-fine"
        with self.assertRefused("same name"):
            self.part().aliases = "coop"

    def test_part_name_is_unique_in_the_database_too(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.part().copy({"aliases": False})

    def test_part_rules(self):
        for values in (
            {"check": "regex", "pattern": False},
            {"check": "regex", "pattern": "("},
            {"check": "regex", "pattern": "(a+)+"},
            {"check": "e164", "pattern": "XX"},
            {"source": "constant"},
            {"constant": "x"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.part().write(values)

    def test_a_part_in_a_template_stays(self):
        self._create_strategy()
        for part in self.fa_type.part_ids:
            with self.subTest(part.name), self.assertRaises(ValidationError):
                part.unlink()
        with self.assertRefused("does not have"):
            self.part().name = "number"
        self.assertTrue(
            self.part().write({"name": "number", "aliases": "member_number"})
        )

from odoo.tests import tagged

from .common import ReferenceCommon


@tagged("post_install", "-at_install")
class TestReference(ReferenceCommon):
    def reference(self):
        return self.env["g2p.spar.strategy"].get_reference()

    def statements(self):
        """Count the statements of building the picture from nothing."""
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        before = self.env.cr.sql_log_count
        self.reference()
        return self.env.cr.sql_log_count - before

    def test_it_says_what_the_records_say(self):
        strategy = self._create_strategy()
        found = self.reference().read_address("share:12@northc.share")
        self.assertEqual(found.strategy_id, strategy.id)
        self.assertEqual(found.provider_id, self.provider.id)
        self.assertEqual(found.fa_type_id, self.fa_type.id)
        self.assertEqual(found.parts, {"member_number": "12", "coop_code": "northc"})
        built = self.reference().build_address(
            {"coop": "NorthC", "member_number": "5"}, "quota"
        )
        self.assertEqual(built.fa_value, "share:5@NorthC.share")

    def test_it_is_kept_in_memory(self):
        first = self.reference()
        with self.assertQueryCount(0):
            self.assertIs(self.reference(), first)

    def test_each_change_is_seen(self):
        strategy = self._create_strategy()
        id_type = self._create_id_type()
        part = self.fa_type.part_ids[0]
        for change in (
            lambda: strategy.write({"number": 7005}),
            lambda: self.provider.write({"name": "Renamed"}),
            lambda: part.write({"label": "Renamed"}),
            lambda: self.fa_type.write({"require_known_provider": True}),
            lambda: self.kind.write({"code": "guild"}),
            lambda: id_type.write({"pattern": "[0-9]+"}),
            lambda: id_type.unlink(),
            lambda: self._create_provider(code="Fresh"),
            lambda: self.provider.write({"active": False}),
        ):
            before = self.reference()
            change()
            self.assertNotEqual(self.reference(), before)

    def test_branches_leave_it_alone(self):
        before = self.reference()
        self._create_branch()
        self.assertIs(self.reference(), before)

    def test_archived_records(self):
        strategy = self._create_strategy()
        self.provider.active = False
        reference = self.reference()
        self.assertNotIn("northc", reference.providers_by_code)
        self.assertEqual(
            reference.provider_info(self.provider.id), ("North Coop", "NorthC")
        )
        strategy.active = False
        found = self.reference().read_address("share:1@NorthC.share")
        self.assertIsNone(found.strategy_id)

    def test_the_language_of_the_user_does_not_matter(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        part = self.fa_type.part_ids[0]
        part.with_context(lang="fr_FR").label = "Coopérative"
        french = self.env["g2p.spar.strategy"].with_context(lang="fr_FR")
        labels = [
            one.label for one in french.get_reference().fa_types_by_code["share"].parts
        ]
        self.assertIn("Cooperative", labels)

    def test_statements_do_not_grow_with_rows(self):
        self._create_strategy()
        few = self.statements()
        for number in range(20):
            self._create_provider(code=f"C{number}")
            self._create_id_type(code=f"i{number}", template=f"i{number}:{{x}}")
            fa_type = self._create_fa_type(code=f"T{number}", alias_codes=False)
            self._create_strategy(number=7100 + number, fa_type_id=fa_type.id)
        self.assertEqual(self.statements(), few)
        self.assertLessEqual(few, 12)

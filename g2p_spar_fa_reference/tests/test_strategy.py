from psycopg2 import IntegrityError

from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ReferenceCommon


@tagged("post_install", "-at_install")
class TestStrategy(ReferenceCommon):
    def test_number_is_unique_and_positive(self):
        self._create_strategy()
        for number in (7001, 0, -1):
            with (
                self.subTest(number),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self._create_strategy(number=number)

    def test_next_number_is_offered(self):
        self._create_strategy(active=False)
        fresh = self.env["g2p.spar.strategy"].new({})
        self.assertEqual(fresh.number, 7002)

    def test_templates_are_checked_when_saved(self):
        for values, sentence in (
            ({"template": "share:{member_number}{coop}"}, "nothing between"),
            ({"template": "share:{shoe_size}@{coop}"}, "shoe_size"),
            ({"pattern": "(?P<member_number>.*)"}, "no group for the part coop"),
            ({"pattern": "("}, "not a regular expression"),
        ):
            with self.subTest(values), self.assertRefused(sentence):
                self._create_strategy(**values)

    def test_a_hand_written_pattern_is_used(self):
        strategy = self._create_strategy(
            pattern=r"share:(?P<member_number>\w*)@(?P<coop>\w*)\.share"
        )
        reference = strategy.get_reference()
        self.assertEqual(
            reference.read_address("share:1@NorthC.share").strategy_id, strategy.id
        )
        self.assertIsNone(reference.read_address("SHARE:1@NorthC.share").strategy_id)

    def test_form_of_answers(self):
        strategy = self._create_strategy(answers_only=True)
        reference = strategy.get_reference()

        self.assertIsNone(reference.read_address("share:1@NorthC.share").strategy_id)
        parts = {"member_number": "1", "coop_code": "NorthC"}
        self.assertEqual(reference.render(parts, 7001), "share:1@NorthC.share")
        with Form(strategy) as form:
            form.try_values = "member_number: 12\ncoop: NorthC"
            self.assertEqual(form.try_written, "share:12@NorthC.share")
            form.try_values = "coop: NorthC"
            self.assertIn("missing", form.try_written)

    def test_iban_alone_comes_with_the_addon(self):
        strategy = self.env.ref("g2p_spar_fa_reference.g2p_spar_strategy_iban")
        with Form(strategy) as form:
            for number, written in (
                ("gb33 bukb 2020 1555 5555 55", "GB33BUKB20201555555555"),
                ("12345", "The address is not a valid IBAN."),
            ):
                form.try_values = f"account_number: {number}\nbank_code: x"
                self.assertEqual(form.try_written, written)

    def test_part_names(self):
        self.assertEqual(self._create_strategy().part_names, "member_number, coop")
        self.assertEqual(self.env["g2p.spar.strategy"].new({}).part_names, "")

    def test_box_to_try_an_address(self):
        with Form(self._create_strategy()) as form:
            form.try_address = "share:12@NorthC.share"
            self.assertEqual(form.try_parts, "member_number: 12\ncoop_code: NorthC")
            form.try_address = "share:1x@NorthC.share"
            self.assertEqual(
                form.try_parts, "The member number must consist of digits only."
            )
            form.try_address = "other"
            self.assertEqual(
                form.try_parts, "This strategy does not read this address."
            )
            form.try_values = "member_number: 12\ncoop: NorthC\n"
            self.assertEqual(form.try_written, "share:12@NorthC.share")
            form.try_values = "coop: NorthC"
            self.assertEqual(form.try_written, "The member number is missing.")

    def test_refusals_are_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        part = self.fa_type.part_ids.filtered("sensitive")
        part.with_context(lang="fr_FR").label = "Numéro de membre"
        strategy = self._create_strategy().with_context(lang="fr_FR")
        strategy.try_address = "share:1x@NorthC.share"
        self.assertIn("numéro de membre", strategy.try_parts)

    def test_box_works_before_saving(self):
        form = Form(self.env["g2p.spar.strategy"])
        form.try_address = "share:12@NorthC.share"
        self.assertEqual(form.try_parts, "Choose the address type first.")
        form.name = "New"
        form.fa_type_id = self.fa_type
        form.template = "s:{member_number}@{coop_code}"
        form.try_address = "s:1@x"
        self.assertEqual(form.try_parts, "member_number: 1\ncoop_code: x")

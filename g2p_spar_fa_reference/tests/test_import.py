from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..core.reference import Reference
from .test_core_spar_dump import demo_files, zipped


@tagged("post_install", "-at_install")
class TestImport(TransactionCase):
    """Whatever was imported into this database before is put out of the way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env(context=dict(cls.env.context, active_test=False))
        for strategy in env["g2p.spar.strategy"].search([("number", "<", 1000)]):
            strategy.write(
                {
                    "number": strategy.number + 90000,
                    "template": f"moved-{strategy.template}",
                    "pattern": False,
                }
            )
        for provider in env["g2p.spar.provider"].search([]):
            provider.code = f"moved{provider.id}"

    def wizard(self, files, **values):
        attachments = self.env["ir.attachment"].create(
            [{"name": name, "raw": content} for name, content in files]
        )
        values = {"attachment_ids": attachments.ids} | values
        return self.env["g2p.spar.reference.import"].create(values)

    def run_import(self, files, **values):
        wizard = self.wizard(files, **values)
        wizard.action_import()
        return wizard

    def counts(self):
        return {
            model: self.env[model].with_context(active_test=False).search_count([])
            for model in (
                "g2p.spar.provider",
                "g2p.spar.branch",
                "g2p.spar.strategy",
                "g2p.spar.fa.part",
                "g2p.spar.id.type",
            )
        }

    def reference(self) -> Reference:
        return self.env["g2p.spar.strategy"].get_reference()

    def test_spar_1_0_keeps_its_numbers_and_works(self):
        wizard = self.run_import(demo_files("spar_1_0"))
        self.assertEqual((wizard.state, wizard.version), ("done", "SPAR 1.0"))
        for text, number, code in (
            ("account:123@indigo.dfsp1.bank_acc", 1, "dfsp1"),
            ("account:0712123456@testingtoolkitdfsp.wallet", 2, "testingtoolkitdfsp"),
            ("email:a.b@c.org.mpesa", 3, "mpesa"),
        ):
            with self.subTest(text):
                found = self.reference().read_address(text)
                info = self.reference().provider_info(found.provider_id)
                self.assertEqual((found.strategy_number, info[1]), (number, code))
                built = self.reference().build_address(
                    found.parts, strategy_number=number
                )
                self.assertEqual(built.fa_value, text)

    def test_three_generations_side_by_side(self):
        self.run_import(demo_files("spar_1_0"))
        offset = {"number_mode": "offset"}
        first = self.run_import(demo_files("spar_1_1"), number_offset=100, **offset)
        self.assertIn("Strategy 2 is number 102 here", first.summary)
        self.assertIn("Patterns not enforced", first.summary)
        second = self.run_import(demo_files("spar_2_x"), number_offset=200, **offset)
        # The forms both have are stored once.
        self.assertIn("Strategy 2 is number 102 here", second.summary)
        self.assertIn("Strategy 5 is number 205 here", second.summary)
        parts = self.reference().read_address("account:1@indigo.dfsp1.bank_acc").parts
        self.assertEqual(
            self.reference().render(parts, 205),
            "account_number:1.branch_code:indigo.bank_code:dfsp1.mobile_number:"
            ".email_address:.fa_type:BANK_ACCOUNT",
        )

    def test_form_of_answers_is_not_the_imported_strategy(self):
        """One that only writes does not stand in for one that also reads."""
        text = "account:1@indigo.dfsp1.bank_acc"
        alike = {"template": "account:{account_no}@{branch}.{bank}.{type}"}
        self.run_import(demo_files("spar_1_0"))
        strategies = self.env["g2p.spar.strategy"]
        imported = strategies.search([("number", "=", 1)])
        self.assertEqual(imported.template, alike["template"])
        imported.write({"answers_only": True, "number": 3001})
        self.assertNotEqual(self.reference().read_address(text).strategy_number, 3001)

        self.run_import(demo_files("spar_1_0"))

        self.assertEqual(self.reference().read_address(text).strategy_number, 1)

    def test_addresses_of_the_2_x_portal_are_built(self):
        self.run_import(demo_files("spar_2_x"))
        found = self.reference().build_address(
            {
                "bank_name": "HDFC Bank",
                "bank_code": "HDFC",
                "branch_name": "HDFC Pune Branch",
                "branch_code": "HDFC_PUNE",
                "account_number": "12345678901",
            },
            "BANK",
            2,
        )
        self.assertEqual(
            found.fa_value,
            "account_number:12345678901.branch_name:HDFC Pune Branch"
            ".branch_code:HDFC_PUNE.bank_name:HDFC Bank.bank_code:HDFC"
            ".fa_type:BANK_ACCOUNT",
        )

    def test_a_second_import_changes_nothing(self):
        for folder, offset in (("spar_1_0", 300), ("spar_1_1", 400), ("spar_2_x", 500)):
            with self.subTest(folder):
                values = {"number_mode": "offset", "number_offset": offset}
                self.run_import(demo_files(folder), **values)
                provider = self.env["g2p.spar.provider"].search([], limit=1)
                provider.name = "Renamed by staff"
                before = self.counts()
                wizard = self.run_import(demo_files(folder), **values)
                self.assertEqual(wizard.state, "done")
                self.assertNotRegex(wizard.summary, "[1-9] new")
                self.assertEqual(self.counts(), before)
                self.assertEqual(provider.name, "Renamed by staff")

    def test_bad_rows_store_nothing_and_are_all_named(self):
        before = self.counts()
        files = demo_files(
            "spar_1_0",
            dfsp_providers=(",dfsp1,1,", ",a.b,1,"),
            dfsp_levels=("type,0", "type,zero"),
        )
        wizard = self.run_import(files)
        self.assertEqual(wizard.state, "checked")
        self.assertFalse(wizard.summary)
        self.assertEqual(
            {(one.file, one.line, one.column) for one in wizard.problem_ids},
            {("dfsp_providers.csv", 2, "code"), ("dfsp_levels.csv", 2, "level")},
        )
        self.assertEqual(self.counts(), before)
        wizard.action_back()
        self.assertEqual((wizard.state, len(wizard.problem_ids)), ("draft", 0))

    def test_what_the_database_refuses_stores_nothing(self):
        self.run_import(demo_files("spar_1_0"))
        before = self.counts()
        # The same numbers mean other strategies in 1.1.
        wizard = self.run_import(demo_files("spar_1_1"))
        self.assertEqual(wizard.problem_ids.mapped("line"), [3, 4])
        self.assertIn("Choose another offset", wizard.problem_ids[0].sentence)
        self.assertEqual(self.counts(), before)
        self.assertNotIn("hdfc", self.reference().providers_by_code)

    def test_a_code_of_another_kind_is_refused(self):
        kind = self.env.ref("g2p_spar_fa_reference.g2p_spar_provider_kind_voucher")
        self.env["g2p.spar.provider"].create(
            {"name": "Shop", "code": "DFSP1", "kind_id": kind.id}
        )
        wizard = self.run_import(demo_files("spar_1_0"))
        self.assertIn("another kind", wizard.problem_ids.sentence)

    def test_check_only_keeps_nothing(self):
        before = self.counts()
        wizard = self.wizard([("dump.zip", zipped(demo_files("spar_1_0")))])
        wizard.action_check()
        self.assertEqual(wizard.state, "checked")
        self.assertIn("4 new", wizard.summary)
        self.assertEqual(self.counts(), before)
        self.assertNotIn("dfsp1", self.reference().providers_by_code)
        wizard.action_import()
        self.assertEqual(wizard.state, "done")
        self.assertIn("dfsp1", self.reference().providers_by_code)

    def test_patterns_of_levels_can_be_enforced(self):
        self.run_import(demo_files("spar_1_1"), enforce_patterns=True)
        part = self.env.ref(
            "g2p_spar_fa_reference.g2p_spar_fa_part_bank_account_account_number"
        )
        self.assertEqual((part.check, part.pattern), ("regex", r"^\d{9,18}$"))

    def test_without_files(self):
        with self.assertRaisesRegex(UserError, "Choose the CSV files"):
            self.env["g2p.spar.reference.import"].create({}).action_import()

    def test_unsafe_patterns_are_left_out(self):
        files = demo_files(
            "spar_1_0", fa_construct_strategy=("(?P<email>.*)", "(?P<email>(.*)+)")
        )
        self.assertEqual(self.run_import(files).state, "done")
        strategy = self.env["g2p.spar.strategy"].search([("number", "=", 3)])
        self.assertFalse(strategy.pattern)

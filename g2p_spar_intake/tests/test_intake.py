import io

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, NATIONAL_ID, account_of

from ..core.tokens import script_token
from .common import NAMES, IntakeCase


@tagged("post_install", "-at_install")
class TestIntake(IntakeCase):
    """From the file to the registry, step by step."""

    def versions(self):
        return self.env["g2p.spar.mapping.version"].search_count([])

    def test_list_is_linked_and_the_second_time_nothing_is_left_to_do(self):
        rows = [self.row("a"), self.row("b"), "nonsense,"]
        intake = self.upload(*rows)
        self.assertEqual((intake.state, intake.total), ("draft", 3))
        self.assertEqual(self.columns(intake), ["id", "fa"])

        self.run_all(intake)

        self.assertEqual(
            (intake.completed, intake.succeeded, intake.refused), (3, 2, 1)
        )
        self.assertEqual(self.mapping("a").fa_value, BANK_FA % account_of("a"))
        self.assertEqual(self.mapping("a").channel, "import")
        self.assertFalse(self.env["g2p.spar.intake"]._names_on_disk())
        [row] = self.refused(intake)
        self.assertEqual((row["id"], row["fa"]), ("nonsense", ""))
        self.assertTrue(row["not_taken_in_because"].endswith("."))

        before = self.versions()
        again = self.upload(*rows)
        self.assertIn("worked off already", again.earlier_text)
        with self.assertRaisesRegex(UserError, "worked off already"):
            again.action_run()
        mended = self.upload(*rows[:2], self.row("c"))
        self.run_all(mended)
        self.assertEqual(self.versions() - before, 1)
        self.assertEqual(mended.tally, {"UNCHANGED": 2, "DONE": 1})

    def test_trial_writes_nothing_and_says_what_the_run_does(self):
        self.link("a")
        other = BANK_FA % "99"
        rows = [self.row("a"), self.row("a2"), self.row("b"), "x,", self.row("b")]
        intake = self.upload(*rows, self.row("c"), self.row("c", other))
        before = self.versions()

        intake.action_try()
        self.work_off()

        self.assertEqual((intake.state, intake.completed), ("checked", 7))
        self.assertEqual(self.versions(), before)
        self.assertFalse(self.mapping("b"))
        tried = intake.tally
        self.assertEqual(tried["contradicted"], 2)
        reasons = [row["not_taken_in_because"] for row in self.refused(intake)]
        self.assertEqual(len(reasons), 3)
        self.assertIn("Row 7 says something else", reasons[1])

        self.run_all(intake)

        self.assertEqual(intake.tally, tried)
        self.assertEqual(self.versions() - before, 2)
        self.assertFalse(self.mapping("c"))
        self.assertEqual(
            [row["not_taken_in_because"] for row in self.refused(intake)], reasons
        )

    def test_preview_shows_the_first_rows_and_writes_nothing(self):
        intake = self.upload(self.row("a"), "x,", ",z")
        action = intake.action_preview()
        lines = self.env["g2p.spar.intake.preview"].browse(action["res_id"]).line_ids

        self.assertEqual(lines.mapped("is_refused"), [False, True, True])
        self.assertEqual(lines[0].person, NATIONAL_ID % "a")
        self.assertEqual(lines[0].outcome, "Done.")
        self.assertEqual(lines[2].outcome, "The column id is empty.")
        self.assertFalse(self.mapping("a"))

    def script_list(self, *rows, **kw):
        """A list as SPAR's admin scripts take it, for the bank of the tests."""
        intake = self.upload(*rows, names=NAMES, **kw)
        intake.write(
            {"fa_type_id": self.fa_type.id, "id_form": "token:{id}@nationalId"}
        )
        part = {part.name: part for part in self.fa_type.part_ids}
        account = intake.column_ids[1]
        account.write({"target": "part", "part_id": part["number"].id})
        for name, value in (("bank", "testbank"), ("branch", "indigo")):
            intake.write(
                {"constant_ids": [(0, 0, {"part_id": part[name].id, "value": value})]}
            )
        return intake

    def test_list_of_the_admin_scripts_with_tokens(self):
        intake = self.script_list("12345,00778,Zoë,+639171234567")
        self.assertEqual(
            self.columns(intake), ["id", "part:number", "name", "phone_number"]
        )
        intake.token = "script"
        self.run_all(intake)

        mapping = self.mapping(script_token("12345"))
        self.assertEqual(mapping.name, "Zoë")
        self.assertEqual(mapping.fa_value, "account:00778@indigo.testbank.testacc")

    def test_keyed_token_is_proposed_for_lists_of_the_admin_scripts(self):
        intake = self.upload("12345,00778,Zoë,", names=NAMES)
        self.assertEqual(
            (intake.token, intake.id_form), ("keyed", "token:{id}@nationalId")
        )
        other = self.upload(self.row("a"))
        self.assertEqual((other.token, other.id_form), ("none", "{id}"))

    def test_test_string_of_virus_scanners_is_a_text_that_is_never_laid_open(self):
        eicar = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
        eicar += "!$H+H*"
        intake = self.upload(f"{eicar},", f"{NATIONAL_ID % 'a'},")
        for path in self.folder.iterdir():
            self.assertNotIn(b"EICAR", path.read_bytes())
        self.run_all(intake)
        self.assertEqual(self.refused(intake)[0]["id"], eicar)
        self.assertFalse(self.env["g2p.spar.intake"]._names_on_disk())

    def test_rows_that_contradict_each_other_are_seen_in_the_preview(self):
        other = BANK_FA % "99"
        rows = [self.row("a"), self.row("b"), self.row("a", other)]
        preview = self.upload(*rows).action_preview()["res_id"]
        lines = self.env["g2p.spar.intake.preview"].browse(preview).line_ids
        self.assertEqual(lines.mapped("is_refused"), [True, False, True])
        self.assertIn("Row 3 says something else", lines[0].outcome)

    def test_columns_are_remembered_and_reasons_of_refused_rows_left_out(self):
        intake = self.script_list("1,2,n,")
        intake.token = "keyed"
        self.run_all(intake)

        again = self.upload("5,6,n,,why", names=NAMES + ",not_taken_in_because")

        self.assertEqual(
            self.columns(again), ["id", "part:number", "name", "phone_number", ""]
        )
        self.assertEqual((again.token, again.fa_type_id), ("keyed", self.fa_type))
        self.assertEqual(
            again.constant_ids.mapped("value"), intake.constant_ids.mapped("value")
        )
        self.run_all(again)
        self.assertEqual(again.succeeded, 1)
        # What was mended does not make the list itself unknown.
        third = self.upload("7,8,n,", names=NAMES)
        self.assertEqual(self.columns(third), self.columns(intake))

    def test_dates_of_the_file_count_more_than_those_of_the_one_before(self):
        def order(*days):
            rows = [f"{self.row(f'p{number}')},{d}" for number, d in enumerate(days)]
            intake = self.upload(*rows, names="id,fa,valid until")
            self.run_all(intake)
            return intake.date_order

        self.assertEqual(order("31/12/2030"), "dmy")
        self.assertEqual(order("03/04/2031"), "dmy")
        self.assertEqual(order("03/04/2031", "12/31/2031"), "mdy")

    def test_list_of_who_left_is_looked_at_by_another(self):
        intake = self.upload(self.row("a"))
        self.manager.sudo().group_ids = False
        other = new_test_user(
            self.env(su=True), "x_manager", groups="g2p_spar_mapper.group_manager"
        )
        preview = intake.with_user(other).action_preview()["res_id"]
        lines = self.env["g2p.spar.intake.preview"].sudo().browse(preview).line_ids
        self.assertEqual(lines.mapped("outcome"), ["Done."])

    def test_workbook_is_read_and_its_lost_digits_are_refused(self):
        book = openpyxl.Workbook()
        book.active.append(["id", "fa"])
        book.active.append([NATIONAL_ID % "a", BANK_FA % "001"])
        book.active.append([1234567890123456, BANK_FA % "002"])
        book.active.append([NATIONAL_ID % "b", "=A1"])
        stream = io.BytesIO()
        book.save(stream)
        intake = self.upload(blocks=[stream.getvalue()], filename="list.xlsx")
        self.assertEqual((intake.format, intake.total), ("xlsx", 3))

        self.run_all(intake)

        self.assertEqual(self.mapping("a").fa_value, BANK_FA % "001")
        reasons = [row["not_taken_in_because"] for row in self.refused(intake)]
        self.assertIn("last digits were lost", reasons[0])
        self.assertIn("is a formula", reasons[1])

    def test_bad_files_are_refused_with_a_sentence_and_leave_nothing(self):
        for blocks, words in (
            ([b""], "empty"),
            ([b"%PDF-1.4 " * 9], "neither CSV nor"),
            ([b"id\n1\n"], "one column only"),
            ([b"id,fa,id\n"], "same name"),
            ([b"\xd0\xcf\x11\xe0" * 9], "password"),
            ([b"PK\x03\x04" + bytes(99)], "workbook cannot be read"),
        ):
            with (
                self.subTest(words),
                self.assertRaisesRegex(UserError, words),
                self.env.cr.savepoint(),
            ):
                self.upload(blocks=blocks)
            self.assertFalse(list(self.folder.iterdir()))

    def test_columns_that_say_too_little_are_refused_before_a_row_is_read(self):
        intake = self.upload("1,2", names="a,b")
        for method in ("action_preview", "action_try", "action_run"):
            with self.assertRaisesRegex(UserError, "which column has the ID"):
                getattr(intake, method)()
        self.assertEqual(intake.state, "draft")

    def test_missing_part_is_named_as_people_call_it(self):
        intake = self.script_list("1,2,n,")
        intake.constant_ids.filtered(lambda c: c.part_id.name == "bank").unlink()
        with self.assertRaisesRegex(UserError, "^Bank has neither a column"):
            intake.action_run()

    def test_other_columns_have_the_rows_tried_anew(self):
        intake = self.upload(self.row("a"))
        intake.action_try()
        self.work_off()
        self.assertEqual(intake.state, "checked")

        intake.operation = "update"

        self.assertEqual((intake.state, intake.completed), ("draft", 0))
        self.run_all(intake)
        self.assertEqual(intake.tally, {"ID_UNKNOWN": 1})

    def test_update_and_unlink(self):
        self.link("a", "b")
        update = self.upload(f"{NATIONAL_ID % 'a'},Ana", names="id,name")
        update.operation = "update"
        self.run_all(update)
        self.assertEqual(self.mapping("a").name, "Ana")

        unlink = self.upload(*[self.row("b")] * 2)
        unlink.operation = "unlink"
        self.run_all(unlink)
        self.assertEqual(self.mapping("b").state, "unlinked")
        self.assertEqual(unlink.tally, {"DONE": 1, "repeated": 1})

    def test_list_without_rows_is_done_at_once(self):
        intake = self.upload()
        self.run_all(intake)
        self.assertEqual((intake.total, intake.progress), (0, 100))

    def test_nothing_of_the_list_is_to_be_seen_on_disk_or_in_the_database(self):
        intake = self.upload(*[self.row("zq")] * 3, "zq-secret,")
        [path] = self.folder.iterdir()
        self.assertNotIn(b"nationalId", path.read_bytes())
        self.assertNotIn(account_of("zq"), "".join(intake.column_ids.mapped("example")))
        self.run_all(intake)
        [part] = (
            intake.sudo()
            .env["g2p.spar.intake.part"]
            .search([("file_id", "=", intake.id)])
        )
        self.env.cr.execute(
            "SELECT content FROM g2p_spar_intake_part WHERE id = %s", [part.id]
        )
        self.assertNotIn(b"zq-secret", bytes(self.env.cr.fetchone()[0]))

import base64
import csv
import io
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..core.reason import Cause
from ..wizards import g2p_spar_mapping_import as wizard_module
from .common import BANK_FA, NATIONAL_ID, MapperCase

HEADER = (
    "id,id_value,fa_value,name,phone,additional_info,active,created_at,updated_at\n"
)


def row_of(name, fa=None, active="t", info="", phone=""):
    """A line of the dump, as PostgreSQL writes it."""
    text = io.StringIO()
    cells = [1, NATIONAL_ID % name, fa or BANK_FA % "1", name, phone, info, active]
    csv.writer(text, lineterminator="\n").writerow([*cells, "2024-01-01", ""])
    return text.getvalue()


@tagged("post_install", "-at_install")
class TestWizardImport(MapperCase):
    def run_import(self, text, user=None):
        """Import a text as a manager does. :return: the dialog afterwards"""
        content = text.encode() if isinstance(text, str) else text
        wizard = (
            self.env["g2p.spar.mapping.import"]
            .with_user(user or self.manager)
            .create({"data_file": base64.b64encode(content), "source": "SPAR 1.0"})
        )
        wizard.action_import()
        return wizard

    def counts(self, wizard):
        return wizard.linked_count, wizard.known_count, wizard.refused_count

    def refused_rows(self, wizard):
        text = base64.b64decode(wizard.refused_file).decode()
        return list(csv.DictReader(io.StringIO(text)))

    def test_rows_are_linked_by_the_service(self):
        wizard = self.run_import(
            HEADER
            + row_of("amina", phone="+254712345678", info='[{"strategy_id": 1}]')
            + row_of("baraka", fa=BANK_FA % "2")
        )
        self.assertEqual(self.counts(wizard), (2, 0, 0))
        mapping = self.mapping("amina")
        self.assertEqual(
            (mapping.channel, mapping.sender, mapping.user_id),
            ("import", "SPAR 1.0", self.manager),
        )
        self.assertEqual((mapping.name, mapping.phone), ("amina", "+254712345678"))
        self.assertEqual(mapping.provider_id, self.provider)
        self.assertEqual(len(mapping.version_ids), 1)
        self.assertFalse(wizard.data_file)

    def test_the_same_file_again_changes_nothing(self):
        text = HEADER + row_of("amina") + row_of("baraka")
        self.run_import(text)
        self.assertEqual(self.counts(self.run_import(text)), (0, 2, 0))
        self.assertEqual(self.mapping("amina").version, 1)

    def test_refused_rows_come_back_with_the_reason(self):
        self.link("known")
        wizard = self.run_import(
            HEADER
            + row_of("known", fa=BANK_FA % "99")
            + row_of("bad", fa=BANK_FA % "x y")
            + row_of("off", active="f")
            + row_of("info", info="{")
            + row_of("good")
        )
        self.assertEqual(self.counts(wizard), (1, 0, 4))
        rows = self.refused_rows(wizard)
        reasons = {row["name"]: row["not_imported_because"] for row in rows}
        self.assertIn("linked to another address", reasons["known"])
        self.assertIn("cannot be paid", reasons["bad"])
        self.assertIn("Not active", reasons["off"])
        self.assertIn("additional information", reasons["info"])
        self.assertEqual(rows[0]["fa_value"], BANK_FA % "99")
        self.assertFalse(self.mapping("off"))

    def test_mended_rows_can_be_imported(self):
        wizard = self.run_import(HEADER + row_of("bad", fa=BANK_FA % "x y"))
        text = base64.b64decode(wizard.refused_file).decode()
        mended = text.replace("account:x y@", "account:12@")
        self.assertEqual(self.counts(self.run_import(mended)), (1, 0, 0))

    def test_duplicates_in_the_file_are_answered_in_their_place(self):
        wizard = self.run_import(
            HEADER + row_of("a") + row_of("a") + row_of("a", fa=BANK_FA % "2")
        )
        self.assertEqual(self.counts(wizard), (1, 1, 1))

    def test_a_byte_order_mark_is_no_harm(self):
        wizard = self.run_import(("\ufeff" + HEADER + row_of("a")).encode())
        self.assertEqual(self.counts(wizard), (1, 0, 0))

    def test_files_that_are_no_dump_are_refused_whole(self):
        cases = [
            (b"", "Missing: id_value, fa_value"),
            (b"a,b\n1,2\n", "Missing: id_value, fa_value"),
            ((HEADER + row_of("a") + '"open').encode(), "line 3 cannot be read"),
            (HEADER.encode() + b"\xff\xfe\n", "UTF-8"),
        ]
        for content, words in cases:
            with self.subTest(content=content[:20]):
                content = content or b" "
                with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
                    self.run_import(content)
        self.assertFalse(self.mapping("a"))

    def test_no_file_is_asked_for(self):
        wizard = self.env["g2p.spar.mapping.import"].with_user(self.manager).create({})
        with self.assertRaisesRegex(UserError, "Choose the file"):
            wizard.action_import()

    def test_only_managers_import(self):
        for user in (self.officer, self.viewer, self.api_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.run_import(HEADER + row_of("a"), user=user)

    def test_a_chunk_costs_the_same_whatever_its_size(self):
        costs = []
        for count in (1, 5, 60):  # the first fills the caches
            text = HEADER + "".join(row_of(f"p{count}-{n}") for n in range(count))
            before = self.env.cr.sql_log_count
            self.run_import(text)
            self.env.flush_all()
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(costs[-2], costs[-1])

    def test_from_a_shell_each_chunk_is_a_transaction(self):
        commits = []
        with tempfile.TemporaryDirectory() as folder:
            dump, refused = Path(folder, "dump.csv"), Path(folder, "refused.csv")
            dump.write_text(HEADER + "".join(row_of(f"p{n}") for n in range(5)))
            with (
                patch.object(wizard_module, "CHUNK", 2),
                patch.object(self.env.cr, "commit", lambda: commits.append(1)),
            ):
                wizard = self.env["g2p.spar.mapping.import"]
                tally = wizard.import_path(str(dump), str(refused))
            self.assertEqual(refused.read_text(), "")
        self.assertEqual((tally[Cause.DONE], len(commits)), (5, 3))

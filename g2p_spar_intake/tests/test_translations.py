"""Whatever staff read is in the catalogues, with its placeholders."""

import re
from io import BytesIO
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

FOLDER = Path(__file__).parents[1] / "i18n"
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?s|\{\w+\}|<[^>]+>")


def words(text):
    return " ".join(text.split())


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = polib.pofile(str(FOLDER / "g2p_spar_intake.pot"))
        cls.known = {words(one.msgid) for one in template}
        cls.french = polib.pofile(str(FOLDER / "fr.po"))

    def test_the_template_has_every_string_of_the_addon(self):
        exported = BytesIO()
        trans_export(False, ["g2p_spar_intake"], exported, "po", self.env)
        found = polib.pofile(exported.getvalue().decode())
        self.assertEqual({words(one.msgid) for one in found} - self.known, set())
        self.assertIn("Look at the First Rows", self.known)

    def test_staff_read_all_of_it_in_french(self):
        said = {words(one.msgid) for one in self.french if one.msgstr}
        self.assertEqual(self.known - said, set())

    def test_values_and_markup_are_kept(self):
        for one in self.french.translated_entries():
            with self.subTest(msgid=one.msgid):
                self.assertCountEqual(
                    PLACEHOLDER.findall(one.msgid), PLACEHOLDER.findall(one.msgstr)
                )

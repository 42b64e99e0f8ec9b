"""Whatever a person reads is in the catalogues, with its placeholders."""

import re
from io import BytesIO
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

ADDON = Path(__file__).parents[1]
LANGUAGES = ("fr",)
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?s|<[^>]+>")


def words(text):
    return " ".join(text.split())


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = ADDON / "i18n" / "g2p_spar_consent.pot"
        cls.template = {words(one.msgid) for one in polib.pofile(str(path))}

    def test_the_template_has_every_string_of_the_addon(self):
        exported = BytesIO()
        trans_export(False, ["g2p_spar_consent"], exported, "po", self.env)
        found = polib.pofile(exported.getvalue().decode())
        missing = {words(one.msgid) for one in found} - self.template
        self.assertEqual(missing, set())
        self.assertIn("May they ask about your account?", self.template)

    def test_every_string_is_translated_with_its_placeholders(self):
        for language in LANGUAGES:
            catalogue = polib.pofile(str(ADDON / "i18n" / f"{language}.po"))
            said = {words(one.msgid): one.msgstr for one in catalogue}
            self.assertEqual(self.template - said.keys(), set())
            for one in catalogue:
                with self.subTest(language, msgid=one.msgid):
                    self.assertTrue(one.msgstr)
                    self.assertCountEqual(
                        PLACEHOLDER.findall(one.msgid), PLACEHOLDER.findall(one.msgstr)
                    )

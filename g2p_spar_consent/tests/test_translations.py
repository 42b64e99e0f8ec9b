"""Whatever a person reads is in the catalogues, with its placeholders."""

import re
from io import BytesIO
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

ADDON = Path(__file__).parents[1]
LANGUAGES = ("fr", "tl", "ar", "hi")
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?s|<[^>]+>")
#: Staff have English and French. Whatever is not named here is for beneficiaries.
FOR_STAFF_MODELS = ("model:ir.", "model_terms:ir.actions")
FOR_STAFF_FILES = ("models/g2p_spar_sender.py", "models/g2p_spar_consent_ending.py")


def words(text):
    return " ".join(text.split())


def catalogue(name):
    return polib.pofile(str(ADDON / "i18n" / name))


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = list(catalogue("g2p_spar_consent.pot"))
        cls.known = {words(one.msgid) for one in cls.template}

    def test_the_template_has_every_string_of_the_addon(self):
        exported = BytesIO()
        trans_export(False, ["g2p_spar_consent"], exported, "po", self.env)
        found = polib.pofile(exported.getvalue().decode())
        self.assertEqual({words(one.msgid) for one in found} - self.known, set())
        self.assertIn("May they ask about your account?", self.known)

    def test_staff_read_all_of_it_in_french(self):
        said = {words(one.msgid) for one in catalogue("fr.po") if one.msgstr}
        self.assertEqual(self.known - said, set())

    def test_beneficiaries_read_theirs_in_every_language(self):
        seen = {words(one.msgid) for one in self.template if self.is_for_people(one)}
        self.assertGreater(len(seen), 60)
        for language in LANGUAGES:
            with self.subTest(language):
                found = catalogue(f"{language}.po")
                said = {words(one.msgid) for one in found if one.msgstr}
                self.assertEqual(seen - said, set())

    def is_for_people(self, entry):
        return any(self.is_place_for_people(one) for one, _ in entry.occurrences)

    def is_place_for_people(self, place):
        if place.startswith("model_terms:ir.ui.view"):
            return self.env.ref(place.split(":")[-1]).type == "qweb"
        if place.startswith("code:"):
            return not place.split("g2p_spar_consent/")[1].startswith(FOR_STAFF_FILES)
        return not place.startswith(FOR_STAFF_MODELS)

    def test_values_and_markup_are_kept(self):
        for language in LANGUAGES:
            for one in catalogue(f"{language}.po").translated_entries():
                with self.subTest(language, msgid=one.msgid):
                    self.assertCountEqual(
                        PLACEHOLDER.findall(one.msgid), PLACEHOLDER.findall(one.msgstr)
                    )

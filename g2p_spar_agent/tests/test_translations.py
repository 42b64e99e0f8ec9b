"""Whatever is read is in the catalogues: staff's in French, a person's in all."""

from io import BytesIO
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

ADDON = Path(__file__).parents[1]
#: What the person reads before an agent, and takes home.
FOR_PEOPLE = ("proof", "kind", "review", "receipt", "layout_header")
LANGUAGES = ("fr", "tl", "ar", "hi")


def words(text):
    return " ".join(text.split())


def catalogue(name):
    return list(polib.pofile(str(ADDON / "i18n" / name)))


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = catalogue("g2p_spar_agent.pot")
        cls.known = {words(one.msgid) for one in cls.template}

    def test_the_template_has_every_string_of_the_addon(self):
        exported = BytesIO()
        trans_export(False, ["g2p_spar_agent"], exported, "po", self.env)
        found = polib.pofile(exported.getvalue().decode())
        self.assertEqual({words(one.msgid) for one in found} - self.known, set())

    def test_staff_read_all_of_it_in_french(self):
        said = {words(one.msgid) for one in catalogue("fr.po") if one.msgstr}
        self.assertEqual(self.known - said, set())

    def test_a_person_reads_the_receipt_in_every_language(self):
        places = {f"g2p_spar_agent.{name}" for name in FOR_PEOPLE}
        seen = {
            words(one.msgid)
            for one in self.template
            if any(place.rpartition(":")[2] in places for place, _ in one.occurrences)
        }
        self.assertGreater(len(seen), 20)
        for language in LANGUAGES:
            found = catalogue(f"{language}.po")
            said = {words(one.msgid) for one in found if one.msgstr}
            with self.subTest(language=language):
                self.assertEqual(seen - said, set())

import re
from pathlib import Path

import polib

from odoo.tests import tagged

from .test_http_pages_for_people import CONSOLE, PagesCase

FOLDER = Path(__file__).parents[1] / "i18n"
PATTERNS = (re.compile(r"%\(?\w+\)?s|%s"), re.compile(r"<[^>]+>"))


@tagged("post_install", "-at_install")
class TestTranslations(PagesCase):
    def test_french_is_complete(self):
        template = polib.pofile(str(FOLDER / "g2p_spar_connect_api.pot"))
        french = polib.pofile(str(FOLDER / "fr.po"))
        known = {entry.msgid for entry in french if entry.translated()}
        self.assertEqual({entry.msgid for entry in template} - known, set())

    def test_placeholders_and_markup_are_kept(self):
        for entry in polib.pofile(str(FOLDER / "fr.po")):
            for pattern in PATTERNS:
                with self.subTest(msgid=entry.msgid):
                    self.assertEqual(
                        pattern.findall(entry.msgid), pattern.findall(entry.msgstr)
                    )

    def test_the_console_speaks_the_language_of_its_user(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(
            ["g2p_spar_connect_api"], ["fr_FR"], overwrite=True
        )
        self.contact.lang = "fr_FR"
        self.as_contact()
        page = self.url_open(CONSOLE)
        self.assertIn('lang="fr-FR"', page.text)
        for words in ("Essayer un message", "Envoyer", "Pas encore de rappel."):
            self.assertIn(words, page.text)
        self.assertStrict(page)
        told = self.url_open(f"{CONSOLE}/partner").json()
        self.assertIn("Éléments par message", dict(told["limits"]))

import re
from pathlib import Path

import polib

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import MapperCase

FOLDER = Path(__file__).parents[1] / "i18n"
PLACEHOLDER = re.compile(r"%\(?\w+\)?s|%s")


@tagged("post_install", "-at_install")
class TestTranslations(MapperCase):
    def test_french_is_complete(self):
        template = polib.pofile(str(FOLDER / "g2p_spar_mapper.pot"))
        french = polib.pofile(str(FOLDER / "fr.po"))
        known = {entry.msgid for entry in french if entry.translated()}
        self.assertEqual({entry.msgid for entry in template} - known, set())

    def test_placeholders_and_markup_are_kept(self):
        for entry in polib.pofile(str(FOLDER / "fr.po")):
            for pattern in (PLACEHOLDER, re.compile(r"<[^>]+>")):
                with self.subTest(msgid=entry.msgid):
                    self.assertEqual(
                        pattern.findall(entry.msgid), pattern.findall(entry.msgstr)
                    )

    def test_sentences_made_in_python_are_translated(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.link("amina")
        mapping = self.mapping("amina").with_context(lang="fr_FR")
        self.assertEqual(mapping.state_sentence, "Les paiements vont à cette adresse.")
        dialog = self.env["g2p.spar.mapping.change"].with_context(lang="fr_FR")
        wizard = dialog.with_user(self.officer).create({"operation": "hold"})
        with self.assertRaisesRegex(ValidationError, "le motif manque"):
            wizard.action_apply()

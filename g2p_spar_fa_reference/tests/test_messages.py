import ast
import re
from pathlib import Path

import polib

from odoo.tests import BaseCase, tagged

from ..models.messages import SENTENCES

CORE = Path(__file__).parent.parent / "core"
I18N = Path(__file__).parent.parent / "i18n"
STORE = Path(__file__).parent.parent / "wizards" / "reference_store.py"
#: What a beneficiary reads: how kinds of account and their parts are called, and what
#: is wrong with a part. All else is for staff, who have English and French.
FOR_BENEFICIARIES = ("model:g2p.spar.fa.type,name:", "model:g2p.spar.fa.part,label:")
ABOUT_A_PART = "%(part)s "


def sentences_of(path):
    """Return the sentences which a file gives to errors and reports."""
    tree = ast.parse(path.read_text())
    return {
        node.value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for node in call.args
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.endswith(".")
        and " " in node.value
    }


def placeholders(text):
    return sorted(re.findall(r"%\(\w+\)s|\{\w+\}", text))


@tagged("post_install", "-at_install")
class TestMessages(BaseCase):
    def test_every_sentence_of_core_is_offered_to_translators(self):
        wanted = set().union(*map(sentences_of, [*CORE.glob("*.py"), STORE]))
        wanted -= sentences_of(CORE / "seal.py")
        self.assertGreater(len(wanted), 40)
        self.assertEqual({one._source for one in SENTENCES}, wanted)

    def test_french_is_complete(self):
        template = polib.pofile(str(I18N / "g2p_spar_fa_reference.pot"))
        french = {
            entry.msgid: entry.msgstr for entry in polib.pofile(str(I18N / "fr.po"))
        }
        self.assertEqual(french.keys(), {entry.msgid for entry in template})
        self.assertLessEqual({one._source for one in SENTENCES}, french.keys())
        for english, translated in french.items():
            with self.subTest(english):
                self.assertTrue(translated)
                self.assertEqual(placeholders(translated), placeholders(english))

    def test_what_a_beneficiary_reads_is_in_every_language(self):
        template = polib.pofile(str(I18N / "g2p_spar_fa_reference.pot"))
        seen = {entry.msgid for entry in template if self.is_for_beneficiaries(entry)}
        self.assertGreaterEqual(len(seen), 28)
        self.assertLessEqual({"Bank Account", "Branch", "Voucher number"}, seen)
        for language in ("tl", "ar", "hi"):
            path = str(I18N / f"{language}.po")
            told = {one.msgid: one.msgstr for one in polib.pofile(path)}
            for english in seen:
                with self.subTest(language, english=english):
                    self.assertTrue(told.get(english))
                    self.assertEqual(placeholders(told[english]), placeholders(english))

    def is_for_beneficiaries(self, entry):
        places = [place for place, _line in entry.occurrences]
        return (
            any(place.startswith(FOR_BENEFICIARIES) for place in places)
            or entry.msgid.startswith("The " + ABOUT_A_PART)
            and "%(type)s" not in entry.msgid
        )

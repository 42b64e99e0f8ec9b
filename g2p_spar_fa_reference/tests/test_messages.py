import ast
import re
from pathlib import Path

import polib

from odoo.tests import BaseCase, tagged

from ..models.messages import SENTENCES

CORE = Path(__file__).parent.parent / "core"
I18N = Path(__file__).parent.parent / "i18n"
STORE = Path(__file__).parent.parent / "wizards" / "reference_store.py"


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

import ast
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ..models.messages import FILE_SENTENCES

ADDON = Path(__file__).parents[1]


@tagged("post_install", "-at_install")
class TestSentences(BaseCase):
    """What the core says is in the catalogue of translators."""

    def test_every_sentence_of_the_core_is_marked(self):
        said = set()
        for path in (*ADDON.glob("core/*.py"), *ADDON.glob("models/*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                is_call = isinstance(node, ast.Call)
                if is_call and ast.unparse(node.func) == "UnfitFile":
                    said.add(ast.literal_eval(node.args[0]))
        self.assertGreater(len(said), 20)
        self.assertEqual(said, {str(term._source) for term in FILE_SENTENCES})

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..core.search_key import MAX_QUERY, MAX_WORDS, fold, patterns, search_key
from . import hypothesis_profile  # noqa: F401

_FOLDED = (
    ("Agência São João", ["agencia", "sao", "joao"]),
    ("STRASSE straße", ["strasse", "strasse"]),
    ("HDFC0000522", ["hdfc0000522"]),
    ("12-34-56", ["12", "34", "56"]),
    ("मुंबई शाखा", ["मुंबई", "शाखा"]),
    ("أحمد", ["احمد"]),
    ("٣ شارع", ["٣", "شارع"]),
    ("%_\\'\"<script>", ["script"]),
    ("", []),
)


def _fits(query, key):
    """Compare as LIKE does: our patterns have no wildcard but the outer ones."""
    return all(pattern[1:-1] in key for pattern in patterns(query))


class TestSearchKey(BaseCase):
    def test_words_are_folded(self):
        for text, words in _FOLDED:
            with self.subTest(text=text):
                self.assertEqual(fold(text), words)

    def test_words_find_what_begins_with_them_in_any_order(self):
        key = search_key("Indigo Nord", "IN-01", None, "Köln")
        for query in ("indigo", "NORD ind", "koln", "in-01", "in01", "i n k", ""):
            with self.subTest(query=query):
                self.assertTrue(_fits(query, key))
        for query in ("ndigo", "indigos", "nord sud", "01in"):
            with self.subTest(query=query):
                self.assertFalse(_fits(query, key))

    @given(st.text(max_size=200))
    def test_patterns_are_few_and_have_no_wildcard_of_the_person(self, query):
        found = patterns(query)
        self.assertLessEqual(len(found), MAX_WORDS)
        for pattern in found:
            self.assertNotIn("%", pattern[1:-1])
            self.assertNotIn("_", pattern)
            self.assertNotIn("\\", pattern)

    @given(st.text(max_size=MAX_QUERY))
    def test_every_name_is_found_by_itself(self, name):
        if len(fold(name)) <= MAX_WORDS:
            self.assertTrue(_fits(name, search_key("other", name)))

    @given(st.text(max_size=80))
    def test_folding_twice_changes_nothing(self, text):
        self.assertEqual(fold(" ".join(fold(text))), fold(text))

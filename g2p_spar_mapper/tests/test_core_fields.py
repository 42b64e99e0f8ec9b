from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..core.fields import (
    clean_info,
    clean_name,
    clean_phone,
    merge_info,
    strategy_hint,
)

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


class TestFields(BaseCase):
    def test_phone_table(self):
        table = {
            "+639171234567": "+639171234567",
            "tel:+63-917-123-4567;ext=1": "+639171234567",
            "(0917) 123 4567".replace("(", "").replace(")", ""): "09171234567",
            "0917.123.4567": "09171234567",
            "": None,
            None: None,
        }
        for given_text, expected in table.items():
            with self.subTest(text=given_text):
                self.assertEqual(clean_phone(given_text), expected)

    def test_phone_refusals(self):
        for text in (
            "12",
            "abc",
            "+",
            "1" * 16,
            12345678,
            "+63917123456x",
            "+63\x00917",
        ):
            with self.subTest(text=text), self.assertRaises(ValueError):
                clean_phone(text)

    def test_name(self):
        self.assertEqual(clean_name("  Ana María  "), "Ana María")
        self.assertIsNone(clean_name("   "))
        self.assertEqual(clean_name("x" * 200), "x" * 200)
        for name in ("علی‌رضا", "ශ්‍රීමතී", "O’Brien-Nuñez", "李 小龍"):
            with self.subTest(name=name):
                self.assertEqual(clean_name(name), name)
        for bad in ("a\x00b", "a\nb", "x" * 201, 7, "\ud800", "a\u202eb"):
            with self.subTest(name=bad), self.assertRaises(ValueError):
                clean_name(bad)

    def test_strategy_hint_in_both_forms(self):
        self.assertEqual(strategy_hint([{"strategy_id": 3}]), 3)
        self.assertEqual(strategy_hint([{"name": "strategy_id", "value": "4"}]), 4)
        self.assertIsNone(strategy_hint([{"name": "other", "value": 4}]))
        self.assertIsNone(strategy_hint([{"strategy_id": True}]))
        self.assertIsNone(strategy_hint(["x", None]))

    @given(_JSON)
    def test_information_is_kept_or_refused(self, value):
        try:
            kept = clean_info(value)
        except (ValueError, TypeError):
            return
        self.assertIsInstance(kept, list)
        self.assertIsNone(strategy_hint(kept))

    def test_what_is_ours_to_say_is_left_out(self):
        info = [{"strategy_id": 1}, {"name": "strategy_id", "value": 1}, {"name": "a"}]
        self.assertEqual(clean_info(info), [{"name": "a"}])

    def test_information_refusals(self):
        for bad in (
            {},
            "x",
            [1],
            [{"a": "x" * 4000}],
            [{"a": "\x00"}],
            [{"a": "\ud800"}],
        ):
            with self.subTest(info=bad), self.assertRaises((ValueError, TypeError)):
                clean_info(bad)

    def test_merge_replaces_by_name(self):
        old = '[{"name":"a","value":1},{"name":"b","value":2}]'
        merged = merge_info(old, [{"name": "a", "value": 3}, {"k": 1}])
        self.assertEqual(
            merged, '[{"name":"b","value":2},{"name":"a","value":3},{"k":1}]'
        )
        self.assertEqual(merge_info(merged, []), merged)
        self.assertIsNone(merge_info(None, []))

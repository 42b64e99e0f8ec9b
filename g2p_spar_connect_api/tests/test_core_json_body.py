import json

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..core.errors import MalformedBody
from ..core.json_body import UNFIT, read_body, write_body

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@tagged("post_install", "-at_install")
class TestJsonBody(BaseCase):
    def test_object(self):
        self.assertEqual(read_body(b'{"a": [1, "\xc3\xa9"]}').content, {"a": [1, "é"]})

    def test_not_an_object(self):
        for raw in (b"[]", b'"a"', b"1", b"null", b'"\\ud800"'):
            with self.subTest(raw=raw), self.assertRaises(MalformedBody):
                read_body(raw)

    def test_malformed(self):
        surrogate = b'"s": "\\ud800", '
        for raw in (
            b"",
            b" ",
            b"{",
            b'{"a": NaN}',
            b'{"a": Infinity}',
            b'{"a": 1} trailing',
            b"{'a': 1}",
            b'{"a": "\xff"}',
            b"\xff\xfe{\x00}\x00",
            b'{"a":' * 2000 + b"1" + b"}" * 2000,
            b"{" + surrogate + b'"a": NaN}',
            b"{" + surrogate + b'"a": -Infinity}',
            b"{" + surrogate + b'"a": 1e999}',
            b"{" + surrogate + b'"a": ' + b"9" * 400 + b"}",
            b"{" + surrogate + b'"a": ' + b"9" * 5000 + b"}",
            b"{" + surrogate + b'"a": ' + b"[" * 500 + b"]" * 500 + b"}",
            b"{" + surrogate + b'"a": ' + b"[" * 50000 + b"]" * 50000 + b"}",
            b"{" + surrogate + b'"a": "\xff"}',
        ):
            with self.subTest(raw=raw[:40]), self.assertRaises(MalformedBody):
                read_body(raw)

    def test_surrogate_spoils_its_own_place_only(self):
        body = read_body(b'{"a": ["\\ud800x", "b", {"\\udfff": 1, "c": 2}]}')

        self.assertTrue(body.irregular)
        self.assertEqual(body.content, {"a": [UNFIT, "b", {"c": 2}]})

    def test_paired_surrogates_are_a_character(self):
        body = read_body(b'{"a": "\\ud83d\\ude00"}')

        self.assertEqual((body.content, body.irregular), ({"a": "😀"}, False))

    def test_large_number_beside_surrogate(self):
        body = read_body(b'{"a": "\\ud800", "n": 123456789012345678901234567890}')

        self.assertEqual(body.content["n"], 123456789012345678901234567890.0)

    @given(st.binary(max_size=200))
    def test_any_bytes(self, raw):
        try:
            content = read_body(raw).content
        except MalformedBody:
            return
        self.assertIsInstance(content, dict)

    @given(st.dictionaries(st.text(), JSON))
    def test_whatever_was_read_can_be_written(self, content):
        for raw in (
            json.dumps(content).encode(),
            json.dumps(content | {"\ud800": ["\udc00"]}).encode(),
        ):
            try:
                read = read_body(raw).content
            except MalformedBody:
                continue
            self.assertIsInstance(write_body(read), bytes)

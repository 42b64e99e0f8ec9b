from hypothesis import example, given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..core.address import Address, check_text, format, normalize, parse
from ..core.errors import InvalidFormat, TooLong

PLAIN = st.text(st.characters(codec="utf-8", exclude_characters=":@"), min_size=1)


@tagged("post_install", "-at_install")
class TestAddress(BaseCase):
    def test_parse_examples_of_the_specification(self):
        for text, wanted in (
            ("token:a-b_c@national-id", ("token", "a-b_c", "national-id")),
            ("mobile:254700@mobile-pymt", ("mobile", "254700", "mobile-pymt")),
            ("account:1@ifsc.rail", ("account", "1", "ifsc.rail")),
            ("vid@nid", (None, "vid", "nid")),
            ("opaque", (None, "opaque", None)),
            ("email:a@b.org@paypal", ("email", "a@b.org", "paypal")),
            ("a@b:c", (None, "a", "b:c")),
        ):
            with self.subTest(text):
                self.assertEqual(parse(text), Address(*wanted))

    def test_parse_refuses_announced_but_empty_pieces(self):
        for text in ("", "@", ":x", "x:", "x@", "@x", ":@", "a:@b"):
            with self.subTest(text), self.assertRaises(InvalidFormat):
                parse(text)

    @given(st.none() | PLAIN, PLAIN, st.none() | PLAIN)
    def test_format_then_parse(self, kind, value, provider):
        address = Address(kind, value, provider)
        self.assertEqual(parse(format(address)), address)

    def test_format_refuses_what_would_move(self):
        for address in (Address("a:b", "c", None), Address(None, "a", "b@c")):
            with self.subTest(address), self.assertRaises(InvalidFormat):
                format(address)

    @given(st.text(), st.booleans())
    @example("¨", False)
    @example("ᾳ@ͅ", True)
    @example("ＡＢＣ：ｘ＠Ｙ", True)
    def test_normal_form_is_its_own_normal_form(self, text, significant):
        once = normalize(text, significant)
        self.assertEqual(normalize(once, significant), once)

    def test_normalize(self):
        for text, significant, wanted in (
            (" Token:AbC@NationalID ", False, "token:abc@nationalid"),
            (" Token:AbC@NationalID ", True, "token:AbC@nationalid"),
            ("VID", True, "VID"),
            ("STRASSE", False, "strasse"),
            ("Straße", False, "strasse"),
            ("ｔｏｋｅｎ：１", False, "token:1"),
            ("TYPE:Ünï", True, "type:Ünï"),
        ):
            with self.subTest(text):
                self.assertEqual(normalize(text, significant), wanted)

    def test_check_text_keeps_what_people_write(self):
        for text in ("x", " x ", "شماره ۱۲۳", "मेरा", "a\u200db"):
            with self.subTest(text):
                self.assertEqual(check_text(text, 20), text)

    def test_check_text_refuses(self):
        for text in ("", "  ", "\u3000", "a\x00", "\n", "\ud800", "a\u202eb", 7, None):
            with self.subTest(repr(text)), self.assertRaises(InvalidFormat):
                check_text(text, 20)

    def test_check_text_limit(self):
        self.assertEqual(check_text("x" * 20, 20), "x" * 20)
        with self.assertRaises(TooLong) as caught:
            check_text("x" * 21, 20)
        self.assertEqual(str(caught.exception), "This is longer than 20 characters.")
        self.assertEqual(caught.exception.code, "too_long")

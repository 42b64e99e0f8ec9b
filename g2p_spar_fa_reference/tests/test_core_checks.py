from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..core.checks import KINDS, check_part, make_checker
from ..core.errors import InvalidPart, StrategyError

GOOD = (
    ("none", " x ", None, "x"),
    ("digits", "0123", None, "0123"),
    ("regex", "AB1", "[A-Z]{2}[0-9]", "AB1"),
    ("iban", "gb33 bukb 2020 1555 5555 55", None, "GB33BUKB20201555555555"),
    ("iban", "DE89 3704 0044 0532 0130 00", None, "DE89370400440532013000"),
    # Not in Odoo's own table of countries.
    ("iban", "EG380019000500000000263180002", None, "EG380019000500000000263180002"),
    ("bic", "agrifrpp882", None, "AGRIFRPP882"),
    ("ifsc", "hdfc0000522", None, "HDFC0000522"),
    ("e164", "+254 712 123456", None, "+254712123456"),
    ("e164", "0712 123456", "ke", "+254712123456"),
    ("e164", "tel:+254-712-123456", None, "+254712123456"),
    ("email", "Ada.L+x@Example.ORG", None, "Ada.L+x@example.org"),
)
BAD = (
    ("digits", "12a", None),
    ("digits", "١٢٣", None),
    ("digits", "", None),
    ("regex", "AB12", "[A-Z]{2}[0-9]"),
    ("regex", "xAB1", "[A-Z]{2}[0-9]"),
    ("iban", "GB33BUKB20201555555556", None),
    ("iban", "XX33BUKB20201555555555", None),
    ("iban", "GB33", None),
    ("bic", "AGRIFRP", None),
    ("ifsc", "HDFC1000522", None),
    ("e164", "0712123456", None),
    ("e164", "+254", None),
    ("e164", "+254712123456;ext=5", None),
    ("e164", "hello", None),
    ("email", "ada", None),
    ("email", "ada@localhost", None),
    ("email", "@example.org", None),
    ("email", "a b@example.org", None),
    ("email", "a@-example.org", None),
    ("email", "a@exa..org", None),
    ("none", "x" * 501, None),
)


@tagged("post_install", "-at_install")
class TestChecks(BaseCase):
    def test_normal_forms(self):
        for kind, value, pattern, wanted in GOOD:
            with self.subTest(f"{kind} {value}"):
                self.assertEqual(check_part(kind, value, pattern), wanted)

    def test_normal_form_passes_again(self):
        for kind, _value, pattern, wanted in GOOD:
            with self.subTest(f"{kind} {wanted}"):
                self.assertEqual(check_part(kind, wanted, pattern), wanted)

    def test_refusals_name_the_part_but_not_the_value(self):
        for kind, value, pattern in BAD:
            with self.subTest(f"{kind} {value[:20]}"):
                with self.assertRaises(InvalidPart) as caught:
                    check_part(kind, value, pattern, "account number")
                self.assertIn("account number", str(caught.exception))
                if len(value) > 4:
                    self.assertNotIn(value, str(caught.exception))

    @given(st.sampled_from(sorted(set(KINDS) - {"regex"})), st.text(max_size=40))
    def test_any_text_is_taken_or_refused(self, kind, text):
        try:
            self.assertIsInstance(check_part(kind, text), str)
        except InvalidPart as error:
            self.assertEqual(error.code, "part_invalid")

    def test_longest_values(self):
        self.assertEqual(check_part("none", "x" * 500), "x" * 500)
        labels = ".".join(["a" * 63] * 3)
        self.assertTrue(check_part("email", f"a@{labels}.{'b' * 61}"))
        with self.assertRaises(InvalidPart):
            check_part("email", f"a@{labels}.{'b' * 62}")

    def test_rules_that_do_not_exist(self):
        for kind, pattern in (("luhn", None), ("e164", "XX"), ("regex", "(")):
            with self.subTest(kind), self.assertRaises(StrategyError):
                make_checker(kind, pattern)

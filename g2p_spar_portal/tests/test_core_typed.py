from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.g2p_spar_fa_reference.core.checks import KINDS
from odoo.addons.g2p_spar_fa_reference.core.rules import PartRule

from ..core.typed import hint_of, input_mode, needs_repeat, read_typed, tidy


def _rule(check="digits", pattern=None, required=True, sensitive=True):
    return PartRule("n", "Number", "typed", check, pattern, required, None, sensitive)


_DIGITS = _rule()
_BANK = _rule("regex", "[0-9]{10,18}")
_CODE = _rule("regex", "[A-Z0-9]{4}")
_FREE = _rule("regex", "[0-9A-Za-z][0-9A-Za-z _/-]{0,33}")
_ODD = _rule("regex", "(A|B)[0-9]{3}")
_LETTERS = _rule("regex", "[A-Z]{2,3}")
_IBAN = _rule("iban")
_PHONE = _rule("e164", "KE")
_EMAIL = _rule("email")
_NONE = _rule("none", required=False, sensitive=False)

#: rule, what was typed, what is taken
_TAKEN = (
    (_BANK, " 1234 5678 90 ", "1234567890"),
    (_BANK, "1234-5678-90", "1234567890"),
    (_BANK, "١٢٣٤٥٦٧٨٩٠", "1234567890"),
    (_BANK, "१२३४५६७८९०", "1234567890"),
    (_BANK, "１２３４５６７８９０", "1234567890"),
    (_BANK, "\u200e1234567890\u202c", "1234567890"),
    (_BANK, "1234\u00a0567890", "1234567890"),
    (_CODE, "ab1-2", "AB12"),
    (_FREE, "12-34/5", "12-34/5"),
    (_FREE, "12 34", "1234"),
    (_IBAN, "gb33 bukb 2020 1555 5555 55", "GB33BUKB20201555555555"),
    (_PHONE, "0712 345 678", "+254712345678"),
    (_PHONE, "+254 (712) 345-678", "+254712345678"),
    (_EMAIL, " amina@Example.ORG ", "amina@example.org"),
    (_NONE, "  savings \n account ", "savings account"),
    (_NONE, "", ""),
)
#: rule, what was typed, code of the problem, values that are told
_REFUSED = (
    (_BANK, "", "missing", {}),
    (_BANK, "   ", "missing", {}),
    (_BANK, "\u200e", "missing", {}),
    (_BANK, "123456789", "digits_between", {"count": 9, "least": 10, "most": 18}),
    (_BANK, "1" * 19, "digits_between", {"count": 19, "least": 10, "most": 18}),
    (_BANK, "12345678X0", "only_digits", {"sign": "X"}),
    (_BANK, "123<script>45", "only_digits", {"sign": "<"}),
    (_BANK, "1" * 10_000, "too_long", {"most": 200}),
    (_CODE, "AB1", "signs_exactly", {"count": 3, "least": 4, "most": 4}),
    (_CODE, "ÀB12", "only_letters_digits", {"sign": "À"}),
    (_ODD, "C123", "form_wrong", {}),
    (_LETTERS, "12", "form_wrong", {"sign": "1"}),
    (_DIGITS, "12a", "only_digits", {"sign": "a"}),
    (_IBAN, "GB33 BUKB 2020", "iban_length", {"count": 12}),
    (_IBAN, "GB33BUKB2020155555555", "iban_checksum", {}),
    (_IBAN, "GB34BUKB20201555555555", "iban_checksum", {}),
    (_IBAN, "hello", "iban_wrong", {}),
    (_PHONE, "0712", "phone_short", {}),
    (_PHONE, "07123456789999", "phone_long", {}),
    (_PHONE, "call me", "phone_wrong", {}),
    (_EMAIL, "amina", "email_no_at", {}),
    (_EMAIL, "amina@", "email_wrong", {}),
)


class TestTyped(BaseCase):
    def test_what_means_the_same_is_taken(self):
        for rule, text, value in _TAKEN:
            with self.subTest(text=text):
                self.assertEqual(read_typed(rule, text), (value, None))

    def test_what_is_wrong_is_told(self):
        for rule, text, code, values in _REFUSED:
            with self.subTest(text=text[:30], check=rule.check):
                problem = read_typed(rule, text).problem
                self.assertEqual((problem.code, dict(problem.values)), (code, values))

    def test_the_second_entry_must_mean_the_same(self):
        for again, code in (
            ("1234 567-890", None),
            ("1234567891", "repeat_differs"),
            ("123456789", "repeat_differs"),
            ("", "repeat_missing"),
            (" ", "repeat_missing"),
        ):
            with self.subTest(again=again):
                problem = read_typed(_BANK, "1234567890", again).problem
                self.assertEqual(problem and problem.code, code)

    def test_numbers_without_check_digits_are_typed_twice(self):
        self.assertTrue(needs_repeat(_BANK))
        self.assertTrue(needs_repeat(_PHONE))
        self.assertFalse(needs_repeat(_IBAN))
        self.assertFalse(needs_repeat(_NONE))

    def test_each_part_has_its_keyboard(self):
        table = (
            (_BANK, "numeric"),
            (_DIGITS, "numeric"),
            (_rule("regex", r"\+?[0-9]{6,15}"), "tel"),
            (_PHONE, "tel"),
            (_EMAIL, "email"),
            (_FREE, "text"),
            (_ODD, "text"),
            (_IBAN, "text"),
        )
        for rule, mode in table:
            with self.subTest(check=rule.check, pattern=rule.pattern):
                self.assertEqual(input_mode(rule), mode)

    def test_a_hint_says_how_long_a_number_is_where_that_helps(self):
        table = (
            (_BANK, "hint_digits_between"),
            (_rule("regex", "[0-9]{10}"), "hint_digits_exactly"),
            (_CODE, "hint_signs_exactly"),
            (_IBAN, "hint_iban"),
            (_FREE, None),
            (_ODD, None),
            (_DIGITS, None),
        )
        for rule, code in table:
            with self.subTest(pattern=rule.pattern):
                hint = hint_of(rule)
                self.assertEqual(hint and hint.code, code)

    @given(st.text(max_size=250), st.sampled_from(KINDS), st.booleans())
    def test_any_text_is_taken_or_told(self, text, check, required):
        rule = _rule(check, "[0-9A-Z]{2,40}" if check == "regex" else None, required)
        found = read_typed(rule, text, text)
        if found.problem is None and found.value:
            again = read_typed(rule, found.value)
            self.assertEqual(again, (found.value, None))

    @given(st.text(alphabet="0123456789", min_size=10, max_size=18), st.data())
    def test_blanks_and_marks_never_change_a_number(self, number, data):
        at = data.draw(st.integers(0, len(number)))
        noise = data.draw(
            st.sampled_from([" ", "\t", "\u00a0", "\u200f", "-", "\u2013"])
        )
        self.assertEqual(tidy(_BANK, number[:at] + noise + number[at:]), number)

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.g2p_spar_mapper.tests.pure import NOW

from ..core import code, contact, sms
from ..core.code import MAX_TRIES, Verdict

WHOSE = (7, "+254712345678")


class TestCode(BaseCase):
    """Six digits, ten minutes, five tries."""

    def judge(self, typed, digits="123456", age=0, tries=0, digest=None):
        digest = code.digest_of(digits, *WHOSE) if digest is None else digest
        expires = NOW + code.LIFETIME - timedelta(seconds=age)
        return code.judge(typed, digest, WHOSE, expires, tries, NOW)

    def test_table(self):
        for expected, values in (
            (Verdict.RIGHT, {"typed": "123456"}),
            (Verdict.RIGHT, {"typed": " 123-456 "}),
            (Verdict.RIGHT, {"typed": "١٢٣٤٥٦"}),
            (Verdict.RIGHT, {"typed": "१२३४५६", "tries": 4}),
            (Verdict.RIGHT, {"typed": "123456", "age": 599}),
            (Verdict.EXPIRED, {"typed": "123456", "age": 600}),
            (Verdict.WRONG, {"typed": "123457"}),
            (Verdict.WRONG, {"typed": "123457", "tries": 3}),
            (Verdict.DEAD, {"typed": "123457", "tries": 4}),
            (Verdict.DEAD, {"typed": "123456", "tries": 5}),
            (Verdict.DEAD, {"typed": "123456", "digest": ""}),
            (Verdict.UNREADABLE, {"typed": "12345"}),
            (Verdict.UNREADABLE, {"typed": None}),
            (Verdict.UNREADABLE, {"typed": "1" * 10_000}),
        ):
            with self.subTest(**values):
                self.assertEqual(self.judge(**values), expected)

    def test_the_code_of_another_contact_is_wrong(self):
        for other in ((8, WHOSE[1]), (7, "+254798765432")):
            digest = code.digest_of("123456", *other)
            self.assertEqual(self.judge("123456", digest=digest), Verdict.WRONG)

    def test_codes_are_six_digits_and_differ(self):
        drawn = {code.new_code() for _draw in range(200)}
        self.assertTrue(all(len(one) == 6 and one.isdigit() for one in drawn))
        self.assertGreater(len(drawn), 190)

    @given(st.text())
    def test_no_text_breaks_it(self, text):
        self.assertIn(self.judge(text, tries=1), set(Verdict))

    @given(st.integers(0, 10), st.booleans())
    def test_nobody_gets_more_than_the_tries(self, tries, is_right):
        verdict = self.judge("123456" if is_right else "000000", tries=tries)
        if tries >= MAX_TRIES:
            self.assertEqual(verdict, Verdict.DEAD)


class TestContactForm(BaseCase):
    """Which phones and mailboxes are taken, and how they are shown."""

    def test_phones(self):
        for text, expected in (
            ("+254712345678", "+254712345678"),
            ("0712 345 678", "+254712345678"),
            ("00254712345678", None),
            ("+639171234567", "+639171234567"),
            ("tel:+254-712-345-678", "+254712345678"),
            ("+254712345678;ext=5", None),
            ("0712", None),
            ("", None),
            (None, None),
            ("1" * 41, None),
            ("+2547\u202e12345678", None),
            ("<script>", None),
        ):
            with self.subTest(text=text):
                self.assertEqual(contact.clean_phone(text, "KE"), expected)

    def test_mailboxes(self):
        for text, expected in (
            ("a@example.org", "a@example.org"),
            ("  A.B+c@Mail.Example.ORG ", "a.b+c@mail.example.org"),
            ("o'neill@example.org", "o'neill@example.org"),
            ("a@example", None),
            ("a@-example.org", None),
            ("a@example..org", None),
            (".a@example.org", None),
            ("a..b@example.org", None),
            ("a b@example.org", None),
            ("a@b@example.org", None),
            ("a@example.org\nBcc: b@example.org", None),
            ("a@example.org,b@example.org", None),
            ("<a@example.org>", None),
            ("A <a@example.org>", None),
            ('"a"@example.org', None),
            ("a\u0000@example.org", None),
            ("a\u202e@example.org", None),
            ("ä@example.org", None),
            ("a" * 65 + "@example.org", None),
            ("a@" + "b" * 250 + ".org", None),
            ("", None),
            (None, None),
        ):
            with self.subTest(text=text):
                self.assertEqual(contact.clean_email(text), expected)

    @given(st.sampled_from(contact.KINDS), st.text(max_size=300))
    def test_what_is_taken_fits_on_one_line_and_stays_itself(self, kind, text):
        value = contact.clean(kind, text, "KE")
        if value is not None:
            self.assertTrue(value.isascii() and value.isprintable())
            self.assertNotIn(" ", value)
            self.assertEqual(contact.clean(kind, value, "KE"), value)

    @given(st.emails(domains=st.just("example.org")))
    def test_a_mask_hides_the_name(self, address):
        shown = contact.mask("email", address)
        local = address.rpartition("@")[0]
        self.assertEqual(shown, f"{local[0]}****@example.org")

    def test_examples_can_be_typed_as_they_are_shown(self):
        for region in ("KE", "PH", "IN", "FR", "MA", None):
            example = contact.example_phone(region)
            self.assertTrue(contact.clean_phone(example, region), region)


class TestSegments(BaseCase):
    """What a text costs."""

    def test_table(self):
        for text, expected in (
            ("", 1),
            ("a" * 160, 1),
            ("a" * 161, 2),
            ("a" * 306, 2),
            ("a" * 307, 3),
            ("€" * 80, 1),
            ("€" * 81, 2),
            ("ह" * 70, 1),
            ("ह" * 71, 2),
            ("😀" * 35, 1),
            ("😀" * 36, 2),
        ):
            with self.subTest(text=text[:1], length=len(text)):
                self.assertEqual(sms.segments(text), expected)

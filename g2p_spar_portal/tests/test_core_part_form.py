import re

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..core.part_form import UNLIMITED, PartForm, form_of

_READ = (
    ("[0-9]{10,18}", PartForm(10, 18, True, False, "")),
    (r"^\d{9,18}$", PartForm(9, 18, True, False, "")),
    (r"\+?[0-9]{6,15}", PartForm(6, 16, True, False, "+")),
    ("[0-9A-Za-z][0-9A-Za-z _/-]{0,33}", PartForm(1, 34, True, True, " -/_")),
    ("[A-Z]{4}0[A-Z0-9]{6}", PartForm(11, 11, True, True, "")),
    ("[0-9]+", PartForm(1, UNLIMITED, True, False, "")),
    ("[0-9]{3,}", PartForm(3, UNLIMITED, True, False, "")),
    (r"KE\-[0-9]*", PartForm(3, UNLIMITED, True, True, "-")),
)
_NOT_READ = ("[0-9]{3}|[0-9]{5}", "(ab)+", "(?:x)", "[0-9", "a$b")
_ATOMS = st.sampled_from(["[0-9]", r"\d", "[A-Z]", "[A-Za-z0-9]", "x", r"\.", "[ _/-]"])
_COUNTS = st.sampled_from(["", "?", "*", "+", "{3}", "{2,5}", "{4,}", "{0,2}"])
_PATTERNS = st.lists(st.tuples(_ATOMS, _COUNTS).map("".join), min_size=1, max_size=4)


class TestPartForm(BaseCase):
    def test_plain_patterns_are_read(self):
        for pattern, form in _READ:
            with self.subTest(pattern=pattern):
                self.assertEqual(form_of(pattern), form)

    def test_others_are_not(self):
        for pattern in _NOT_READ:
            with self.subTest(pattern=pattern):
                self.assertIsNone(form_of(pattern))

    @given(st.data())
    def test_what_a_pattern_fits_has_the_form_that_is_told_of_it(self, data):
        pattern = "".join(data.draw(_PATTERNS))
        form = form_of(pattern)
        regex = re.compile(pattern, re.ASCII)
        text = data.draw(st.from_regex(regex, fullmatch=True))
        self.assertLessEqual(form.least, len(text))
        self.assertLessEqual(len(text), max(form.most, form.least))
        self.assertTrue(all(form.allows(char) for char in text))

    @given(st.text(max_size=30))
    def test_no_pattern_breaks_it(self, pattern):
        try:
            re.compile(pattern)
        except re.error:
            # An administrator cannot save such a one.
            return
        self.assertIsInstance(form_of(pattern), PartForm | None)

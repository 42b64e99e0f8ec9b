from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..core.life import (
    ENDLESS,
    Life,
    end_of,
    is_over,
    is_renewed,
    read_warn_days,
    warning_of,
)
from .pure import NOW

DAY = timedelta(days=1)
YEAR = Life(365, 30, (30, 7))


class TestLife(BaseCase):
    def test_end_of(self):
        self.assertEqual(end_of(YEAR, NOW), NOW + 365 * DAY)
        self.assertIsNone(end_of(ENDLESS, NOW))

    def test_warning_table(self):
        table = [
            # days until the end -> warning
            (31, None),
            (30, 30),
            (8, 30),
            (7, 7),
            (1, 7),
            (0, 0),
            (-29, 0),
            (-30, None),
        ]
        for days, expected in table:
            with self.subTest(days):
                end = NOW + days * DAY
                self.assertEqual(warning_of(YEAR, end, NOW), expected)

    @given(st.integers(-400, 400), st.integers(0, 100))
    def test_over_only_after_the_grace(self, days, grace):
        end = NOW + days * DAY
        over = is_over(Life(365, grace), end, NOW)
        self.assertEqual(over, days + grace <= 0)
        if over:
            self.assertIsNone(warning_of(Life(365, grace, (30,)), end, NOW))

    def test_a_link_without_end_is_never_over(self):
        self.assertFalse(is_over(YEAR, None, NOW))

    def test_is_renewed(self):
        table = [
            (YEAR, None, False),
            (YEAR, NOW, False),
            (YEAR, NOW + 364 * DAY, False),
            (YEAR, NOW + 364 * DAY + timedelta(seconds=1), True),
            (YEAR, NOW + 400 * DAY, True),
            (ENDLESS, NOW, True),
        ]
        for life, end, expected in table:
            with self.subTest(end=end):
                self.assertEqual(is_renewed(life, end, NOW), expected)

    def test_warn_days_are_read(self):
        self.assertEqual(read_warn_days("7, 30"), (30, 7))
        self.assertEqual(read_warn_days(None), ())
        for text in ("0", "367", "x", "7,7", "-1", "1.5"):
            with self.subTest(text), self.assertRaises(ValueError):
                read_warn_days(text)

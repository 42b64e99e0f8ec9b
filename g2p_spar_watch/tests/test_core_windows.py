from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..core.windows import LATE, before_payment, size_class, sliding

EARLIEST = datetime.fromisoformat("1990-01-01")
moments = st.datetimes(EARLIEST, EARLIEST + timedelta(days=36500))


class TestCoreWindows(BaseCase):
    """Every span of time is looked at; nothing is told twice for nothing."""

    @given(now=moments, pause=st.timedeltas(timedelta(), timedelta(days=9)))
    def test_every_span_since_the_last_look_is_read(self, now, pause):
        last = now - pause
        window = sliding(5, last, now)
        self.assertLessEqual(window.since, last - LATE - timedelta(hours=5))
        self.assertGreater(window.until, now)

    @given(
        payday=st.dates(date(1990, 1, 1), date(2090, 1, 1)),
        days=st.integers(1, 31),
        hours=st.integers(-2000, 2000),
    )
    def test_the_days_before_a_payment(self, payday, days, hours):
        # Moments are naive UTC, as Odoo stores them.
        begin = datetime.combine(payday, datetime.min.time())
        now = begin + timedelta(hours=hours)
        window = before_payment(payday, days, now)
        self.assertEqual(window is not None, -24 * days <= hours < 24)
        if window:
            self.assertEqual(window.until, begin)
            self.assertEqual(window.until - window.since, timedelta(days=days))

    @given(threshold=st.integers(1, 10**6), count=st.integers(1, 10**9))
    def test_size_classes_double(self, threshold, count):
        if count < threshold:
            with self.assertRaises(ValueError):
                size_class(count, threshold)
        else:
            power = 2 ** size_class(count, threshold)
            self.assertTrue(threshold * power <= count < threshold * power * 2)

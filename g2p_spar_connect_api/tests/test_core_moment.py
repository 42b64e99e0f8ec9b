from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..core.moment import is_fit, latest_fit, read_moment, write_moment
from .samples import NOW

NOON = datetime(2022, 12, 4, 12, 0, tzinfo=timezone.utc)


@tagged("post_install", "-at_install")
class TestMoment(BaseCase):
    def test_forms(self):
        for text in (
            "2022-12-04T12:00:00Z",
            "2022-12-04T12:00:00z",
            "2022-12-04T12:00:00",
            "2022-12-04 12:00:00",
            "2022-12-04T12:00",
            "2022-12-04T12:00:00.000000",
            "2022-12-04T12:00:00.0000001Z",
            "2022-12-04T12:00:00,000",
            "2022-12-04T08:00:00-04:00",
            "2022-12-04T08:00:00-0400",
            "2022-12-04T14:00:00+02",
            "20221204T120000Z",
        ):
            with self.subTest(text):
                self.assertEqual(read_moment(text), NOON)

    def test_date_alone(self):
        self.assertEqual(read_moment("2022-12-04"), NOON.replace(hour=0))

    def test_leap_second(self):
        self.assertEqual(
            read_moment("2016-12-31T23:59:60Z"),
            datetime(2016, 12, 31, 23, 59, 59, tzinfo=timezone.utc),
        )

    def test_not_a_time(self):
        for text in (
            *("", "yesterday", "2022", "2022-13-01", "2022-02-30T00:00:00Z"),
            *("2022-12-04T25:00:00Z", "2022-12-04T12:00:00+99:99", "1670155200"),
            *("2022-12-04T12:00:00Z\n", "٢٠٢٢-12-04", "2022-12-04T12:00:00" + "0" * 99),
            *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
            *(None, 5, 1.5, True, [], {}),
        ):
            with self.subTest(text=text):
                self.assertIsNone(read_moment(text))

    def test_future(self):
        latest = latest_fit(NOW)
        day = timedelta(hours=24)
        for moment, fit in (
            (NOW - timedelta(days=9999), True),
            (NOW, True),
            (NOW + day, True),
            (NOW + day + timedelta(milliseconds=1), False),
            (NOW.replace(year=9999), False),
        ):
            with self.subTest(moment=moment):
                self.assertEqual(is_fit(write_moment(moment), latest), fit)

    @given(st.datetimes(timezones=st.just(timezone.utc)))
    def test_round_trip(self, moment):
        rounded = moment.replace(microsecond=moment.microsecond // 1000 * 1000)

        self.assertEqual(read_moment(write_moment(moment)), rounded)

    @given(st.text() | st.integers() | st.none())
    def test_anything(self, text):
        moment = read_moment(text)

        self.assertTrue(moment is None or moment.tzinfo is timezone.utc)

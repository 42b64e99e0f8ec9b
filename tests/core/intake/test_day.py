"""Dates in five styles, and those that could be two."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_intake.core.day import (
    DAY_FIRST,
    MONTH_FIRST,
    UnclearDate,
    end_of,
    guess_order,
    read_day,
)

UTC = timezone.utc
FRENCH = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août"),
    *("septembre", "octobre", "novembre", "décembre"),
)
days = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@given(days)
def test_every_day_is_read_in_every_style(day):
    for text, order in (
        (day.isoformat(), ""),
        (f"{day:%Y%m%d}", ""),
        (f"{day.day}/{day.month}/{day.year}", DAY_FIRST),
        (f"{day:%d.%m.%Y}", DAY_FIRST),
        (f"{day:%m-%d-%Y}", MONTH_FIRST),
        (f"{day:%d %b %Y}", ""),
        (f"{day:%d-%B-%Y}", ""),
        (f"{day:%B %d, %Y}", ""),
        (f"{day.day} {FRENCH[day.month - 1]} {day.year}", ""),
    ):
        assert read_day(text, order) == day, text


@given(days)
def test_unsaid_order_is_never_guessed_wrong(day):
    for order, text in (
        (DAY_FIRST, f"{day.day}/{day.month}/{day.year}"),
        (MONTH_FIRST, f"{day.month}/{day.day}/{day.year}"),
    ):
        try:
            found = read_day(text)
        except UnclearDate as error:
            assert error.is_ambiguous
            assert day.day <= 12
        else:
            assert found == day, order


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-13-01",
        "31/02/2026",
        "0/1/2026",
        "1/2",
        "31 foo 2026",
        "1.2/2026",
        "12-31-26-1",
    ],
)
def test_no_dates(text):
    with pytest.raises(UnclearDate) as caught:
        read_day(text, DAY_FIRST)
    assert not caught.value.is_ambiguous


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["31/12/2026"], DAY_FIRST),
        (["12/31/2026", "01/02/2026"], MONTH_FIRST),
        (["01/02/2026"], ""),
        (["31/12/2026", "12/31/2026"], ""),
        (["2026-12-31"], ""),
        ([], ""),
    ],
)
def test_order_is_told_by_the_days_beyond_twelve(texts, order):
    assert guess_order(texts) == order


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2026-12-31", "2026-12-31T16:00"),
        # The names of these months have the letter that stands before a time.
        ("31 OCT 2026", "2026-10-31T16:00"),
        ("31 AOÛT 2026", "2026-08-31T16:00"),
        ("2026-12-31T08:00:00Z", "2026-12-31T08:00"),
        ("20261231T080000Z", "2026-12-31T08:00"),
        ("2026-12-31T08:00:00", "2026-12-31T00:00"),
        ("2026-12-31 08:00", "2026-12-31T00:00"),
    ],
)
def test_day_counts_to_its_end_where_the_registry_is(text, end):
    found = end_of(text, "", ZoneInfo("Asia/Manila"))
    assert found == datetime.fromisoformat(end)


@given(
    st.datetimes(
        datetime.fromisoformat("1900-01-02"), datetime.fromisoformat("2199-01-01")
    )
)
def test_moments_are_kept_to_the_second(moment):
    moment = moment.replace(tzinfo=timezone(timedelta(hours=3)), microsecond=0)
    found = end_of(moment.isoformat(), "", UTC)
    assert found == moment.astimezone(UTC).replace(tzinfo=None)


@pytest.mark.parametrize("text", ["9999-12-31", "T", "2026-12-31Tx"])
def test_moments_that_cannot_be(text):
    with pytest.raises(UnclearDate):
        end_of(text, "", UTC)

"""Which days are counted, and when a count is final.

A day is counted anew until nothing of it can still arrive; then its count stays.
Days and moments are UTC throughout, as the history keeps them.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

#: How long after its end a day may still get lines: those of transactions that
#: took their time before midnight and are stored after it.
GRACE = timedelta(hours=6)


def is_final(day: date, now: datetime) -> bool:
    """Whether the count of a day, made now, stays.

    :param now: naive UTC

    >>> is_final(date(2026, 5, 1), datetime(2026, 5, 2, 5, 59))
    False
    >>> is_final(date(2026, 5, 1), datetime(2026, 5, 2, 6))
    True
    """
    return end_of(day) + GRACE <= now


def end_of(day: date) -> datetime:
    """The first moment behind a day, naive UTC.

    >>> end_of(date(2026, 12, 31))
    datetime.datetime(2027, 1, 1, 0, 0)
    """
    return datetime.combine(day, time()) + timedelta(days=1)


def moments(operator: str, day: date) -> tuple[tuple[str, datetime], ...]:
    """Say of moments what a comparison says of days: conditions that all hold.

    :param operator: ``=``, ``<``, ``<=``, ``>`` or ``>=``
    :return: pairs of an operator and a moment, naive UTC
    :raise ValueError: it is another operator

    >>> [(sign, str(moment)) for sign, moment in moments("<=", date(2026, 12, 31))]
    [('<', '2027-01-01 00:00:00')]
    >>> [sign for sign, _moment in moments("=", date(2026, 12, 31))]
    ['>=', '<']
    """
    begin, end = datetime.combine(day, time()), end_of(day)
    if operator == "=":
        return (">=", begin), ("<", end)
    if operator not in ("<", "<=", ">", ">="):
        raise ValueError(operator)
    return (
        (operator[0].replace(">", ">="), end if operator in ("<=", ">") else begin),
    )


def open_days(first: date | None, final: date | None, today: date) -> Iterator[date]:
    """The days to count, oldest first.

    :param first: day of the oldest line of history; none: there is no history
    :param final: the newest day whose count stays; none: there is none yet

    >>> final, today = date(2026, 5, 2), date(2026, 5, 4)
    >>> [day.day for day in open_days(date(2026, 5, 1), final, today)]
    [3, 4]
    >>> list(open_days(None, None, date(2026, 5, 4)))
    []
    """
    day = first if final is None else final + timedelta(days=1)
    while day is not None and day <= today:
        yield day
        day += timedelta(days=1)

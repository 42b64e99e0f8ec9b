"""Which time a rule looks at, and when the same thing is told again.

Times are naive UTC, days those of UTC.
"""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

#: Lines of history may be stored so much later than their own time says, as a
#: transaction takes its time; so each look goes back a little further.
LATE = timedelta(minutes=30)


class Window(NamedTuple):
    """Lines of history to look at: from the first moment to before the second."""

    since: datetime
    until: datetime


def sliding(hours: int, last: datetime | None, now: datetime) -> Window:
    """What to read to find every span of some hours that ended since the last look.

    :param hours: length of the span
    :param last: when was looked last; none: never, and then one span is enough

    >>> noon = datetime(2026, 5, 1, 12)
    >>> sliding(2, None, noon).since.hour
    10
    >>> sliding(2, noon - timedelta(minutes=15), noon).since
    datetime.datetime(2026, 5, 1, 9, 15)
    """
    span = timedelta(hours=hours)
    since = now - span if last is None else last - LATE - span
    return Window(since, now + timedelta(seconds=1))


def before_payment(payday: date, days: int, now: datetime) -> Window | None:
    """The days before a payment, as far as they are over.

    :param payday: day of the payment; its own changes do not count any more
    :return: none when these days have not begun, or the payment is more than a
        day past: what is stored late is looked at once more

    >>> before_payment(date(2026, 5, 10), 3, datetime(2026, 5, 6))
    >>> w = before_payment(date(2026, 5, 10), 3, datetime(2026, 5, 7, 8))
    >>> w.since.day, w.until.day
    (7, 10)
    >>> before_payment(date(2026, 5, 10), 3, datetime(2026, 5, 11, 1))
    """
    until = datetime.combine(payday, time())
    since = until - timedelta(days=days)
    if since <= now < until + timedelta(days=1):
        return Window(since, until)
    return None


def size_class(count: int, threshold: int) -> int:
    """How often the threshold has doubled: an alert of each class is told once.

    :raise ValueError: the threshold is not reached, or is none

    >>> [size_class(count, 5) for count in (5, 9, 10, 19, 20, 40)]
    [0, 0, 1, 1, 2, 3]
    """
    if threshold < 1 or count < threshold:
        raise ValueError("below the threshold")
    return (count // threshold).bit_length() - 1

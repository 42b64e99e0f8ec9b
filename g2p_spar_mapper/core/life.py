"""How long a link lasts: its end, the warnings before it, and renewal.

A link that ended is not paid from that moment on. For some days more it can be
renewed as it is, by its person; after that the ID has to be linked again.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

#: Renewed within this time, a link is not renewed a second time.
_SAME_RENEWAL = timedelta(days=1)


class Life(NamedTuple):
    """How long links of one ID type last.

    :param valid_days: from the link or its renewal to its end; 0: no end
    :param grace_days: how long it can be renewed after its end
    :param warn_days: how many days before the end the person is warned
    """

    valid_days: int = 0
    grace_days: int = 0
    warn_days: tuple[int, ...] = ()


ENDLESS = Life()


def end_of(life: Life, now: datetime) -> datetime | None:
    """When a link that is made now ends; none: it has no end. Naive UTC."""
    return now + timedelta(days=life.valid_days) if life.valid_days else None


def is_over(life: Life, valid_until: datetime | None, now: datetime) -> bool:
    """Whether a link has ended so long ago that it cannot be renewed any more."""
    if valid_until is None:
        return False
    return valid_until + timedelta(days=life.grace_days) <= now


def is_renewed(life: Life, valid_until: datetime | None, now: datetime) -> bool:
    """Whether a renewal would not move the end by a day, as when tapped twice."""
    end = end_of(life, now)
    if end is None or valid_until is None:
        return end is None
    return end - valid_until < _SAME_RENEWAL


def warning_of(life: Life, valid_until: datetime, now: datetime) -> int | None:
    """Which warning is due: the days of the nearest one that has been reached.

    :return: one of ``warn_days``; 0: the link has ended and can be renewed;
        none: nothing is to be said
    """
    if valid_until <= now:
        return None if is_over(life, valid_until, now) else 0
    reached = [n for n in life.warn_days if valid_until - timedelta(days=n) <= now]
    return min(reached, default=None)


def read_warn_days(text: str | None) -> tuple[int, ...]:
    """Read the days of the warnings, as an administrator writes them.

    >>> read_warn_days("30, 7")
    (30, 7)
    >>> read_warn_days("")
    ()

    :raise ValueError: not whole numbers from 1 to 366, or one of them twice
    """
    days = tuple(int(part) for part in (text or "").split(",") if part.strip())
    if any(not 1 <= n <= 366 for n in days) or len(set(days)) != len(days):
        raise ValueError("warn_days")
    return tuple(sorted(days, reverse=True))

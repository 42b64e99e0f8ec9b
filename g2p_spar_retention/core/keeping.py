"""What may be purged, and from which age on.

What is linked, and its history, is never among it: that is the accounting trail.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

#: Nobody can be asked to keep something longer than this, in days.
LONGEST = 36500


class Target(NamedTuple):
    """A kind of records that may be purged.

    :param table: where they are
    :param moment: the column that says when each was done with, naive UTC
    :param condition: SQL over the columns of the table: what is done with. A
        constant of the addons, never something a user typed
    :param least: days for which they are needed whatever the rule says
    :param model: their model, where it may not be installed or has files
    """

    table: str
    moment: str
    condition: str
    least: int
    model: str | None = None


def border(days: int, target: Target, now: datetime) -> datetime:
    """The moment before which records of a kind go.

    :param days: how long they are kept
    :raise ValueError: they are needed longer, or for ever

    >>> kind = Target("t", "at", "true", 30)
    >>> border(90, kind, datetime(2026, 5, 1))
    datetime.datetime(2026, 1, 31, 0, 0)
    """
    if not target.least <= days <= LONGEST:
        raise ValueError("days")
    return now - timedelta(days=days)

"""Figures as a screen shows them: shares, gaps and differences. Plain numbers."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta


def shares(counts: Sequence[int]) -> list[float]:
    """How long the bar of each count is, in percent of the longest.

    Something is never shown as nothing: the shortest bar that is not empty has
    1 percent.

    >>> shares([200, 100, 0]), shares([1000, 1]), shares([0]), shares([])
    ([100.0, 50.0, 0.0], [100.0, 1.0], [0.0], [])
    """
    longest = max(counts, default=0)
    return [
        max(round(100 * count / longest, 1), 1.0) if count > 0 else 0.0
        for count in counts
    ]


def every_day(
    found: Mapping[date, int], first: date, last: date
) -> list[tuple[date, int]]:
    """Counts of each day of a period; a day without a count has none.

    >>> every_day({date(2026, 5, 2): 7}, date(2026, 5, 1), date(2026, 5, 2))
    [(datetime.date(2026, 5, 1), 0), (datetime.date(2026, 5, 2), 7)]
    """
    days = (last - first).days + 1
    return [
        (day, found.get(day, 0))
        for day in (first + timedelta(days=number) for number in range(days))
    ]


def difference(values: Sequence[int]) -> int:
    """How much the last value is above the first; 0 when there are none.

    >>> difference([5, 9, 3]), difference([])
    (-2, 0)
    """
    return values[-1] - values[0] if values else 0


def cut(rows: Sequence[tuple], most: int) -> tuple[list[tuple], int]:
    """The largest rows, and the sum of what is left out.

    :param rows: the count is the last member of each

    >>> cut([("a", 1), ("b", 5), ("c", 2)], 2)
    ([('b', 5), ('c', 2)], 1)
    """
    ordered = sorted(rows, key=lambda row: -row[-1])
    return ordered[:most], sum(row[-1] for row in ordered[most:])

"""How well it is known that an address is the person's own: a ladder of checks.

Each rung is harder to get wrong than the one below. What was checked belongs to one
address: a mapping that changes its address begins at the bottom again.
"""

from collections.abc import Iterable
from enum import IntEnum, StrEnum
from typing import NamedTuple


class Rung(IntEnum):
    """What can be checked. The numbers are stored: never reuse one."""

    FORMAT = 1
    POSSESSION = 2
    NAME = 3
    TEST_TRANSFER = 4
    PAYMENT = 5


class Result(StrEnum):
    """How a check ended, as stored."""

    PASSED = "passed"
    FAILED = "failed"
    UNCLEAR = "unclear"


class Check(NamedTuple):
    """One check of an address, oldest first where there are several."""

    rung: int
    result: str


def level_of(has_form: bool, checks: Iterable[Check]) -> int:
    """The highest rung that an address stands on; 0: none.

    Of several checks on one rung the last counts, so that a name that does not fit
    any more takes back what an earlier check had found. What was unclear changes
    nothing. A rung does not need those below: a payment that arrived says enough.

    >>> level_of(True, [Check(Rung.NAME, Result.PASSED)])
    3
    >>> level_of(True, [Check(3, "passed"), Check(3, "failed")])
    1
    >>> level_of(False, [])
    0

    :param has_form: whether the address was understood by a strategy
    :param checks: of this address, oldest first
    """
    last = {Rung.FORMAT: has_form}
    for check in checks:
        if check.result != Result.UNCLEAR:
            last[check.rung] = check.result == Result.PASSED
    return max((int(rung) for rung, passed in last.items() if passed), default=0)


def read_check(rung: object, result: object) -> Check:
    """Read a check that somebody reports.

    :raise ValueError: no such rung or result; the format is never reported, since
        the registry sees it itself
    """
    if isinstance(rung, bool) or not isinstance(rung, int):
        raise ValueError("rung")
    if not isinstance(result, str):
        raise ValueError("result")
    check = Check(Rung(rung).value, Result(result).value)
    if check.rung == Rung.FORMAT:
        raise ValueError("rung")
    return check

"""When a call that failed is made again: later each time, and not for ever.

A partner whose server is down is asked again soon at first and seldom later, for
a day. Chance spreads the calls, or all that failed together would come back
together.
"""

from datetime import timedelta

FIRST = timedelta(seconds=15)
LONGEST = timedelta(hours=2)
#: After so long a call is given up and a person decides.
PERIOD = timedelta(hours=24)
#: Share by which chance shortens or lengthens a delay.
SPREAD = 0.25


def delay_after(attempts: int, luck: float) -> timedelta:
    """Return how long to wait after some failed attempts.

    >>> delay_after(1, 0.5), delay_after(3, 0.5)
    (datetime.timedelta(seconds=15), datetime.timedelta(seconds=60))

    :param attempts: attempts that failed, at least 1
    :param luck: random number from 0 to 1
    """
    # 2 ** 9 times 15 seconds is more than the longest delay already.
    usual = min(FIRST * 2 ** min(attempts - 1, 9), LONGEST)
    return usual * (1 + SPREAD * (2 * luck - 1))


def is_given_up(age: timedelta) -> bool:
    """Whether a call that was first made ``age`` ago is no longer repeated."""
    return age >= PERIOD

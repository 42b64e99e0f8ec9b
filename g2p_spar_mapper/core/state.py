"""The life of a mapping, and the one decision whether its address is payable.

Known clients pay whoever comes back with an address and read no status code.
So there is one rule, :func:`is_payable`, and an address which it refuses is
never sent, in any scope or dialect.
"""

from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """State of a mapping, as stored."""

    ACTIVE = "active"
    ON_HOLD = "on_hold"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    UNLINKED = "unlinked"


class Step(StrEnum):
    """What happens to a mapping; each accepted step is one version."""

    LINK = "link"
    UPDATE = "update"
    UNLINK = "unlink"
    HOLD = "hold"
    RELEASE = "release"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    PROPOSE = "propose"
    APPLY = "apply"
    WITHDRAW = "withdraw"
    ROLLBACK = "rollback"
    RENEW = "renew"
    REPORT = "report"
    ERASE = "erase"


class ChangeState(StrEnum):
    """What became of a change that had to wait, as stored."""

    WAITING = "waiting"
    APPLIED = "applied"
    WITHDRAWN = "withdrawn"
    DISPUTED = "disputed"


#: step -> (states it may start from, state it ends in). The others have rules of
#: their own in the planner, as they depend on the address or on a change that waits.
TRANSITIONS = {
    Step.HOLD: (frozenset({State.ACTIVE}), State.ON_HOLD),
    Step.RELEASE: (frozenset({State.ON_HOLD}), State.ACTIVE),
    Step.SUSPEND: (frozenset({State.ACTIVE, State.ON_HOLD}), State.SUSPENDED),
    Step.REINSTATE: (frozenset({State.SUSPENDED}), State.ACTIVE),
    Step.REPORT: (
        frozenset({State.ACTIVE, State.ON_HOLD, State.EXPIRED}),
        State.SUSPENDED,
    ),
}

#: What the change that waits comes to, when something else happens to the mapping.
ENDINGS = {
    Step.APPLY: ChangeState.APPLIED,
    Step.WITHDRAW: ChangeState.WITHDRAWN,
    Step.UNLINK: ChangeState.WITHDRAWN,
    Step.ROLLBACK: ChangeState.WITHDRAWN,
    Step.SUSPEND: ChangeState.DISPUTED,
}


def effective_state(
    state: str,
    hold_until: datetime | None,
    valid_until: datetime | None,
    now: datetime,
) -> str:
    """State at a moment: dates take effect at once, not when a job writes them.

    :param state: state as stored
    :param hold_until: end of the hold; none: until somebody releases it
    :param valid_until: end of the link; none: unlimited
    :param now: the moment asked about. All times are naive UTC.
    """
    if state == State.ON_HOLD and hold_until is not None and hold_until <= now:
        state = State.ACTIVE
    if state == State.ACTIVE and valid_until is not None and valid_until <= now:
        return State.EXPIRED
    return state


def is_payable(
    state: str,
    hold_until: datetime | None,
    valid_until: datetime | None,
    now: datetime,
) -> bool:
    """Whether money may be sent to the address at the given moment."""
    return effective_state(state, hold_until, valid_until, now) == State.ACTIVE


def is_protected(state: str) -> bool:
    """Whether the mapping waits for a person, so that no client may change it.

    :param state: the effective state
    """
    return state in (State.ON_HOLD, State.SUSPENDED)


def is_live(state: str) -> bool:
    """Whether the ID counts as linked. :param state: the effective state"""
    return state not in (State.UNLINKED, State.EXPIRED)

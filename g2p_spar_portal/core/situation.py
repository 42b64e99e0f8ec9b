"""How things stand for a person: is the money coming, and what can they do?

The staff's five states become what a person has to know. Whether money is paid is
not decided here: that is ``g2p_spar_mapper.core.state``.
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from odoo.addons.g2p_spar_mapper.core.state import (
    TRANSITIONS,
    State,
    Step,
    effective_state,
    is_protected,
)


class Kind(StrEnum):
    """What a person has to be told."""

    NONE = "none"
    PAID = "paid"
    PAID_UNTIL = "paid_until"
    WAITING = "waiting"
    WAITING_UNTIL = "waiting_until"
    STOPPED = "stopped"
    OVER = "over"
    REMOVED = "removed"


class Situation(NamedTuple):
    """How an account stands at a moment.

    :param until: the day the person has to know, naive UTC; none: there is none
    :param may_change: whether another account may be chosen now
    :param may_dispute: whether "this was not me" can still stop payments
    :param may_remove: whether the account may be taken away now
    """

    kind: Kind
    until: datetime | None = None
    may_change: bool = True
    may_dispute: bool = False
    may_remove: bool = False

    @property
    def has_account(self) -> bool:
        """Whether there is an account to be shown."""
        return self.kind not in (Kind.NONE, Kind.REMOVED)

    @property
    def is_paid(self) -> bool:
        """Whether money goes to the account."""
        return self.kind in (Kind.PAID, Kind.PAID_UNTIL)


NOTHING = Situation(Kind.NONE)


def situation_of(
    state: str,
    hold_until: datetime | None,
    valid_until: datetime | None,
    now: datetime,
) -> Situation:
    """Say how a stored account stands.

    :param state: as stored; the dates, naive UTC, may have ended it meanwhile
    """
    state = effective_state(state, hold_until, valid_until, now)
    if state == State.UNLINKED:
        return Situation(Kind.REMOVED)
    kind, until = _KINDS[state]
    end = {"hold": hold_until, "link": valid_until}.get(until)
    if end is None:
        kind = _WITHOUT_END.get(kind, kind)
    return Situation(
        kind,
        end,
        may_change=not is_protected(state),
        may_dispute=state in TRANSITIONS[Step.SUSPEND][0],
        may_remove=not is_protected(state),
    )


_KINDS = {
    State.ACTIVE: (Kind.PAID_UNTIL, "link"),
    State.ON_HOLD: (Kind.WAITING_UNTIL, "hold"),
    State.SUSPENDED: (Kind.STOPPED, None),
    State.EXPIRED: (Kind.OVER, "link"),
}
_WITHOUT_END = {Kind.PAID_UNTIL: Kind.PAID, Kind.WAITING_UNTIL: Kind.WAITING}

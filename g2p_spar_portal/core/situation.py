"""How things stand for a person: is the money coming, and what can they do?

The staff's five states become what a person has to know. Whether money is paid is
not decided here: that is ``g2p_spar_mapper.core.state``.
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from odoo.addons.g2p_spar_mapper.core.life import ENDLESS, Life, is_over, warning_of
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
    PAID_LONG = "paid_long"
    ENDS = "ends"
    WAITING = "waiting"
    WAITING_UNTIL = "waiting_until"
    STOPPED = "stopped"
    OVER = "over"
    GRACE = "grace"
    REMOVED = "removed"
    ENDED = "ended"


class Meanwhile(StrEnum):
    """What is paid until a change that waits is made."""

    PAID = "paid"
    HELD = "held"
    NOTHING = "nothing"


class Waits(NamedTuple):
    """A change that waits, as far as it is told.

    :param due_at: when it is made, naive UTC; none: when somebody has agreed
    """

    due_at: datetime | None = None


class Situation(NamedTuple):
    """How an account stands at a moment.

    :param until: the day the person has to know, naive UTC; none: there is none
    :param may_change: whether another account may be chosen now
    :param may_dispute: whether "this was not me" can still stop payments
    :param may_remove: whether the account may be taken away now
    :param waits: a change of the account that waits; none: none does
    """

    kind: Kind
    until: datetime | None = None
    may_change: bool = True
    may_dispute: bool = False
    may_remove: bool = False
    waits: Waits | None = None

    @property
    def has_account(self) -> bool:
        """Whether there is an account to be shown."""
        return self.kind not in (Kind.NONE, Kind.REMOVED, Kind.ENDED)

    @property
    def is_paid(self) -> bool:
        """Whether money goes to the account."""
        return self.kind in _PAID

    @property
    def may_renew(self) -> bool:
        """Whether the person is asked to say "still my account".

        Not while a change waits: who says it to keep the account would not keep it.
        """
        return self.waits is None and self.kind in (Kind.ENDS, Kind.GRACE)

    @property
    def may_withdraw(self) -> bool:
        """Whether the person can give up the change that waits.

        Not in a dispute: staff decide then, and whoever is in doubt may be logged in.
        """
        return self.waits is not None and self.kind != Kind.STOPPED

    @property
    def meanwhile(self) -> Meanwhile:
        """What is paid until the change that waits is made."""
        if self.is_paid:
            return Meanwhile.PAID
        is_held = self.kind in (Kind.WAITING, Kind.WAITING_UNTIL)
        return Meanwhile.HELD if is_held else Meanwhile.NOTHING


_PAID = frozenset({Kind.PAID, Kind.PAID_UNTIL, Kind.PAID_LONG, Kind.ENDS})
NOTHING = Situation(Kind.NONE)


def situation_of(
    state: str,
    hold_until: datetime | None,
    valid_until: datetime | None,
    now: datetime,
    life: Life = ENDLESS,
    waits: Waits | None = None,
) -> Situation:
    """Say how a stored account stands.

    :param state: as stored; the dates, naive UTC, may have ended it meanwhile
    :param life: how long links of this type of ID last
    :param waits: the change of it that waits, if one does
    """
    state = effective_state(state, hold_until, valid_until, now)
    is_free = not is_protected(state) and waits is None
    if state == State.UNLINKED:
        return Situation(Kind.REMOVED, may_change=is_free, waits=waits)
    kind, until = _KINDS[state]
    end = {"hold": hold_until, "link": valid_until}.get(until)
    if end is None:
        kind = _WITHOUT_END.get(kind, kind)
    return Situation(
        _kind_in_life(kind, life, valid_until, now),
        end,
        may_change=is_free,
        may_dispute=state in TRANSITIONS[Step.SUSPEND][0],
        may_remove=is_free,
        waits=waits,
    )


def _kind_in_life(
    kind: Kind, life: Life, valid_until: datetime | None, now: datetime
) -> Kind:
    """What has to be told where an account that ends can be renewed."""
    if not life.valid_days:
        return kind
    if kind == Kind.PAID_UNTIL:
        is_due = warning_of(life, valid_until, now) is not None
        return Kind.ENDS if is_due else Kind.PAID_LONG
    if kind == Kind.OVER and not is_over(life, valid_until, now):
        return Kind.GRACE
    return kind


_KINDS = {
    State.ACTIVE: (Kind.PAID_UNTIL, "link"),
    State.ON_HOLD: (Kind.WAITING_UNTIL, "hold"),
    State.SUSPENDED: (Kind.STOPPED, None),
    State.EXPIRED: (Kind.OVER, "link"),
}
_WITHOUT_END = {Kind.PAID_UNTIL: Kind.PAID, Kind.WAITING_UNTIL: Kind.WAITING}

"""What becomes of changes that wait, and the other steps that follow a link.

Planners as those of :mod:`core.plan`: staff stop payments and let them go on, a change
that waits is made or withdrawn, an earlier version is brought back, a link is renewed,
a failed payment is reported.
"""

from collections.abc import Callable

from .commands import WaitingItem
from .erasure import is_erased
from .fields import dump_info
from .life import end_of, is_over, is_renewed
from .plan import ADDRESS, Plan, address_columns, outcome_of
from .reason import Cause
from .rows import Entry, Row, Waiting, make_changes, unlinked
from .state import TRANSITIONS, State, Step, is_protected

#: States in which a change that waits can be made, besides its own hold.
_OPEN = frozenset({State.ACTIVE, State.EXPIRED, State.UNLINKED})


def plan_step(step: Step) -> Callable[[Plan, Entry], None]:
    """The planner of a step of staff (hold, release, suspend, reinstate)."""
    starts, end = TRANSITIONS[step]

    def plan_it(plan: Plan, entry: Entry) -> None:
        row, state = plan.find(entry)
        hold_until = entry.item.hold_until if step == Step.HOLD else None
        if row is None or state == State.UNLINKED:
            plan.refuse(entry, Cause.ID_UNKNOWN)
        elif state not in starts:
            plan.refuse(entry, Cause.NOT_POSSIBLE)
        elif end == State.ACTIVE and plan.is_held(entry):
            plan.refuse(entry, Cause.CHANGE_WAITS)
        elif plan.is_past(hold_until):
            plan.refuse(entry, Cause.END_PAST)
        else:
            after = row._replace(
                state=end.value,
                reason=plan.origin.reason,
                hold_until=hold_until,
                version=row.version + 1,
            )
            plan.accept(entry, step, row, after)

    return plan_it


def plan_apply(plan: Plan, entry: Entry) -> None:
    """Make a change that waits: its time has come, or somebody else agrees."""
    row, state = plan.find(entry)
    waiting = plan.waiting(entry)
    item = entry.item
    cause = _why_not(plan, item, waiting) or _closed(waiting, row, state, item.is_due)
    if cause is not None:
        plan.refuse(entry, cause)
        return
    after = make_changes(row, waiting.changes)._replace(
        state=State.ACTIVE.value,
        reason=waiting.reason if entry.item.is_due else plan.origin.reason,
        hold_until=None,
        version=row.version + 1,
    )
    if waiting.step == Step.LINK:
        plan.relinked.add(row.id_key)
    plan.accept(entry, Step.APPLY, row, after)


def _why_not(plan: Plan, item: WaitingItem, waiting: Waiting | None) -> Cause | None:
    """Why this caller may not make a change now; none: it may."""
    if waiting is None or item.pending_id not in (None, waiting.pending_id):
        return Cause.NOT_POSSIBLE
    if item.is_due:
        is_due = waiting.due_at is not None and waiting.due_at <= plan.now
        return None if is_due else Cause.NOT_POSSIBLE
    return Cause.OWN_CHANGE if waiting.user_id == plan.user_id else None


def _closed(waiting: Waiting, row: Row, state: str, is_due: bool) -> Cause | None:
    """Why a change cannot be made in the state of its mapping; none: it can.

    One that was asked for while payments were stopped is the decision about the stop
    and ends it; the hold that came with a change is such a stop too. Otherwise, whoever
    put the mapping on hold since has to decide first. A dispute ends the change, so
    that another one which waits beside a suspension was asked for before a payment to
    the old address failed. It is not made by the clock, since a death may be the reason
    of the failure and a thief the asker; but somebody who agrees has seen the report,
    and the new address takes the place of the one that failed.
    """
    is_decision = waiting.version == row.version
    has_seen = state == State.SUSPENDED and not is_due
    return None if state in _OPEN or is_decision or has_seen else Cause.PROTECTED


def plan_withdraw(plan: Plan, entry: Entry) -> None:
    """Give a change that waits up; what is stored stays, and its hold ends."""
    row, state = plan.find(entry)
    waiting = plan.waiting(entry)
    if waiting is None or entry.item.pending_id not in (None, waiting.pending_id):
        plan.refuse(entry, Cause.NOT_POSSIBLE)
        return
    ends_hold = waiting.held and state == State.ON_HOLD
    after = row._replace(
        state=State.ACTIVE.value if ends_hold else row.state,
        reason=plan.origin.reason,
        hold_until=None if ends_hold else row.hold_until,
        version=row.version + 1,
    )
    plan.accept(entry, Step.WITHDRAW, row, after)


def plan_rollback(plan: Plan, entry: Entry) -> None:
    """Bring address, name, phone and information of an earlier version back.

    The entry has been given what the version had. It is the end of a dispute too.
    """
    row, state = plan.find(entry)
    if row is None or state == State.UNLINKED:
        plan.refuse(entry, Cause.ID_UNKNOWN)
    elif entry.fa is None or state == State.EXPIRED:
        plan.refuse(entry, Cause.NOT_POSSIBLE)
    else:
        after = _rolled_back_row(plan, entry, row)
        if state == State.ACTIVE and _is_as_before(row, after):
            stored = plan.current[row.id_key]
            plan.outcomes[entry.index] = outcome_of(Cause.UNCHANGED, stored, state)
        else:
            plan.change(entry, Step.ROLLBACK, row, after)


def _rolled_back_row(plan: Plan, entry: Entry, row: Row) -> Row:
    names = Row._fields[ADDRESS]
    address = dict(zip(names, address_columns(plan, entry.fa), strict=True))
    return row._replace(
        **address,
        name=entry.name,
        phone=entry.phone,
        additional_info=dump_info(entry.info),
        state=State.ACTIVE.value,
        reason=plan.origin.reason,
        hold_until=None,
        version=row.version + 1,
    )


def _is_as_before(row: Row, after: Row) -> bool:
    return (row.fa_key, row.name, row.phone, row.additional_info) == (
        after.fa_key,
        after.name,
        after.phone,
        after.additional_info,
    )


def plan_renew(plan: Plan, entry: Entry) -> None:
    """Let a link go on that is in force, or ended a short time ago."""
    row, state = plan.find(entry)
    if row is None or state == State.UNLINKED:
        plan.refuse(entry, Cause.ID_UNKNOWN)
        return
    life = plan.life(row.id_type_id)
    if state not in (State.ACTIVE, State.EXPIRED):
        plan.refuse(entry, Cause.PROTECTED)
    elif plan.is_held(entry):
        plan.refuse(entry, Cause.CHANGE_WAITS)
    elif not life.valid_days:
        plan.refuse(entry, Cause.NOT_POSSIBLE)
    elif is_over(life, row.valid_until, plan.now):
        plan.refuse(entry, Cause.ID_EXPIRED)
    elif is_renewed(life, row.valid_until, plan.now):
        stored = plan.current[row.id_key]
        plan.outcomes[entry.index] = outcome_of(Cause.UNCHANGED, stored, state)
    else:
        plan.accept(entry, Step.RENEW, row, _renewed_row(plan, row))


def _renewed_row(plan: Plan, row: Row) -> Row:
    """The row with a new end; a hold that has run out is over for good."""
    return row._replace(
        state=State.ACTIVE.value,
        reason=plan.origin.reason,
        hold_until=None,
        valid_until=end_of(plan.life(row.id_type_id), plan.now),
        version=row.version + 1,
    )


_suspend_because = plan_step(Step.REPORT)


def plan_report(plan: Plan, entry: Entry) -> None:
    """Stop payments because one failed, unless another address is linked by now."""
    row, state = plan.find(entry)
    if row is None or state == State.UNLINKED:
        plan.refuse(entry, Cause.ID_UNKNOWN)
    elif entry.fa is not None and entry.fa.fa_key != row.fa_key:
        plan.refuse(entry, Cause.FA_DIFFERS)
    elif state == State.SUSPENDED:
        stored = plan.current[row.id_key]
        plan.outcomes[entry.index] = outcome_of(Cause.UNCHANGED, stored, state)
    else:
        plan.reported[row.id_key] = entry.item
        _suspend_because(plan, entry)


def plan_erase(plan: Plan, entry: Entry) -> None:
    """Take an address away for good, unless somebody still has to decide about it."""
    row, state = plan.find(entry)
    if row is None or is_erased(row.id_key):
        plan.refuse(entry, Cause.ID_UNKNOWN)
    elif plan.waiting(entry) is not None:
        plan.refuse(entry, Cause.CHANGE_WAITS)
    elif is_protected(state):
        plan.refuse(entry, Cause.PROTECTED)
    else:
        plan.accept(entry, Step.ERASE, row, unlinked(row, plan.origin.reason))

"""What a batch of changes comes to: entries and stored rows in, writes out.

Pure functions: they decide from what was read, in the order of the batch, and
see what earlier items of the same batch did. The service carries out the plan
with one statement for the rows and one for the history.

Normative behaviour: the table "semantics per operation" of the documentation
(readme/BEHAVIOUR.md).
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from odoo.addons.g2p_spar_fa_reference.core.reference import ParsedAddress

from .commands import Origin, Outcome
from .fields import dump_info, dump_json, merge_info
from .reason import Cause
from .rows import Entry, Row, Stored, Version
from .state import TRANSITIONS, State, Step, effective_state, is_live, is_protected

_ADDRESS = slice(Row._fields.index("fa_value"), Row._fields.index("name"))
_REASON = Row._fields.index("reason")

#: ids of known branches by (provider id, casefolded code)
Branches = dict[tuple[int, str], int]


class Plan:
    """A batch being decided.

    :param stored: what is stored, by ID key
    :param branches: ids of the branches which the entries name
    :param origin: where the call comes from
    :param now: the moment of the decision, naive UTC
    """

    def __init__(
        self,
        stored: dict[str, Stored],
        branches: Branches,
        origin: Origin,
        now: datetime,
    ):
        self.current = dict(stored)
        self.branches = branches
        self.origin = origin
        self.now = now
        self.outcomes: dict[int, Outcome] = {}
        self.versions: list[Version] = []
        self.written: dict[str, Row] = {}

    def find(self, entry: Entry) -> tuple[Row | None, str]:
        """The row of an entry's ID and its effective state."""
        stored = self.current.get(entry.id.id_key)
        if stored is None:
            return None, State.UNLINKED
        row = stored.row
        state = effective_state(row.state, row.hold_until, row.valid_until, self.now)
        return row, state

    def refuse(self, entry: Entry, cause: Cause) -> None:
        """Answer an entry without a change."""
        self.outcomes[entry.index] = Outcome(cause)

    def accept(self, entry: Entry, step: Step, before: Row | None, after: Row) -> None:
        """Note the change of one entry, its version and its outcome."""
        key = after.id_key
        stored = self.current.get(key)
        change = Stored(stored.mapping_id if stored else None, after)
        self.current[key] = change
        self.written[key] = after
        self.versions.append(Version(step, entry.item.reference_id, before, after))
        self.outcomes[entry.index] = outcome_of(Cause.DONE, change, after.state)

    def branch_id(self, fa: ParsedAddress) -> int | None:
        """Id of the branch an address names, when it is a known one."""
        if fa.provider_id is None or fa.branch_code is None:
            return None
        return self.branches.get((fa.provider_id, fa.branch_code.casefold()))


def outcome_of(cause: Cause, stored: Stored, state: str) -> Outcome:
    """An outcome that tells in-instance callers what is stored now."""
    row = stored.row
    return Outcome(
        cause,
        state == State.ACTIVE,
        None,
        None,
        None,
        row.strategy_id,
        row.provider_id,
        row.branch_code,
        None,
        state,
        row.version,
        stored.mapping_id,
        row.valid_until,
        row.hold_until,
    )


def plan_link(plan: Plan, entry: Entry) -> None:
    """Link: the same again is a success, another address is not."""
    row, state = plan.find(entry)
    if is_protected(state):
        plan.refuse(entry, Cause.PROTECTED)
    elif row is not None and is_live(state):
        if row.fa_key != entry.fa.fa_key:
            plan.refuse(entry, Cause.ALREADY_LINKED)
        else:
            stored = plan.current[row.id_key]
            plan.outcomes[entry.index] = outcome_of(Cause.UNCHANGED, stored, state)
    else:
        plan.accept(entry, Step.LINK, row, _linked_row(plan, entry, row))


def _linked_row(plan: Plan, entry: Entry, before: Row | None) -> Row:
    """The row of a new link. What an earlier link said of the person is gone."""
    return Row(
        entry.id.id_key,
        before.id_value if before else entry.id.stored_value,
        before.id_type_id if before else entry.id.id_type_id,
        *_address(plan, entry.fa),
        entry.name,
        entry.phone,
        dump_info(entry.info),
        State.ACTIVE.value,
        plan.origin.reason,
        None,
        entry.item.valid_until,
        1 if before is None else before.version + 1,
    )


def _address(plan: Plan, fa: ParsedAddress) -> tuple:
    """The columns of a row that an address fills, ``_ADDRESS`` of them."""
    return (
        fa.fa_value,
        fa.fa_key,
        None if fa.parts is None else dump_json(fa.parts),
        fa.strategy_id,
        fa.fa_type_id,
        fa.provider_id,
        plan.branch_id(fa),
        fa.branch_code,
    )


def plan_update(plan: Plan, entry: Entry) -> None:
    """Update: what is given replaces, what is empty stays."""
    row, state = plan.find(entry)
    if is_protected(state):
        plan.refuse(entry, Cause.PROTECTED)
    elif state == State.EXPIRED:
        plan.refuse(entry, Cause.ID_EXPIRED)
    elif row is None or not is_live(state):
        plan.refuse(entry, Cause.ID_UNKNOWN)
    else:
        after = _updated_row(plan, entry, row)
        if _same(row, after):
            stored = plan.current[row.id_key]
            plan.outcomes[entry.index] = outcome_of(Cause.UNCHANGED, stored, state)
        else:
            plan.accept(entry, Step.UPDATE, row, after)


def _updated_row(plan: Plan, entry: Entry, row: Row) -> Row:
    fa = entry.fa
    return Row(
        row.id_key,
        row.id_value,
        row.id_type_id,
        *(row[_ADDRESS] if fa is None else _address(plan, fa)),
        entry.name or row.name,
        entry.phone or row.phone,
        merge_info(row.additional_info, entry.info),
        State.ACTIVE.value,
        plan.origin.reason,
        None,
        entry.item.valid_until or row.valid_until,
        row.version + 1,
    )


def _same(before: Row, after: Row) -> bool:
    """Whether an update changes nothing but version and reason."""
    return (
        before[:_REASON] == after[:_REASON]
        and before[_REASON + 1 : -1] == after[_REASON + 1 : -1]
    )


def plan_unlink(plan: Plan, entry: Entry) -> None:
    """Unlink: the row stays, with its history, but is not found any more."""
    row, state = plan.find(entry)
    if row is None or state == State.UNLINKED:
        plan.refuse(entry, Cause.ID_UNKNOWN)
    elif is_protected(state):
        plan.refuse(entry, Cause.PROTECTED)
    elif entry.fa is not None and entry.fa.fa_key != row.fa_key:
        plan.refuse(entry, Cause.FA_DIFFERS)
    else:
        after = row._replace(
            state=State.UNLINKED.value,
            reason=plan.origin.reason,
            hold_until=None,
            version=row.version + 1,
        )
        plan.accept(entry, Step.UNLINK, row, after)


def plan_step(step: Step) -> Callable[[Plan, Entry], None]:
    """The planner of a step of staff (hold, release, suspend, reinstate)."""
    starts, end = TRANSITIONS[step]

    def plan_it(plan: Plan, entry: Entry) -> None:
        row, state = plan.find(entry)
        if row is None or state == State.UNLINKED:
            plan.refuse(entry, Cause.ID_UNKNOWN)
        elif state not in starts:
            plan.refuse(entry, Cause.NOT_POSSIBLE)
        else:
            after = row._replace(
                state=end.value,
                reason=plan.origin.reason,
                hold_until=entry.item.hold_until if step == Step.HOLD else None,
                version=row.version + 1,
            )
            plan.accept(entry, step, row, after)

    return plan_it


def plan_all(
    planner: Callable[[Plan, Entry], None], plan: Plan, entries: Iterable[Entry]
) -> Plan:
    """Decide all entries in the order of the batch."""
    for entry in entries:
        planner(plan, entry)
    return plan

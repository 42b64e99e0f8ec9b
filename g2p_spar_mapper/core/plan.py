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

from .commands import Origin, Outcome, ReportItem, StoredKey
from .erasure import is_erased
from .fields import dump_info, dump_json, merge_info
from .life import ENDLESS, Life, end_of
from .policy import NO_RULES, Facts, Policy, Rules, due_at, judge
from .reason import Cause
from .rows import Entry, Row, Stored, Version, Waiting, changes_between, unlinked
from .state import (
    ENDINGS,
    ChangeState,
    State,
    Step,
    effective_state,
    is_live,
    is_protected,
)

#: Where they stand in a row.
ADDRESS = slice(Row._fields.index("fa_value"), Row._fields.index("name"))
_REASON = Row._fields.index("reason")

#: ids of known branches by (provider id, casefolded code)
Branches = dict[tuple[int, str], int]


class Plan:
    """A batch being decided.

    :param stored: what is stored, by ID key
    :param branches: ids of the branches which the entries name
    :param origin: where the call comes from
    :param now: the moment of the decision, naive UTC
    :param rules: which changes wait, and how long links last
    :param user_id: who calls, so that nobody agrees to a change of their own
    """

    def __init__(
        self,
        stored: dict[str, Stored],
        branches: Branches,
        origin: Origin,
        now: datetime,
        rules: Rules = NO_RULES,
        user_id: int = 0,
    ):
        self.current = dict(stored)
        self.branches = branches
        self.origin = origin
        self.now = now
        self.rules = rules
        self.user_id = user_id
        self.outcomes: dict[int, Outcome] = {}
        self.versions: list[Version] = []
        self.written: dict[str, Row] = {}
        #: Changes that begin to wait, and what others come to, by ID key.
        self.proposed: dict[str, Waiting] = {}
        self.ended: dict[str, ChangeState] = {}
        #: Keys of IDs whose link is a new one.
        self.relinked: set[str] = set()
        #: Reports that stopped payments, by ID key.
        self.reported: dict[str, ReportItem] = {}

    def find(self, entry: Entry) -> tuple[Row | None, str]:
        """The row of an entry's ID and its effective state."""
        stored = self.current.get(entry.id.id_key)
        if stored is None:
            return None, State.UNLINKED
        return stored.row, self.state_of(stored.row)

    def state_of(self, row: Row) -> str:
        """The state in which a row is at the moment of the decision."""
        return effective_state(row.state, row.hold_until, row.valid_until, self.now)

    def refuse(self, entry: Entry, cause: Cause) -> None:
        """Answer an entry without a change."""
        self.outcomes[entry.index] = Outcome(cause)

    def accept(self, entry: Entry, step: Step, before: Row | None, after: Row) -> None:
        """Note the change of one entry, its version and its outcome."""
        waiting = self.waiting(entry)
        if waiting is not None and step in ENDINGS:
            self._end(after.id_key, ENDINGS[step])
            after, waiting = after._replace(change_waits=None), None
        if step == Step.LINK:
            self.relinked.add(after.id_key)
        change = self._keep(entry, step, before, after, waiting)
        state = self.state_of(after)
        self.outcomes[entry.index] = outcome_of(Cause.DONE, change, state)

    def _end(self, key: str, end: ChangeState) -> None:
        """Note what a change comes to; one of this batch was never kept."""
        if self.proposed.pop(key, None) is None:
            self.ended[key] = end

    def _keep(
        self,
        entry: Entry,
        step: Step,
        before: Row | None,
        after: Row,
        waiting: Waiting | None,
    ) -> Stored:
        """Note a row and its version."""
        stored = self.current.get(after.id_key)
        change = Stored(stored.mapping_id if stored else None, after, waiting)
        self.current[after.id_key] = change
        self.written[after.id_key] = after
        self.versions.append(Version(step, entry.item.reference_id, before, after))
        return change

    # === CHANGES THAT WAIT === #

    def waiting(self, entry: Entry) -> Waiting | None:
        """The change of an entry's ID that waits."""
        stored = self.current.get(entry.id.id_key)
        return stored.waiting if stored else None

    def is_held(self, entry: Entry) -> bool:
        """Whether payments go on only with the decision about a change that waits."""
        waiting = self.waiting(entry)
        return waiting is not None and waiting.held

    def answer_waiting(self, entry: Entry) -> None:
        """Answer a change that is asked for while one waits.

        The same one again is accepted, so that a call can be repeated; for another
        one somebody has to decide about the first.
        """
        stored = self.current[entry.id.id_key]
        if entry.fa is not None and entry.fa.fa_key == _target(stored):
            self.outcomes[entry.index] = self._outcome_of_waiting(stored)
        else:
            self.refuse(entry, Cause.CHANGE_WAITS)

    def change(self, entry: Entry, step: Step, before: Row | None, after: Row) -> None:
        """Make a change, or have it wait when a policy says so."""
        policy = self._policy(before, after)
        if policy is None:
            self.accept(entry, step, before, after)
        elif self.waiting(entry) is not None:
            self.answer_waiting(entry)
        else:
            self._propose(entry, step, policy, before, after)

    def _policy(self, before: Row | None, after: Row) -> Policy | None:
        if not self.rules.policies or before is None or before.fa_key == after.fa_key:
            return None
        facts = Facts(
            False,
            after.id_type_id,
            after.provider_id,
            self.origin.channel,
            self.now,
            self.rules.past.get(after.id_key, ()),
        )
        return judge(self.rules.policies, facts)

    def _propose(
        self, entry: Entry, step: Step, policy: Policy, before: Row, after: Row
    ) -> None:
        """Note a change that waits; only a hold changes what is paid until then.

        A hold of staff stays theirs: where nothing is to be paid it lasts until they
        release it, whatever its end was.
        """
        state = self.state_of(before)
        held = not policy.pays_old and state != State.ON_HOLD
        is_stopped = held and state == State.ACTIVE
        waiting = Waiting(
            None,
            step.value,
            changes_between(before, after),
            held,
            due_at(policy, self.now),
            self.user_id,
            self.origin.reason,
            policy.id,
            before.version + 1,
        )
        kept = before._replace(
            state=State.ON_HOLD.value if is_stopped else before.state,
            reason=self.origin.reason,
            hold_until=before.hold_until if policy.pays_old else None,
            change_waits=True,
            version=waiting.version,
        )
        self.proposed[kept.id_key] = waiting
        stored = self._keep(entry, Step.PROPOSE, before, kept, waiting)
        self.outcomes[entry.index] = self._outcome_of_waiting(stored)

    def _outcome_of_waiting(self, stored: Stored) -> Outcome:
        outcome = outcome_of(Cause.WAITING, stored, self.state_of(stored.row))
        return outcome._replace(due_at=stored.waiting.due_at)

    def is_past(self, end: datetime | None) -> bool:
        """Whether an end that somebody gives has come already."""
        return end is not None and end <= self.now

    def life(self, id_type_id: int) -> Life:
        """How long links of an ID type last."""
        return self.rules.lives.get(id_type_id, ENDLESS)

    def branch_id(self, fa: ParsedAddress) -> int | None:
        """Id of the branch an address names, when it is a known one."""
        if fa.provider_id is None or fa.branch_code is None:
            return None
        return self.branches.get((fa.provider_id, fa.branch_code.casefold()))


def _target(stored: Stored) -> str:
    """Key of the address which a mapping will have when its change is made."""
    return stored.waiting.changes.get("fa_key", stored.row.fa_key)


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
    if plan.waiting(entry) is not None and not is_same_link(row, state, entry):
        plan.answer_waiting(entry)
    elif is_protected(state):
        plan.refuse(entry, Cause.PROTECTED)
    elif row is not None and is_live(state):
        if row.fa_key != entry.fa.fa_key:
            plan.refuse(entry, Cause.ALREADY_LINKED)
        else:
            stored = plan.current[row.id_key]
            plan.outcomes[entry.index] = outcome_of(Cause.UNCHANGED, stored, state)
    elif _is_nobodys(entry, row):
        plan.refuse(entry, Cause.NOT_POSSIBLE)
    elif plan.is_past(entry.item.valid_until):
        plan.refuse(entry, Cause.END_PAST)
    else:
        plan.change(entry, Step.LINK, row, _linked_row(plan, entry, row))


def _is_nobodys(entry: Entry, row: Row | None) -> bool:
    """Whether only a key is known: its row is not there, or its person was erased."""
    return is_erased(entry.id.id_key) or (
        row is None and isinstance(entry.item.id, StoredKey)
    )


def is_same_link(row: Row, state: str, entry: Entry) -> bool:
    """Whether a link asks for what is in force already."""
    return state == State.ACTIVE and row.fa_key == entry.fa.fa_key


def _linked_row(plan: Plan, entry: Entry, before: Row | None) -> Row:
    """The row of a new link. What an earlier link said of the person is gone."""
    id_type_id = before.id_type_id if before else entry.id.id_type_id
    return Row(
        entry.id.id_key,
        before.id_value if before else entry.id.stored_value,
        id_type_id,
        *address_columns(plan, entry.fa),
        entry.name,
        entry.phone,
        dump_info(entry.info),
        State.ACTIVE.value,
        plan.origin.reason,
        None,
        entry.item.valid_until or end_of(plan.life(id_type_id), plan.now),
        before.change_waits if before else None,
        1 if before is None else before.version + 1,
    )


def address_columns(plan: Plan, fa: ParsedAddress) -> tuple:
    """The columns of a row that an address fills, :data:`ADDRESS` of them."""
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
    if _is_other_address(plan, entry, row):
        plan.answer_waiting(entry)
    elif is_protected(state):
        plan.refuse(entry, Cause.PROTECTED)
    elif state == State.EXPIRED:
        plan.refuse(entry, Cause.ID_EXPIRED)
    elif row is None or not is_live(state):
        plan.refuse(entry, Cause.ID_UNKNOWN)
    elif plan.is_past(entry.item.valid_until):
        plan.refuse(entry, Cause.END_PAST)
    else:
        after = _updated_row(plan, entry, row)
        if _same(row, after):
            stored = plan.current[row.id_key]
            plan.outcomes[entry.index] = outcome_of(Cause.UNCHANGED, stored, state)
        else:
            plan.change(entry, Step.UPDATE, row, after)


def _is_other_address(plan: Plan, entry: Entry, row: Row | None) -> bool:
    """Whether an update asks for a change of address while one waits."""
    if plan.waiting(entry) is None or entry.fa is None:
        return False
    return entry.fa.fa_key != row.fa_key


def _updated_row(plan: Plan, entry: Entry, row: Row) -> Row:
    fa = entry.fa
    return Row(
        row.id_key,
        row.id_value,
        row.id_type_id,
        *(row[ADDRESS] if fa is None else address_columns(plan, fa)),
        entry.name or row.name,
        entry.phone or row.phone,
        merge_info(row.additional_info, entry.info),
        State.ACTIVE.value,
        plan.origin.reason,
        None,
        entry.item.valid_until or row.valid_until,
        row.change_waits,
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
        plan.accept(entry, Step.UNLINK, row, unlinked(row, plan.origin.reason))


def plan_all(
    planner: Callable[[Plan, Entry], None], plan: Plan, entries: Iterable[Entry]
) -> Plan:
    """Decide all entries in the order of the batch."""
    for entry in entries:
        planner(plan, entry)
    return plan

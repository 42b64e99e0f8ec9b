"""The registry's row, its history and the shapes the planner works with."""

from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from odoo.addons.g2p_spar_fa_reference.core.reference import ParsedAddress, ParsedId

from .commands import (
    CheckItem,
    LinkItem,
    RenewItem,
    ReportItem,
    RollbackItem,
    StepItem,
    UnlinkItem,
    WaitingItem,
)
from .state import State, Step


class Row(NamedTuple):
    """Everything of a mapping that a step can change. JSON is kept as text.

    :param change_waits: true while a change of it waits, otherwise none. It stands
        in the row itself, because a transaction that waited for a row's lock reads
        only that row again, not what was joined to it.
    """

    id_key: str
    id_value: str
    id_type_id: int
    fa_value: str
    fa_key: str
    fa_parts: str | None
    strategy_id: int | None
    fa_type_id: int | None
    provider_id: int | None
    branch_id: int | None
    branch_code: str | None
    name: str | None
    phone: str | None
    additional_info: str | None
    state: str
    reason: str | None
    hold_until: datetime | None
    valid_until: datetime | None
    change_waits: bool | None
    version: int


class Waiting(NamedTuple):
    """A change that waits.

    :param pending_id: database id; none while it is only planned
    :param step: what is asked for: link, update or rollback
    :param changes: what becomes of the row (:func:`changes_between`)
    :param held: whether the mapping was put on hold because of it
    :param due_at: when it is made, naive UTC; none: when somebody has agreed
    :param user_id: who asked, and so may not agree
    :param reason: why, in the words of whoever asked
    :param policy_id: the policy because of which it waits
    :param version: of the row since it was asked for
    """

    pending_id: int | None
    step: str
    changes: dict
    held: bool
    due_at: datetime | None
    user_id: int
    reason: str | None
    policy_id: int | None
    version: int


class Stored(NamedTuple):
    """A row as read, with its database id; none while it is only planned."""

    mapping_id: int | None
    row: Row
    waiting: Waiting | None = None


class ResolveRow(NamedTuple):
    """What a resolve reads of a mapping; the parts only where they are asked for."""

    id_key: str
    fa_value: str
    state: str
    hold_until: datetime | None
    valid_until: datetime | None
    strategy_id: int | None
    provider_id: int | None
    branch_code: str | None
    additional_info: str | None
    version: int
    mapping_id: int
    fa_parts: str | None


class ReverseRow(NamedTuple):
    """What a look-up by address reads of a mapping."""

    fa_key: str
    id_key: str
    id_value: str
    state: str
    hold_until: datetime | None
    valid_until: datetime | None
    id_type_id: int


class Entry(NamedTuple):
    """An item whose texts have been read, with its place in the batch."""

    index: int
    item: (
        LinkItem
        | UnlinkItem
        | StepItem
        | WaitingItem
        | RollbackItem
        | RenewItem
        | ReportItem
        | CheckItem
    )
    id: ParsedId
    fa: ParsedAddress | None = None
    name: str | None = None
    phone: str | None = None
    info: list[dict] | None = None


class Version(NamedTuple):
    """One line of history: the row before (none: it is the first) and after."""

    step: Step
    reference_id: str
    before: Row | None
    after: Row


_KEPT = (
    "fa_value",
    "strategy_id",
    "provider_id",
    "branch_code",
    "name",
    "phone",
    "additional_info",
    "state",
    "hold_until",
    "valid_until",
)
_kept_values = itemgetter(*map(Row._fields.index, _KEPT))


def snapshot(row: Row | None) -> dict | None:
    """The row as history keeps it: what is set, by the names of the fields.

    Dates are naive UTC; JSON gets them as ISO 8601 text without zone.
    """
    if row is None:
        return None
    values = zip(_KEPT, _kept_values(row), strict=True)
    return {name: value for name, value in values if value is not None}


#: What a change of a mapping brings; the rest of the row is decided when it is made.
_BROUGHT = (
    *Row._fields[Row._fields.index("fa_value") : Row._fields.index("state")],
    "valid_until",
)


def changes_between(before: Row, after: Row) -> dict:
    """What a change brings, by the names of the fields, so that JSON can keep it.

    Kept are the fields that differ: what happens to the others while the change
    waits is not undone by it.
    """
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in _BROUGHT)
    return {name: _plain(new) for name, old, new in pairs if old != new}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def make_changes(row: Row, changes: dict) -> Row:
    """The row with what :func:`changes_between` kept."""
    values = {name: value for name, value in changes.items() if name in _BROUGHT}
    if values.get("valid_until"):
        values["valid_until"] = datetime.fromisoformat(values["valid_until"])
    return row._replace(**values)


def unlinked(row: Row, reason: str | None) -> Row:
    """Return a row as it stands when its address was taken away."""
    return row._replace(
        state=State.UNLINKED.value,
        reason=reason,
        hold_until=None,
        version=row.version + 1,
    )

"""The registry's row, its history and the shapes the planner works with."""

from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from odoo.addons.g2p_spar_fa_reference.core.reference import ParsedAddress, ParsedId

from .commands import LinkItem, StepItem, UnlinkItem
from .state import Step


class Row(NamedTuple):
    """Everything of a mapping that a step can change. JSON is kept as text."""

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
    version: int


class Stored(NamedTuple):
    """A row as read, with its database id; none while it is only planned."""

    mapping_id: int | None
    row: Row


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
    item: LinkItem | UnlinkItem | StepItem
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

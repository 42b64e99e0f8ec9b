"""From the items of a message to what is asked of the registry.

Only what belongs to the wire is judged here: is the item an object, can its
``reference_id`` be repeated, is its time a time, do texts stand where texts
belong. Everything else is the registry's own rule and is judged there.

One bad item never touches its neighbours: it keeps its place and is refused.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

from odoo.addons.g2p_spar_mapper.core.commands import (
    CheckItem,
    LinkItem,
    ReportItem,
    ResolveItem,
    UnlinkItem,
    UpdateItem,
)
from odoo.addons.g2p_spar_mapper.core.fields import REFERENCE_LIMIT, clean_name
from odoo.addons.g2p_spar_mapper.core.ladder import Result, Rung
from odoo.addons.g2p_spar_mapper.core.reason import Cause, Notice, Operation

from .moment import is_fit, read_moment

Item = LinkItem | UnlinkItem | ResolveItem | ReportItem | CheckItem
#: (reference id, getter of fields) -> item, or why it is refused
Maker = Callable[[str, Callable], Item | Cause]


class Items(NamedTuple):
    """All items of a message, in its order.

    :param asked: one for each; for a refused one only what can be repeated
    :param refused: why, by place, for those that never reach the registry
    """

    asked: list[Item]
    refused: dict[int, Cause]

    def for_registry(self) -> list[Item | Cause]:
        """Return what the registry gets: a cause in the place of a refused item."""
        if not self.refused:
            return self.asked
        return [self.refused.get(place, item) for place, item in enumerate(self.asked)]


class _Moments(dict):
    """Memory of the times of one message: the same one stands in most items."""

    def __init__(self, latest: datetime):
        super().__init__()
        self.latest = latest

    def __missing__(self, text: str) -> bool:
        self[text] = fit = is_fit(text, self.latest)
        return fit


def _read_frame(raw: object, moments: _Moments) -> Cause | None:
    """Judge what all items have in common.

    A reference that is not printable (control characters, surrogates) could
    neither be stored nor repeated.
    """
    if type(raw) is not dict:
        return Cause.ITEM_INVALID
    reference = raw.get("reference_id")
    if (
        type(reference) is not str
        or not 0 < len(reference) <= REFERENCE_LIMIT
        or not reference.isprintable()
    ):
        return Cause.REFERENCE_INVALID
    stamp = raw.get("timestamp")
    if type(stamp) is not str or not moments[stamp]:
        return Cause.TIMESTAMP_INVALID
    return None


def _make_link(reference: str, get: Callable) -> LinkItem | Cause:
    id_, fa = get("id"), get("fa")
    if type(id_) is not str:
        return Cause.ID_INVALID
    if fa is not None and type(fa) is not str:
        return Cause.FA_INVALID
    return LinkItem(
        reference, id_, fa, get("name"), get("phone_number"), get("additional_info")
    )


def _make_update(reference: str, get: Callable) -> UpdateItem | Cause:
    """Like a link, but an empty address means: leave it as it is."""
    item = _make_link(reference, get)
    return item if type(item) is Cause or item.fa else item._replace(fa=None)


def _make_unlink(reference: str, get: Callable) -> UnlinkItem | Cause:
    id_, fa = get("id"), get("fa")
    if type(id_) is not str:
        return Cause.ID_INVALID
    if fa is not None and type(fa) is not str:
        return Cause.FA_INVALID
    return UnlinkItem(reference, id_, fa or None)


def _make_resolve(reference: str, get: Callable) -> ResolveItem | Cause:
    id_, fa, scope = get("id"), get("fa"), get("scope")
    if id_ is not None and type(id_) is not str:
        return Cause.ID_INVALID
    if fa is not None and type(fa) is not str:
        return Cause.FA_INVALID
    details = scope == "details"
    if not details and scope not in (None, "yes_no", ""):
        return Cause.SCOPE_INVALID
    return ResolveItem(reference, id_ or None, fa or None, details)


FAILED = "payment_failed"
#: What a partner may tell of a payment that did not fail, and what it proves.
CHECKED = {
    "payment_arrived": (Rung.PAYMENT, Result.PASSED),
    "test_transfer_arrived": (Rung.TEST_TRANSFER, Result.PASSED),
    "test_transfer_failed": (Rung.TEST_TRANSFER, Result.FAILED),
}


def _make_report(reference: str, get: Callable) -> ReportItem | CheckItem | Cause:
    """Read what became of a payment."""
    plain, event = _make_unlink(reference, get), get("event")
    if type(plain) is Cause:
        return plain
    if event == FAILED:
        return _make_failure(plain, get)
    if type(event) is not str or event not in CHECKED:
        return Cause.EVENT_INVALID
    try:
        evidence = clean_name(get("evidence"))
    except ValueError:
        return Cause.EVIDENCE_INVALID
    rung, result = CHECKED[event]
    return CheckItem(reference, plain.id, rung.value, result.value, evidence, plain.fa)


def _make_failure(plain: UnlinkItem, get: Callable) -> ReportItem | Cause:
    day, reason = get("date"), get("reason")
    if day in (None, ""):
        day = None
    elif (day := _read_day(day, get("timestamp"))) is None:
        return Cause.DATE_INVALID
    if type(reason) is not str:
        return Cause.FAILURE_INVALID
    return ReportItem(plain.reference_id, plain.id, reason, day, plain.fa)


#: Where a day begins first: a payer's today may still be tomorrow in UTC.
_FIRST_ZONE = timezone(timedelta(hours=14))


def _read_day(text: object, stamp: str) -> date | None:
    """Read a day that has begun somewhere by its item's time.

    :return: none: it is no such day
    """
    moment = read_moment(text)
    if moment is None or len(text) != len("2026-03-01"):
        return None
    day = moment.date()
    return day if day <= read_moment(stamp).astimezone(_FIRST_ZONE).date() else None


#: Read the fields of an item whose reference and time are right.
MAKERS: Mapping[Operation | Notice, Maker] = {
    Operation.LINK: _make_link,
    Operation.UPDATE: _make_update,
    Operation.UNLINK: _make_unlink,
    Operation.RESOLVE: _make_resolve,
    Notice.REPORT: _make_report,
}
_KINDS = {
    Operation.LINK: LinkItem,
    Operation.UPDATE: UpdateItem,
    Operation.UNLINK: UnlinkItem,
    Operation.RESOLVE: ResolveItem,
    # What an answer repeats is the same.
    Notice.REPORT: UnlinkItem,
}


def read_items(
    operation: Operation | Notice,
    raws: Sequence,
    latest: datetime,
    makers: Mapping[Operation | Notice, Maker] | None = None,
) -> Items:
    """Read the items of one message.

    :param raws: elements of the JSON list, of any type
    :param latest: a later time of an item is refused; aware
    :param makers: how the fields of an item are read, where a dialect differs
    """
    make = (makers or MAKERS)[operation]
    moments = _Moments(latest)
    asked, refused = [], {}
    for raw in raws:
        item = _read_frame(raw, moments) or make(raw["reference_id"], raw.get)
        if type(item) is Cause:
            refused[len(asked)] = item
            item = _repeatable(operation, raw)
        asked.append(item)
    return Items(asked, refused)


def _repeatable(operation: Operation, raw: object) -> Item:
    """Keep of a refused item what its answer repeats: reference and ID."""
    get = raw.get if type(raw) is dict else {}.get
    reference, id_ = get("reference_id"), get("id")
    return _KINDS[operation](
        reference if type(reference) is str else "",
        id_ if type(id_) is str else None,
    )

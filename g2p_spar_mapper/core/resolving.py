"""What a resolve answers: what was asked and what is stored in, outcomes out.

An address that is not payable never leaves this module (see ``core.state``),
and an address that was asked about is never answered with another one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from odoo.addons.g2p_spar_fa_reference.core.address import check_text, normalize
from odoo.addons.g2p_spar_fa_reference.core.errors import AddressError
from odoo.addons.g2p_spar_fa_reference.core.reference import MAX_ADDRESS, MAX_ID

from .commands import Origin, Outcome, ResolveItem
from .reading import ANSWERED, Reader, Unreadable, check_reference, take_answer
from .reason import Cause
from .rows import ResolveRow, ReverseRow
from .sandbox import bare
from .state import State, is_live, is_payable

HASHED = "h:"


#: One readable item, a plain tuple because a resolve makes thousands: its place,
#: the item, and the keys to look for. A key that ends in ``@`` is a prefix.
Question = tuple[int, ResolveItem, str | None, str | None]


class Found(NamedTuple):
    """What is stored: rows by ID key, and rows by address key.

    Rows by ID come as they were fetched, plain tuples in the order of
    :class:`ResolveRow`: naming the columns of each would cost more than it tells.
    """

    by_id: dict[str, tuple]
    by_fa: dict[str, list[ReverseRow]]


_NOT_FOUND = Outcome(Cause.ID_NOT_FOUND)


def read_questions(
    items: Sequence, reader: Reader, origin: Origin
) -> tuple[list[Outcome | None], list[Question]]:
    """Read all items of a resolve.

    :return: outcomes aligned with the items, none where there is a question;
        and the questions
    """
    outcomes: list[Outcome | None] = [None] * len(items)
    questions: list[Question] = []
    seen: set[str] = set()
    for index, item in enumerate(items):
        try:
            if isinstance(item, ANSWERED):
                outcomes[index] = take_answer(item)
                continue
            check_reference(item.reference_id, seen)
            if item.fa or not item.id or origin.may_prefix:
                keys = _read_keys(item, reader, origin)
            else:
                keys = reader.read_id(item.id).id_key, None
        except Unreadable as error:
            outcomes[index] = Outcome(error.cause, detail=error.detail)
        else:
            questions.append((index, item, *keys))
    return outcomes, questions


def _read_keys(
    item: ResolveItem, reader: Reader, origin: Origin
) -> tuple[str | None, str | None]:
    """ID key and address key of an item; at least one is set."""
    if not item.id and not item.fa:
        raise Unreadable(Cause.NOTHING_ASKED)
    id_key = fa_key = None
    if item.id:
        id_key = _read_id_key(item.id, reader, origin)
    if item.fa:
        fa_key = _read_fa_key(item.fa, reader, origin)
    return id_key, fa_key


def _read_id_key(text: str, reader: Reader, origin: Origin) -> str:
    if origin.may_prefix and is_prefix(text):
        _check_prefix(text, MAX_ID, Cause.ID_INVALID)
        return reader.prefix + normalize_prefix(text, case_significant=True)
    return reader.read_id(text).id_key


def _read_fa_key(text: str, reader: Reader, origin: Origin) -> str:
    if origin.may_prefix and is_prefix(text):
        _check_prefix(text, MAX_ADDRESS, Cause.FA_INVALID)
        return reader.prefix + normalize_prefix(text)
    return reader.prefix + reader.read_fa(text).fa_key


def _check_prefix(text: str, limit: int, cause: Cause) -> None:
    """Demand of a prefix what is demanded of a whole text.

    :raise Unreadable: it is too long or contains hidden characters, for example
        the mark of a sandbox
    """
    try:
        check_text(text, limit)
    except AddressError as error:
        raise Unreadable(cause, str(error)) from error


def is_prefix(text: str) -> bool:
    """Whether a text stands for all that begin so: ``account:123@``."""
    return isinstance(text, str) and text.endswith("@") and ":" in text


def normalize_prefix(text: str, case_significant: bool = False) -> str:
    """Normal form of a prefix, comparable with the beginning of keys.

    :param case_significant: for IDs, whose type is told by what the prefix lacks:
        the value is looked for as it is written
    """
    return normalize(text + "x", case_significant)[:-1]


def answer_all(
    outcomes: list[Outcome | None],
    questions: Iterable[Question],
    found: Found,
    origin: Origin,
    now: datetime,
) -> list[Outcome]:
    """Fill the outcomes of all questions in.

    :param outcomes: from :func:`read_questions`, filled in place
    :param now: the moment asked about, naive UTC
    """
    by_id = found.by_id
    for index, item, id_key, fa_key in questions:
        if id_key is None:
            rows = found.by_fa.get(fa_key, ())
            outcomes[index] = _answer_fa(item, rows, origin, now)
        elif (row := by_id.get(id_key)) is None:
            outcomes[index] = _NOT_FOUND
        elif fa_key is None:
            outcomes[index] = _answer_id(item.details, row, now)
        else:
            outcomes[index] = _answer_match(item, row, fa_key, now)
    return outcomes


def _answer_id(details: bool, row: tuple, now: datetime) -> Outcome:
    (
        _id_key,
        fa,
        state,
        hold_until,
        valid_until,
        strategy_id,
        provider_id,
        branch_code,
        info,
        version,
        mapping_id,
        parts,
    ) = row
    # The usual case at once; is_payable decides all others.
    payable = (state == "active" and valid_until is None) or is_payable(
        state, hold_until, valid_until, now
    )
    if not payable:
        return _unpayable(ResolveRow(*row))
    if not details:
        return Outcome(
            Cause.ID_ACTIVE,
            True,
            state="active",
            version=version,
            mapping_id=mapping_id,
        )
    return Outcome(
        Cause.ID_ACTIVE,
        True,
        None,
        fa,
        parts,
        strategy_id,
        provider_id,
        branch_code,
        info,
        "active",
        version,
        mapping_id,
        valid_until,
    )


def _unpayable(row: ResolveRow) -> Outcome:
    """An unlinked ID is unknown; any other state is told without the address."""
    if row.state == State.UNLINKED:
        return _NOT_FOUND
    return Outcome(
        Cause.ID_INACTIVE,
        state=row.state,
        version=row.version,
        mapping_id=row.mapping_id,
        valid_until=row.valid_until,
        hold_until=row.hold_until,
    )


def _answer_match(item: ResolveItem, row: tuple, fa_key: str, now: datetime) -> Outcome:
    """Whether ID and address belong together; the real address is never told."""
    stored = ResolveRow(*row)
    wanted = bare(fa_key)
    if stored.state != State.UNLINKED and not _fits(normalize(stored.fa_value), wanted):
        return Outcome(Cause.FA_NOT_LINKED)
    return _answer_id(item.details, row, now)


def _fits(key: str, wanted: str) -> bool:
    return key.startswith(wanted) if wanted.endswith("@") else key == wanted


def _answer_fa(
    item: ResolveItem, rows: Sequence[ReverseRow], origin: Origin, now: datetime
) -> Outcome:
    rows = [row for row in rows if is_live(row.state)]
    if not rows:
        return Outcome(Cause.FA_NOT_FOUND)
    payable = [
        row
        for row in rows
        if is_payable(row.state, row.hold_until, row.valid_until, now)
    ]
    if not payable:
        return Outcome(Cause.FA_INACTIVE)
    if not (item.details and origin.may_reverse and len(rows) == 1):
        return Outcome(Cause.FA_ACTIVE, True)
    return Outcome(Cause.FA_ACTIVE, True, id=_tellable_id(rows[0], origin))


def _tellable_id(row: ReverseRow, origin: Origin) -> str | None:
    """The ID of a row, unless it is only kept as a hash or not the caller's."""
    if bare(row.id_key).startswith(HASHED):
        return None
    if origin.id_type_ids is not None and row.id_type_id not in origin.id_type_ids:
        return None
    return row.id_value

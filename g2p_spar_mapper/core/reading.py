"""From what was asked to what can be planned: items become entries, or causes.

Nothing here looks at what is stored. An item that cannot be read is answered
in its place, and the rest of the batch goes on.
"""

from collections.abc import Callable, Sequence

from odoo.addons.g2p_spar_fa_reference.core.errors import AddressError
from odoo.addons.g2p_spar_fa_reference.core.reference import (
    ParsedAddress,
    ParsedId,
    Reference,
)

from .commands import (
    CheckItem,
    LinkItem,
    Origin,
    Outcome,
    RenewItem,
    ReportItem,
    RollbackItem,
    StepItem,
    StoredKey,
    UnlinkItem,
    WaitingItem,
)
from .failure import read_failure
from .fields import (
    REFERENCE_LIMIT,
    clean_info,
    clean_name,
    clean_phone,
    strategy_hint,
)
from .ladder import read_check
from .reason import Cause
from .rows import Entry
from .sandbox import prefix_of, prefix_of_key

#: What stands in the place of an item that needs no work any more.
ANSWERED = (Cause, Outcome)


class Unreadable(Exception):
    """One item cannot be read.

    :param cause: which rule it breaks
    :param detail: a sentence without personal data that says more, or none
    """

    def __init__(self, cause: Cause, detail: str | None = None):
        super().__init__(cause.name)
        self.cause = cause
        self.detail = detail


def read_batch(
    items: Sequence, read: Callable[[int, object], Entry]
) -> tuple[list[Outcome | None], list[Entry]]:
    """Read all items of a batch.

    :param items: items, or in the place of one a cause that a protocol layer found,
        or an outcome that was reached elsewhere
    :param read: reads one item: ``(index, item) -> Entry``
    :return: outcomes aligned with the items, none where the item can be
        planned; and the entries to plan
    """
    outcomes: list[Outcome | None] = [None] * len(items)
    entries: list[Entry] = []
    references: set[str] = set()
    for index, item in enumerate(items):
        try:
            if isinstance(item, ANSWERED):
                outcomes[index] = take_answer(item)
                continue
            check_reference(item.reference_id, references)
            entries.append(read(index, item))
        except Unreadable as error:
            outcomes[index] = Outcome(error.cause, detail=error.detail)
    return outcomes, entries


def take_answer(item: Cause | Outcome) -> Outcome:
    """Return the outcome that stands in the place of an item, or its cause."""
    return Outcome(item) if isinstance(item, Cause) else item


def check_reference(reference_id: str, seen: set[str]) -> None:
    """Check an item's reference and note it among those ``seen`` in the batch.

    :raise Unreadable: no text of 1 to 99 characters, or seen before
    """
    if (
        not isinstance(reference_id, str)
        or not reference_id
        or len(reference_id) > REFERENCE_LIMIT
        or not reference_id.isprintable()
    ):
        raise Unreadable(Cause.REFERENCE_INVALID)
    if reference_id in seen:
        raise Unreadable(Cause.REFERENCE_DUPLICATE)
    seen.add(reference_id)


def refuse_repeats(items: Sequence) -> list:
    """Put a cause in the place of items whose reference occurred before.

    For batches whose items are read by more than one reader.
    """
    seen: set[str] = set()
    kept = []
    for item in items:
        reference = None if isinstance(item, ANSWERED) else item.reference_id
        is_repeat = isinstance(reference, str) and reference in seen
        kept.append(Cause.REFERENCE_DUPLICATE if is_repeat else item)
        if isinstance(reference, str):
            seen.add(reference)
    return kept


class Reader:
    """Reads the items of one call.

    :param reference: the reference data
    :param origin: what the caller may touch
    """

    def __init__(self, reference: Reference, origin: Origin):
        self._reference = reference
        self._allowed = origin.id_type_ids
        #: What all keys of the caller begin with: empty but in a sandbox.
        self.prefix = prefix_of(origin.sandbox)

    def read_id(self, text: str) -> ParsedId:
        """Key and type of an ID.

        :raise Unreadable: it is none, or of a type which the caller may not use
        """
        if type(text) is StoredKey:
            return ParsedId(str(text), 0, "")
        try:
            parsed = self._reference.read_id(text)
        except AddressError as error:
            raise Unreadable(Cause.ID_INVALID, str(error)) from error
        if self._allowed is not None and parsed.id_type_id not in self._allowed:
            raise Unreadable(Cause.ID_NOT_ALLOWED)
        if self.prefix:
            return parsed._replace(id_key=self.prefix + parsed.id_key)
        return parsed

    def read_fa(self, text: str, hint: int | None = None) -> ParsedAddress:
        """Normal form and parts of an address.

        :param hint: number of the strategy which the caller names
        :raise Unreadable: it is none that could be paid
        """
        try:
            return self._reference.read_address(text, hint)
        except AddressError as error:
            raise Unreadable(Cause.FA_INVALID, str(error)) from error

    def read_stored(
        self, parsed_id: ParsedId, text: str, hint: int | None
    ) -> ParsedAddress:
        """Read an address that was stored for an ID, as :meth:`read_fa` does."""
        return _beside(parsed_id, self.read_fa(text, hint))

    def link(self, index: int, item: LinkItem) -> Entry:
        """Read an item of link: the address is demanded."""
        entry = self.update(index, item)
        if entry.fa is None:
            raise Unreadable(Cause.FA_INVALID)
        return entry

    def update(self, index: int, item: LinkItem) -> Entry:
        """Read an item of update: what is empty stays as it is."""
        parsed_id = self.read_id(item.id)
        try:
            info = clean_info(item.additional_info)
        except (ValueError, TypeError) as error:
            raise Unreadable(Cause.INFO_INVALID) from error
        fa = _beside(parsed_id, self._fa_of(item))
        try:
            name = clean_name(item.name)
        except ValueError as error:
            raise Unreadable(Cause.NAME_INVALID) from error
        try:
            phone = clean_phone(item.phone_number)
        except ValueError as error:
            raise Unreadable(Cause.PHONE_INVALID) from error
        return Entry(index, item, parsed_id, fa, name, phone, info)

    def _fa_of(self, item: LinkItem) -> ParsedAddress | None:
        hint = strategy_hint(item.additional_info)
        if item.fa:
            return self.read_fa(item.fa, hint)
        if not item.fa_parts:
            return None
        try:
            return self._reference.build_address(item.fa_parts, item.fa_type, hint)
        except AddressError as error:
            raise Unreadable(Cause.FA_INVALID, str(error)) from error

    def unlink(self, index: int, item: UnlinkItem | ReportItem | CheckItem) -> Entry:
        """Read an item of unlink: the address is only compared."""
        parsed_id = self.read_id(item.id)
        fa = self.read_fa(item.fa) if item.fa else None
        return Entry(index, item, parsed_id, _beside(parsed_id, fa))

    def step(
        self, index: int, item: StepItem | WaitingItem | RollbackItem | RenewItem
    ) -> Entry:
        """Read an item of a step that brings no address of its own."""
        return Entry(index, item, self.read_id(item.id))

    def report(self, index: int, item: ReportItem) -> Entry:
        """Read a report of a failed payment: the address is only compared."""
        entry = self.unlink(index, item)
        try:
            read_failure(item.reason)
        except ValueError as error:
            raise Unreadable(Cause.FAILURE_INVALID) from error
        return entry

    def check(self, index: int, item: CheckItem) -> Entry:
        """Read the end of a check: the address is only compared."""
        entry = self.unlink(index, item)
        try:
            read_check(item.rung, item.result)
            clean_name(item.evidence)
        except ValueError as error:
            raise Unreadable(Cause.CHECK_INVALID) from error
        return entry


def _beside(parsed_id: ParsedId, fa: ParsedAddress | None) -> ParsedAddress | None:
    """Put an address where its ID is: into the same sandbox, or into none."""
    prefix = prefix_of_key(parsed_id.id_key)
    return fa._replace(fa_key=prefix + fa.fa_key) if fa and prefix else fa

"""Which items of a batch are done elsewhere, and what is done when that fails."""

from collections.abc import Mapping, Sequence

from odoo.addons.g2p_spar_mapper.core.commands import Outcome, ResolveItem
from odoo.addons.g2p_spar_mapper.core.outgoing.errors import OutgoingError
from odoo.addons.g2p_spar_mapper.core.reading import (
    ANSWERED,
    Reader,
    Unreadable,
    check_reference,
)
from odoo.addons.g2p_spar_mapper.core.reason import Cause, Operation
from odoo.addons.g2p_spar_mapper.core.resolving import is_prefix
from odoo.addons.g2p_spar_mapper.core.rows import Entry

#: Failures that are over soon or not at all: trying again costs little time.
_QUICK = frozenset({"unreachable", "broken", "server_failed"})
MOST_ATTEMPTS = 2
#: Mappers that may send a message on. Two that name each other would never end.
MOST_HOPS = 3


def split(
    operation: Operation,
    items: Sequence,
    reader: Reader,
    routes: Mapping[int, int],
) -> tuple[list, dict[int, list[Entry]]]:
    """Take out of a batch what lives elsewhere.

    :param items: as given to the registry's service
    :param routes: id of an ID type -> id of the mapper that keeps such IDs
    :return: the items, with the outcome of those that cannot be read; and the
        entries for each mapper, which keep their place in the batch
    """
    kept, away = list(items), {}
    seen: set[str] = set()
    for index, item in enumerate(items):
        if isinstance(item, ANSWERED):
            continue
        try:
            check_reference(item.reference_id, seen)
            mapper = _find_mapper(item, reader, routes)
            if mapper is not None:
                entry = _read(operation, reader, index, item)
                away.setdefault(mapper, []).append(entry)
        except Unreadable as error:
            kept[index] = Outcome(error.cause, detail=error.detail)
    return kept, away


def _find_mapper(item, reader: Reader, routes: Mapping[int, int]) -> int | None:
    """Return the mapper of an item; without an ID there is no telling."""
    if not item.id or is_prefix(item.id):
        return None
    return routes.get(reader.read_id(item.id).id_type_id)


def _read(operation: Operation, reader: Reader, index: int, item) -> Entry:
    if operation is not Operation.RESOLVE:
        return getattr(reader, operation.value)(index, item)
    return _read_question(reader, index, item)


def _read_question(reader: Reader, index: int, item: ResolveItem) -> Entry:
    fa = reader.read_fa(item.fa) if item.fa else None
    return Entry(index, item, reader.read_id(item.id), fa)


def may_repeat(operation: Operation, error: OutgoingError, attempts: int) -> bool:
    """Whether a call that failed is made once more at once.

    A question may always be asked again; a change only when the other mapper
    surely received nothing of it.
    """
    is_safe = operation is Operation.RESOLVE or error.is_safe_to_repeat
    return is_safe and error.code in _QUICK and attempts < MOST_ATTEMPTS


def failed_outcome(operation: Operation, is_safe_to_repeat: bool) -> Outcome:
    """Return what is answered of an item when the call with it failed."""
    if operation is Operation.RESOLVE or is_safe_to_repeat:
        return Outcome(Cause.REMOTE_UNAVAILABLE)
    return Outcome(Cause.REMOTE_UNCERTAIN)

"""The result of a message that was worked off, as it is kept.

An answer that waits (for its callback, for a question about its status) grows
old. An address that must not be paid is never sent, so with a resolved address
its mapping and version are kept, and it leaves only if the registry still says
the same when it does. Of an address that another mapper told, nothing can be
compared: it leaves for an hour, long enough for a callback to arrive.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import orjson

from odoo.addons.g2p_spar_mapper.core.commands import Outcome

#: (mapping, version) that an address was read from; of an address that another
#: mapper told (ELSEWHERE, seconds since the epoch).
Source = Sequence[int]
ELSEWHERE = 0
#: How long an address of another mapper is passed on.
ELSEWHERE_SECONDS = 3600

_RESULTS = "resolve_response"
_WITHHELD = {
    "fa": None,
    "account_provider_info": None,
    "additional_info": None,
    "status_reason_message": "The address has changed since it was looked up: "
    "resolve again.",
}
#: What is said instead, by the part of the code that tells what was asked.
_INACTIVE = {"fa": "succ.fa.inactive", "id": "succ.id.inactive"}


class Result(NamedTuple):
    """An answer and what its addresses depend on.

    :param body: header and message of the answer
    :param sources: one for each result of a resolve in it, in order; none where it
        tells no address
    """

    body: dict
    sources: Sequence[Source | None]


def find_sources(outcomes: Sequence[Outcome], now: float) -> list[Source | None]:
    """Return the sources of the outcomes of a resolve.

    :param now: seconds since the epoch
    """
    return [_find_source(outcome, int(now)) for outcome in outcomes]


def _find_source(outcome: Outcome, now: int) -> Source | None:
    if not outcome.payable:
        return None
    if outcome.mapping_id:
        return outcome.mapping_id, outcome.version
    return (ELSEWHERE, now) if outcome.fa else None


def pack_result(result: Result) -> bytes:
    """Write a result."""
    return orjson.dumps(result._asdict())


def unpack_result(raw: bytes) -> Result:
    """Read what :func:`pack_result` wrote."""
    return Result(**orjson.loads(raw))


def find_mappings(results: Sequence[Result]) -> list[int]:
    """Return the mappings that addresses in the results were read from."""
    sources = (source for result in results for source in result.sources if source)
    return [mapping for mapping, _version in sources if mapping != ELSEWHERE]


def withhold_changed(
    result: Result, versions: Mapping[int, tuple[int, bool]], now: float
) -> Result:
    """Take out the addresses that may not be paid any more.

    :param result: one that was just unpacked; its body is changed
    :param versions: mapping -> (version, payable), as the registry says now
    :param now: seconds since the epoch
    :return: the result, with the sources of the addresses that are still in it
    """
    if not any(result.sources):
        return result
    sources = list(result.sources)
    items = _find_items(result.body["message"])
    for place, (item, source) in enumerate(zip(items, sources, strict=True)):
        if source and not _holds(source, versions, now):
            kind = item["status_reason_code"].split(".")[1]
            item.update(_WITHHELD, status_reason_code=_INACTIVE[kind])
            sources[place] = None
    return result._replace(sources=sources)


def _holds(
    source: Source, versions: Mapping[int, tuple[int, bool]], now: float
) -> bool:
    """Whether an address may still be told."""
    mapping, version = source
    if mapping == ELSEWHERE:
        return now - version <= ELSEWHERE_SECONDS
    return versions.get(mapping) == (version, True)


def _find_items(message: dict) -> Iterator[dict]:
    """Yield the results of resolves, also those in an answer about statuses."""
    yield from message.get(_RESULTS, ())
    answers = message.get("txnstatus_response", ())
    for answer in answers if isinstance(answers, list) else [answers]:
        yield from answer["txn_status"].get(_RESULTS, ()) if answer else ()

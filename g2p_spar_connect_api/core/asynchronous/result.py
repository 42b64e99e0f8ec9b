"""The result of a message that was worked off, as it is kept.

An answer that waits (for its callback, for a question about its status) grows
old. An address that must not be paid is never sent, so with a resolved address
its mapping and version are kept, and it leaves only if the registry still says
the same when it does. Of an address that another registry told, nothing can be
compared: it leaves as it came.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import orjson

from odoo.addons.g2p_spar_mapper.core.commands import Outcome

#: (mapping, version) that an address was read from.
Source = Sequence[int]

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
        tells no address of this registry
    """

    body: dict
    sources: Sequence[Source | None]


def find_sources(outcomes: Sequence[Outcome]) -> list[Source | None]:
    """Return the sources of the outcomes of a resolve."""
    return [
        (outcome.mapping_id, outcome.version)
        if outcome.payable and outcome.mapping_id
        else None
        for outcome in outcomes
    ]


def pack_result(result: Result) -> bytes:
    """Write a result."""
    return orjson.dumps(result._asdict())


def unpack_result(raw: bytes) -> Result:
    """Read what :func:`pack_result` wrote."""
    return Result(**orjson.loads(raw))


def find_mappings(results: Sequence[Result]) -> list[int]:
    """Return the mappings that addresses in the results were read from."""
    return [source[0] for result in results for source in result.sources if source]


def withhold_changed(
    result: Result, versions: Mapping[int, tuple[int, bool]]
) -> Result:
    """Take out the addresses that may not be paid any more.

    :param result: one that was just unpacked; its body is changed
    :param versions: mapping -> (version, payable), as the registry says now
    :return: the result, with the sources of the addresses that are still in it
    """
    if not any(result.sources):
        return result
    sources = list(result.sources)
    items = _find_items(result.body["message"])
    for place, (item, source) in enumerate(zip(items, sources, strict=True)):
        if source and versions.get(source[0]) != (source[1], True):
            kind = item["status_reason_code"].split(".")[1]
            item.update(_WITHHELD, status_reason_code=_INACTIVE[kind])
            sources[place] = None
    return result._replace(sources=sources)


def _find_items(message: dict) -> Iterator[dict]:
    """Yield the results of resolves, also those in an answer about statuses."""
    yield from message.get(_RESULTS, ())
    answers = message.get("txnstatus_response", ())
    for answer in answers if isinstance(answers, list) else [answers]:
        yield from answer["txn_status"].get(_RESULTS, ()) if answer else ()

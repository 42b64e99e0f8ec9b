"""The result of a message that was worked off, as it is kept.

An answer that waits (for its callback, for a question about its status) grows
old. An address that must not be paid is never sent, so with a resolved address
its mapping and version are kept, and it leaves only if the registry still says
the same when it does.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import orjson

from odoo.addons.g2p_spar_mapper.core.commands import Outcome
from odoo.addons.g2p_spar_mapper.core.reason import Operation

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
    :param sources: for each item of a resolve (mapping, version) of the address
        it tells, none where it tells none that is kept in this registry
    """

    body: dict
    sources: Sequence[tuple[int, int] | None]


def pack_result(operation: Operation, body: dict, outcomes: Sequence[Outcome]) -> bytes:
    """Write a result."""
    sources = []
    if operation is Operation.RESOLVE:
        sources = [
            (outcome.mapping_id, outcome.version)
            if outcome.payable and outcome.mapping_id
            else None
            for outcome in outcomes
        ]
    return orjson.dumps({"body": body, "sources": sources})


def unpack_result(raw: bytes) -> Result:
    """Read what :func:`pack_result` wrote."""
    content = orjson.loads(raw)
    return Result(content["body"], content["sources"])


def withhold_changed(result: Result, versions: Mapping[int, tuple[int, bool]]) -> dict:
    """Return the answer without addresses that may not be paid any more.

    :param versions: mapping -> (version, payable), as the registry says now
    """
    if not any(result.sources):
        return result.body
    message = result.body["message"]
    items = [
        item if _holds(source, versions) else _withhold(item)
        for item, source in zip(
            message["resolve_response"], result.sources, strict=True
        )
    ]
    return result.body | {"message": message | {"resolve_response": items}}


def _holds(
    source: Sequence[int] | None, versions: Mapping[int, tuple[int, bool]]
) -> bool:
    if source is None:
        return True
    mapping, version = source
    return versions.get(mapping) == (version, True)


def _withhold(item: dict) -> dict:
    kind = item["status_reason_code"].split(".")[1]
    return item | _WITHHELD | {"status_reason_code": _INACTIVE[kind]}

"""The result of a file: a file of the same format, made up of parts.

Each part holds the results of some rows as JSON. What an address of a resolve
depends on is kept with it: an address that must not be paid is never sent, also
not when it could be paid while the file was worked off.
"""

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import orjson

from odoo.addons.g2p_spar_mapper.core.commands import Outcome
from odoo.addons.g2p_spar_mapper.core.reason import Operation, Status

from ..asynchronous.result import (
    Result,
    find_mappings,
    find_sources,
    pack_result,
    unpack_result,
    withhold_changed,
)
from ..envelope import Message
from ..items import Items
from ..moment import write_moment
from ..reply import Manner, Receipt, accept
from .columns import write_first_row, write_results

MEDIA_TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}


class Progress(NamedTuple):
    """How far a file has come.

    :param state: received, working, done, failed or cancelled
    :param total: rows
    :param completed: of them, worked off
    :param succeeded: of them, granted
    :param href: where the result is fetched from, none before it is there
    """

    state: str
    total: int
    completed: int
    succeeded: int
    href: str | None = None

    @property
    def is_pending(self) -> bool:
        """Whether something is still to be done."""
        return self.state in ("received", "working")


def pack_part(
    message: Message,
    outcomes: Sequence[Outcome],
    results: list,
    format_: str,
    first: int,
    now: float,
) -> bytes:
    """Write the results of some rows, to be kept.

    :param results: as they stand in the answer
    :param first: number of the first of them, from 1
    :param now: seconds since the epoch
    """
    if message.operation is not Operation.RESOLVE:
        return _show(results, format_, first)
    body = {"message": {"resolve_response": results}}
    return pack_result(Result(body, find_sources(outcomes, now)))


def show_part(
    operation: Operation,
    format_: str,
    kept: bytes,
    first: int,
    ask: Callable,
    now: float,
) -> bytes:
    """Return a part as it stands in the file of results.

    :param kept: see :func:`pack_part`
    :param ask: mappings -> mapping -> (version, payable), as the registry says now
    :param now: seconds since the epoch
    """
    if operation is not Operation.RESOLVE:
        return kept
    result = unpack_result(kept)
    result = withhold_changed(result, ask(find_mappings([result])), now)
    return _show(result.body["message"]["resolve_response"], format_, first)


def _show(results: list, format_: str, first: int) -> bytes:
    if format_ == "csv":
        return write_results(results, first)
    separator = b"," if first > 1 else b""
    return separator + orjson.dumps(results)[1:-1]


def conclude(message: Message, manner: Manner, receipt: Receipt, tally: Progress):
    """Return the answer to a file as a whole, with an empty list of results.

    :rtype: dict
    """
    empty = message._replace(items=Items([], {}), count=tally.total)
    body = accept(empty, (), manner, receipt).body
    header = {"completed_count": tally.completed}
    if tally.succeeded:
        header |= {
            "status": Status.SUCCESS.value,
            "status_reason_code": None,
            "status_reason_message": None,
        }
    return body | {"header": body["header"] | header}


def frame_result(format_: str, body: dict) -> tuple[bytes, bytes]:
    """Return what stands before and after the parts.

    :param body: see :func:`conclude`
    """
    if format_ == "csv":
        return write_first_row(), b""
    before, after = b"[", b"]}}"
    written = orjson.dumps(body).removesuffix(before + after)
    return written + before, after


def announce(body: dict, href: str, expires_at, facts: Mapping) -> dict:
    """Return the callback that says a file was worked off.

    :param body: see :func:`conclude`
    :param href: where the result is fetched from
    :param expires_at: until when; aware
    :param facts: further facts of the result
    """
    file = {"href": href, "expires_at": write_moment(expires_at), **facts}
    header = body["header"]
    meta = header["meta"] | {"file": file}
    return body | {"header": header | {"meta": meta}}


def repr_digest(sha256: bytes) -> str:
    """Write a digest as the value of the header Repr-Digest (RFC 9530).

    >>> repr_digest(b"digest")
    'sha-256=:ZGlnZXN0:'
    """
    return f"sha-256=:{base64.b64encode(sha256).decode()}:"


def join_parts(before: bytes, parts: Iterable[bytes], after: bytes) -> Iterable[bytes]:
    """Return the whole file in blocks, none of them empty."""
    yield before
    yield from filter(None, parts)
    if after:
        yield after

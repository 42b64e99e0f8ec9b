"""What is known of earlier messages, put together from what the log keeps."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from odoo.addons.g2p_spar_mapper.core.reason import Operation, answer

from ..file.result import Progress
from ..moment import write_moment
from ..outcomes_text import read_outcomes
from .result import Result, Source
from .status import Known, write_result

_PENDING = ("pdng", None, None)
_FAILED = ("pdng", None, "The registry's administrator has to look at this message.")
_NOT_FOUND = (
    "rjct",
    "rjct.reference_id.invalid",
    "No item of yours is known by this reference_id.",
)
_FILE = "These items came as a file, so that only counts are told here."
_TOO_MANY = (
    "These are too many items for one answer: ask for each message by the correlation "
    "id of its acknowledgement."
)


class Logged(NamedTuple):
    """A message as the log has it.

    :param state: received, done or failed
    :param at: when it was taken, aware
    :param outcomes: see ``core.outcomes_text``; none while it is not worked off
    :param references: of its items
    :param result: the kept answer, without addresses that may not be paid; none
        when there is none or its time is over
    :param progress: of a file: how far it has come
    :param places: of the items that are told; none: all
    """

    operation: Operation
    transaction_id: str
    correlation_id: str
    state: str
    at: datetime
    total: int
    succeeded: int
    legacy: bool
    outcomes: str | None
    references: Sequence[str]
    result: Result | None
    progress: Progress | None = None
    places: Sequence[int] | None = None

    @property
    def completed(self) -> int:
        """Number of items that were worked off."""
        if self.progress:
            return self.progress.completed
        return self.total if self.state == "done" else 0


def summarize(
    messages: Sequence[Logged], wanted: Sequence[str] | None, limit: int
) -> Known | None:
    """Put together what is known of the messages that a question means.

    :param messages: in the order in which they came, all of one operation
    :param wanted: references that are asked for; none: all items
    :param limit: most results in one answer; beyond, only counts are told
    """
    if not messages:
        return None
    if any(message.progress for message in messages):
        return _count_only(messages, _FILE)
    if wanted is None and not is_told(messages, limit):
        return _count_only(messages, _TOO_MANY)
    told = [_tell(message) for message in messages]
    results = [result for part in told for result, _source in part]
    sources = [source for part in told for _result, source in part]
    completed = sum(
        len(part)
        for message, part in zip(messages, told, strict=True)
        if message.outcomes is not None
    )
    missing = _tell_missing(wanted or (), results, messages[-1])
    return Known(
        messages[-1].transaction_id,
        messages[-1].correlation_id,
        results + missing,
        len(results) + len(missing),
        completed + len(missing),
        sum(result["status"] == "succ" for result in results),
        completed < len(results),
        sources=sources + [None] * len(missing),
    )


def is_told(messages: Iterable[Logged], limit: int) -> bool:
    """Whether the results of all items of some messages fit into one answer."""
    return sum(message.total for message in messages) <= limit


def _count_only(messages: Sequence[Logged], sentence: str) -> Known:
    total = sum(message.total for message in messages)
    completed = sum(message.completed for message in messages)
    files = [message.progress.href for message in messages if message.progress]
    hrefs = list(filter(None, files))
    return Known(
        messages[-1].transaction_id,
        messages[-1].correlation_id,
        [],
        total,
        completed,
        sum(message.succeeded for message in messages),
        any(message.state != "done" for message in messages),
        sentence,
        {"file": {"href": hrefs[-1]}} if hrefs else {},
    )


def _tell(message: Logged) -> list[tuple[dict, Source | None]]:
    """Return results of one message, each with the source of its address."""
    told = list(_tell_kept(message) if message.result else _tell_reasons(message))
    if message.places is None:
        return told
    return [told[place] for place in message.places]


def _tell_kept(message: Logged) -> Iterator[tuple[dict, Source | None]]:
    body, sources = message.result
    results = body["message"][f"{message.operation}_response"]
    return zip(results, sources or [None] * len(results), strict=True)


def _tell_reasons(message: Logged) -> Iterator[tuple[dict, Source | None]]:
    """Tell what is known without the answer: references and reasons."""
    stamp = write_moment(message.at)
    if message.outcomes is None:
        reason = _FAILED if message.state == "failed" else _PENDING
        for reference in message.references:
            yield write_result(reference, stamp, reason), None
        return
    outcomes = read_outcomes(message.outcomes, message.total)
    for reference, outcome in zip(message.references, outcomes, strict=True):
        status, code, text = answer(message.operation, outcome.cause, message.legacy)
        reason = (status, code, outcome.detail or text)
        yield write_result(reference, stamp, reason), None


def _tell_missing(
    wanted: Sequence[str], results: Sequence[dict], last: Logged
) -> list[dict]:
    """Return results for references that no message has."""
    found = {result["reference_id"] for result in results}
    stamp = write_moment(last.at)
    return [
        write_result(reference, stamp, _NOT_FOUND)
        for reference in dict.fromkeys(wanted)
        if reference not in found
    ]

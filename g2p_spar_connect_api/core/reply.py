"""The answer to a message, in the words of G2P Connect.

What public clients need and this module keeps: results in the order of the
items, ``reference_id`` and ``id`` as they were sent, ``additional_info`` a list
or null, ``account_provider_info`` null or with name, code and subcode. Known
payers pay whoever comes back with an ``fa`` and read no status, so an address
leaves only when its outcome is payable.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

import orjson

from odoo.addons.g2p_spar_fa_reference.core.reference import Reference
from odoo.addons.g2p_spar_mapper.core.commands import Outcome
from odoo.addons.g2p_spar_mapper.core.reason import (
    SUCCESSES,
    Answer,
    Cause,
    Notice,
    Operation,
    Status,
    answer,
)

from .envelope import Message
from .moment import write_moment

PROTOCOL_VERSION = "1.0.0"
#: Language of all sentences in answers.
LOCALE = "en"


class Manner(NamedTuple):
    """How a sender wants to be answered.

    :param legacy: reason codes of SPAR 1.1
    :param provider: provider id -> (name, code)
    :param strategy_number: strategy id -> number on the wire, none when the
        strategy is out of use
    :param reference: the reference data, for dialects that write addresses
    """

    legacy: bool
    provider: Callable[[int], tuple[str, str]]
    strategy_number: Callable[[int], int | None]
    reference: Reference = Reference()

    @classmethod
    def of(cls, legacy: bool, reference: Reference) -> "Manner":
        """Return how to answer with what the reference data know."""
        numbers = {rule.id: rule.number for rule in reference.strategies}
        return cls(legacy, reference.provider_info, numbers.get, reference)


class Receipt(NamedTuple):
    """Names and time of an answer; kept, so that a repeat is the same.

    :param at: aware
    """

    at: datetime
    correlation_id: str


class Tally(NamedTuple):
    """How a message ended: counts of items."""

    total: int
    succeeded: int


class Reply(NamedTuple):
    """An answer, ready to be written as JSON, with what the audit log needs."""

    body: dict
    status: str
    code: str | None
    tally: Tally


@cache
def _answers(operation: Operation | Notice, legacy: bool) -> dict[Cause, Answer]:
    """Return what one operation says of each cause it knows."""
    table = {}
    for cause in Cause:
        try:
            table[cause] = answer(operation, cause, legacy)
        except KeyError:
            continue
    return table


def accept(
    message: Message, outcomes: Sequence[Outcome], manner: Manner, receipt: Receipt
) -> Reply:
    """Answer a message whose items were worked off.

    :param outcomes: one for each item, in order
    """
    results = write_results(message, outcomes, manner, receipt)
    tally = count(message, outcomes)
    status, code, text = Status.SUCCESS.value, None, None
    if not tally.succeeded:
        status, code = Status.REJECTED.value, "rjct.errors.too_many"
        text = "No item could be granted; see the reason of each."
    header = _header(message, status, code, text, receipt) | {
        "completed_count": message.count
    }
    return Reply(_envelope(message, header, results, receipt), status, code, tally)


def count(message: Message, outcomes: Iterable[Outcome]) -> Tally:
    """Count how a message ended.

    :param outcomes: of its items; empty when it was refused as a whole
    """
    causes = Counter(map(attrgetter("cause"), outcomes))
    succeeded = sum(causes[cause] for cause in SUCCESSES & causes.keys())
    return Tally(message.count, succeeded)


def reject(message: Message, receipt: Receipt) -> Reply:
    """Answer a message that is refused as a whole; its items are listed."""
    code, text = message.rejection
    stamp = write_moment(receipt.at)
    results = [
        {
            "reference_id": item.reference_id,
            "timestamp": stamp,
            "id": item.id,
            "status": Status.REJECTED.value,
            "status_reason_code": None,
            "status_reason_message": text,
            "locale": LOCALE,
        }
        for item in message.items.asked
    ]
    header = _header(message, Status.REJECTED.value, code, text, receipt)
    return Reply(
        _envelope(message, header, results, receipt),
        Status.REJECTED.value,
        code,
        count(message, ()),
    )


def _header(
    message: Message, status: str, code: str | None, text: str | None, receipt: Receipt
) -> dict:
    action = message.operation.value
    header = write_header(message, action, status, code, text, receipt)
    return header | {"total_count": message.count}


def write_header(
    asked: Any,
    action: str,
    status: str,
    code: str | None,
    text: str | None,
    receipt: Receipt,
) -> dict:
    """Header of an answer whose counts are not known yet.

    :param asked: the message that is answered, of any kind that has a
        ``message_id``, ``sender_id`` and ``receiver_id``
    :param action: what the answer is to
    """
    return {
        "version": PROTOCOL_VERSION,
        "message_id": asked.message_id,
        "message_ts": write_moment(receipt.at),
        "action": action,
        "status": status,
        "status_reason_code": code,
        "status_reason_message": text,
        "total_count": 0,
        "completed_count": 0,
        "sender_id": asked.receiver_id,
        "receiver_id": asked.sender_id,
        "is_msg_encrypted": False,
        "meta": {},
    }


def _envelope(
    message: Message, header: dict, results: list[dict], receipt: Receipt
) -> dict:
    return {
        "header": header,
        "message": {
            "transaction_id": message.transaction_id,
            "correlation_id": receipt.correlation_id,
            f"{message.operation}_response": results,
        },
    }


def write_results(
    message: Message, outcomes: Sequence[Outcome], manner: Manner, receipt: Receipt
) -> list[dict]:
    """Return what is said about the items, in their order.

    :param outcomes: one for each item
    """
    return _RESULTS[message.operation](message, outcomes, manner, receipt)


def _change_results(
    message: Message, outcomes: Iterable[Outcome], manner: Manner, receipt: Receipt
) -> list[dict]:
    """Return the results of a link, update, unlink or report.

    They follow from the message and the causes alone: a repeated message is
    answered again without its content having been kept.
    """
    answers = _answers(message.operation, manner.legacy)
    stamp = write_moment(receipt.at)
    results = []
    for item, outcome in zip(message.items.asked, outcomes, strict=True):
        status, code, text = answers[outcome.cause]
        results.append(
            {
                "reference_id": item.reference_id,
                "timestamp": stamp,
                "id": item.id,
                "fa": item.fa if outcome.cause in SUCCESSES else None,
                "status": status,
                "status_reason_code": code,
                "status_reason_message": outcome.detail or text,
                "additional_info": None,
                "locale": LOCALE,
            }
        )
    return results


def _resolve_results(
    message: Message, outcomes: Iterable[Outcome], manner: Manner, receipt: Receipt
) -> list[dict]:
    """Return the results of a resolve. This loop is the hot one."""
    answers = _answers(message.operation, manner.legacy)
    stamp = write_moment(receipt.at)
    providers, strategies = _Providers(manner), _Strategies(manner)
    results = []
    for item, outcome in zip(message.items.asked, outcomes, strict=True):
        status, code, text = answers[outcome.cause]
        fa = provider = info = None
        if outcome.payable and not item.details:
            fa = item.fa
        elif outcome.payable and (outcome.fa or outcome.provider_id):
            fa = outcome.fa
            if named := providers[outcome.provider_id]:
                provider = {
                    "name": named[0],
                    "code": named[1],
                    "subcode": outcome.branch_code,
                    "additional_info": None,
                }
            info = strategies[outcome.strategy_id, outcome.additional_info]
        results.append(
            {
                "reference_id": item.reference_id,
                "timestamp": stamp,
                "id": item.id or outcome.id,
                "fa": fa,
                "account_provider_info": provider,
                "status": status,
                "status_reason_code": code,
                "status_reason_message": outcome.detail or text,
                "additional_info": info,
                "locale": LOCALE,
            }
        )
    return results


_RESULTS = {
    Operation.LINK: _change_results,
    Operation.UPDATE: _change_results,
    Operation.UNLINK: _change_results,
    Operation.RESOLVE: _resolve_results,
    Notice.REPORT: _change_results,
}


class _Providers(dict):
    """Name and code of the providers of one answer, by id; none for no provider."""

    def __init__(self, manner: Manner):
        super().__init__({None: None})
        self.provider = manner.provider

    def __missing__(self, provider_id: int) -> tuple[str, str]:
        self[provider_id] = named = self.provider(provider_id)
        return named


class _Strategies(dict):
    """Written ``additional_info`` by (strategy id, what the sender said).

    The first element serves two readers at once: the specification's pairs of
    name and value, and the key ``strategy_id`` that SPAR 1.1 and 2.x look up.
    """

    def __init__(self, manner: Manner):
        super().__init__()
        self.number = manner.strategy_number

    def __missing__(self, key: tuple[int | None, str | None]) -> orjson.Fragment:
        strategy_id, said = key
        parts = [said[1:-1].encode()] if said and said != "[]" else []
        number = None if strategy_id is None else self.number(strategy_id)
        if number is not None:
            element = {"name": "strategy_id", "value": number, "strategy_id": number}
            parts.insert(0, orjson.dumps(element))
        written = orjson.Fragment(b"[" + b",".join(parts) + b"]")
        self[key] = written
        return written

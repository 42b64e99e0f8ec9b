"""Questions about the status of earlier messages, and their answers.

The specification sends one question as an object (``txnstatus_request``) and
gets one answer with ``txn_type`` on-link …; the client libraries send a list of
questions with a timestamp and get a list whose ``txn_type`` is link …. Both are
understood; the answer has the shape of the question.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from odoo.addons.g2p_spar_mapper.core.reason import Operation

from ..envelope import Rejection, judge_header
from ..moment import latest_fit, write_moment
from ..reply import LOCALE, Receipt, Reply, Tally, write_header
from ..schema import check

#: What ``header.action`` says of a question.
ACTION = "txn-status"
ANSWER_ACTION = "txn-on-status"
#: Most questions in one message.
QUESTION_LIMIT = 20


class Attribute(StrEnum):
    """By what earlier messages are named (``attribute_type``)."""

    TRANSACTION = "transaction_id"
    CORRELATION = "correlation_id"
    REFERENCES = "reference_id_list"


class Question(NamedTuple):
    """Which earlier messages are meant.

    :param reference_id: the sender's name of this question
    :param operation: what they asked for
    :param values: one name; for references at least one
    """

    reference_id: str
    operation: Operation
    attribute: Attribute
    values: tuple[str, ...]


class StatusMessage(NamedTuple):
    """A message that asks for statuses; fields as of ``core.envelope.Message``.

    :param is_list: whether the questions came as a list
    """

    message_id: str
    transaction_id: str
    sender_id: str
    receiver_id: str
    purpose: str | None
    questions: tuple[Question, ...]
    is_list: bool
    rejection: Rejection | None
    sender_uri: str = ""

    @property
    def count(self) -> int:
        """Number of questions."""
        return len(self.questions)


class Known(NamedTuple):
    """What is known of the messages that a question means.

    :param transaction_id: that of the messages
    :param correlation_id: that of the last of them
    :param results: one for each item, as in the answer to the message; empty where
        only counts are kept
    :param total: number of items
    :param completed: of them, worked off
    :param succeeded: of them, granted
    :param is_pending: whether something is still to be done
    :param sentence: what else there is to say, or none
    :param meta: further facts for ``header.meta``
    :param sources: one for each result, see ``core.asynchronous.result``
    """

    transaction_id: str
    correlation_id: str
    results: Sequence[dict]
    total: int
    completed: int
    succeeded: int
    is_pending: bool
    sentence: str | None = None
    meta: Mapping = {}
    sources: Sequence = ()


def read_status(content: dict, now: datetime) -> StatusMessage:
    """Read a message that asks for statuses.

    :param content: the JSON object that was sent
    :param now: aware
    :raise InvalidEnvelope: it does not follow the schema
    """
    check("TxnStatusRequest", content)
    header, message = content["header"], content["message"]
    asked = message["txnstatus_request"]
    is_list = type(asked) is list
    questions = asked if is_list else [asked]
    # What total_count means here is said nowhere, so it is not compared.
    frame = header | {"total_count": None}
    return StatusMessage(
        header["message_id"],
        message["transaction_id"],
        header.get("sender_id") or "",
        header.get("receiver_id") or "",
        (header.get("meta") or {}).get("purpose") or None,
        tuple(map(_read_question, questions)),
        is_list,
        judge_header(_ACTIONS, frame, len(questions), QUESTION_LIMIT, latest_fit(now)),
        header.get("sender_uri") or "",
    )


#: Texts call the action ``txn-status``, paths ``txn/status``.
_ACTIONS = (ACTION, "txn.status", "txnstatus", "status")


def _read_question(raw: dict) -> Question:
    """Read one question that follows the schema.

    A list of references may be written as one text with commas, because the
    client libraries allow nothing but a text.
    """
    attribute, value = Attribute(raw["attribute_type"]), raw["attribute_value"]
    if attribute is not Attribute.REFERENCES:
        values = (value if type(value) is str else value[0],)
    elif type(value) is str:
        values = tuple(part.strip() for part in value.split(","))
    else:
        values = tuple(value)
    operation = Operation(raw["txn_type"].removeprefix("on-"))
    return Question(raw["reference_id"], operation, attribute, values)


def answer_status(
    message: StatusMessage, known: Sequence[Known | None], receipt: Receipt
) -> Reply:
    """Answer questions.

    :param known: one for each question, none where nothing is known
    """
    found = [facts for facts in known if facts]
    answers = [
        _answer_one(message, question, facts, receipt)
        for question, facts in zip(message.questions, known, strict=True)
    ]
    total = sum(facts.total for facts in found)
    completed = sum(facts.completed for facts in found)
    succeeded = sum(facts.succeeded for facts in found)
    status, code, text = _judge(found, succeeded)
    header = write_header(message, ANSWER_ACTION, status, code, text, receipt) | {
        "total_count": total,
        "completed_count": completed,
        "meta": {key: value for facts in found for key, value in facts.meta.items()},
    }
    tally = Tally(total, succeeded)
    return Reply(_envelope(message, header, answers, receipt), status, code, tally)


def reject_status(message: StatusMessage, receipt: Receipt) -> Reply:
    """Answer a message that is refused as a whole."""
    code, text = message.rejection
    answers = [
        _answer_one(message, question, None, receipt) for question in message.questions
    ]
    header = write_header(message, ANSWER_ACTION, "rjct", code, text, receipt)
    body = _envelope(message, header, answers, receipt)
    return Reply(body, "rjct", code, Tally(0, 0))


def _judge(
    found: Sequence[Known], succeeded: int
) -> tuple[str, str | None, str | None]:
    """Return status, reason code and sentence of the header."""
    if not found:
        return "rjct", "rjct.errors.too_many", "No message of yours is known by this."
    sentences = [facts.sentence for facts in found if facts.sentence]
    text = sentences[0] if sentences else None
    if any(facts.is_pending for facts in found):
        return "pdng", None, text
    if succeeded:
        return "succ", None, text
    text = text or "No item could be granted; see the reason of each."
    return "rjct", "rjct.errors.too_many", text


def _answer_one(
    message: StatusMessage, question: Question, known: Known | None, receipt: Receipt
) -> dict:
    """Return one element of the answer, in the words of the question's shape."""
    operation = question.operation
    known = known or _nothing_known(question, receipt)
    return {
        "reference_id": question.reference_id,
        "txn_type": str(operation) if message.is_list else f"on-{operation}",
        "txn_status": {
            "transaction_id": known.transaction_id,
            "correlation_id": known.correlation_id,
            f"{operation}_response": known.results,
        },
    }


def _nothing_known(question: Question, receipt: Receipt) -> Known:
    """Return what stands for messages nobody knows: one refused result."""
    result = write_result(
        question.reference_id,
        write_moment(receipt.at),
        ("rjct", "rjct.reference_id.invalid", "No message of yours is known by this."),
    )
    named = {question.attribute: question.values[0]}
    return Known(
        named.get(Attribute.TRANSACTION, ""),
        named.get(Attribute.CORRELATION, ""),
        [result],
        *(0, 0, 0, False),
    )


def write_result(
    reference: str, stamp: str, answer: tuple[str, str | None, str | None]
) -> dict:
    """Return a result of which only reference and reason are kept.

    :param stamp: a time as it is written on the wire
    :param answer: status, reason code and sentence
    """
    status, code, text = answer
    return {
        "reference_id": reference,
        "timestamp": stamp,
        "id": None,
        "fa": None,
        "status": status,
        "status_reason_code": code,
        "status_reason_message": text,
        "additional_info": None,
        "locale": LOCALE,
    }


def _envelope(
    message: StatusMessage, header: dict, answers: list[dict], receipt: Receipt
) -> dict:
    return {
        "header": header,
        "message": {
            "transaction_id": message.transaction_id,
            "correlation_id": receipt.correlation_id,
            "txnstatus_response": answers if message.is_list else answers[0],
        },
    }

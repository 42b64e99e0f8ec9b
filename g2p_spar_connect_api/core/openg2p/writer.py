"""Answers in the words of OpenG2P 2.x.

The results are those of G2P Connect; the envelope has other names, a resolve answers
``fa`` as an object, and a message that is refused as a whole is answered with
``response_status`` ERROR and an empty list, which its clients take for a reason to
send it again.
"""

from collections.abc import Sequence

from odoo.addons.g2p_spar_fa_reference.core.errors import AddressError
from odoo.addons.g2p_spar_mapper.core.commands import LinkItem, Outcome
from odoo.addons.g2p_spar_mapper.core.fields import strategy_hint
from odoo.addons.g2p_spar_mapper.core.reason import SUCCESSES, Operation

from ..envelope import Message
from ..moment import write_moment
from ..output import WITHHELD
from ..reply import Manner, Receipt, Reply, count, write_results
from .address import AddressWriter

SUCCESS, ERROR = "SUCCESS", "ERROR"


def accept(
    message: Message, outcomes: Sequence[Outcome], manner: Manner, receipt: Receipt
) -> Reply:
    """Answer a message whose items were worked off.

    :param outcomes: one for each item, in order; of a resolve with ``fa_parts``
    """
    if message.operation is Operation.RESOLVE:
        outcomes = [_tellable(outcome) for outcome in outcomes]
    results = write_results(message, outcomes, manner, receipt)
    if message.operation is Operation.RESOLVE:
        writer = AddressWriter(manner.reference)
        for result, outcome in zip(results, outcomes, strict=True):
            result["fa"] = writer.write(outcome)
    elif message.operation is not Operation.UNLINK:
        for result, item, outcome in zip(
            results, message.items.asked, outcomes, strict=True
        ):
            if outcome.cause in SUCCESSES:
                result["fa"] = _written(item, manner)
    body = {
        "response_header": write_header(message.message_id, receipt),
        "response_body": {
            "pagination_response": {
                "number_of_items": message.count,
                "number_of_pages": 1,
            },
            "response_payload": write_payload(message, results, receipt),
        },
    }
    return Reply(body, SUCCESS, None, count(message, outcomes))


def reject(message: Message, receipt: Receipt) -> Reply:
    """Answer a message that is refused as a whole."""
    code, text = message.rejection
    body = {
        "response_header": write_header(message.message_id, receipt, code, text),
        "response_body": {
            "pagination_response": None,
            "response_payload": write_payload(message, [], receipt),
        },
    }
    return Reply(body, ERROR, code, count(message, ()))


def write_header(
    request_id: str,
    receipt: Receipt,
    code: str | None = None,
    sentence: str | None = None,
) -> dict:
    """Return the header of an answer; with a code, that of an error."""
    return {
        "request_id": request_id,
        "response_status": ERROR if code else SUCCESS,
        "response_error_code": code,
        "response_error_message": sentence,
        "response_timestamp": write_moment(receipt.at),
    }


def write_payload(message: Message, results: list[dict], receipt: Receipt) -> dict:
    """Return the payload of an answer."""
    return {
        "transaction_id": message.transaction_id,
        "correlation_id": receipt.correlation_id,
        f"{message.operation}_response": results,
    }


def _tellable(outcome: Outcome) -> Outcome:
    """Hold an address back that has no parts, and so no form in this dialect."""
    return WITHHELD if outcome.fa and not outcome.fa_parts else outcome


def _written(item: LinkItem, manner: Manner) -> str | None:
    """Return the address of a granted item as one text.

    An address can have lost its type since a repeated message was first granted.
    """
    if item.fa or not item.fa_parts:
        return item.fa
    number = strategy_hint(item.additional_info)
    try:
        return manner.reference.build_address(
            item.fa_parts, item.fa_type, number
        ).fa_value
    except AddressError:
        return None

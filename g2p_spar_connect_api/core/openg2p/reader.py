"""Messages of OpenG2P 2.x, read as the same messages that G2P Connect carries.

The envelope has other names (``request_header``, ``request_body``), and ``fa`` is an
object of named parts where an address is stored. Everything else is alike: the items
have the same rules, and one bad item does not touch the others.
"""

from collections.abc import Callable
from datetime import datetime

from odoo.addons.g2p_spar_mapper.core.commands import LinkItem
from odoo.addons.g2p_spar_mapper.core.fields import STRATEGY_KEY
from odoo.addons.g2p_spar_mapper.core.reason import Cause, Notice, Operation

from ..envelope import ECHO_LIMIT, Message, Rejection
from ..errors import InvalidEnvelope
from ..items import MAKERS, read_items
from ..moment import is_fit, latest_fit
from ..schema import check
from .address import read_address

HEADER, BODY, PAYLOAD = "request_header", "request_body", "request_payload"
#: Codes of the dialect (response_error_code).
VALIDATION = "rjct.request.validation"
EMPTY = "rjct.action.not_supported"
_NAME_LIMIT = 255


def speaks(content: dict) -> bool:
    """Whether a message is one of this dialect."""
    return HEADER in content


def find_name(content: dict) -> str | None:
    """Return the name of a message that may turn out not to be one.

    A refusal repeats it.
    """
    header = content[HEADER] if type(content[HEADER]) is dict else {}
    name = header.get("request_id")
    if type(name) is str and len(name) <= _NAME_LIMIT and name.isprintable():
        return name
    return None


def read_message(
    operation: Operation, content: dict, now: datetime, item_limit: int
) -> Message:
    """Read a message.

    :param content: the JSON object that was sent
    :param now: aware
    :param item_limit: most items the sender may send at once
    :raise InvalidEnvelope: it does not follow the schema, or the dialect does not
        have the operation
    """
    if operation in tuple(Notice):
        raise InvalidEnvelope(
            f"OpenG2P 2.x has no {operation}: send the message in the envelope of "
            "G2P Connect."
        )
    header, payload, raws = _open(operation, content)
    latest = latest_fit(now)
    rejection = _judge(header, len(raws), item_limit, latest)
    return Message(
        operation,
        header["request_id"],
        payload["transaction_id"],
        header.get("sender_app_mnemonic") or "",
        "",
        None,
        len(raws),
        read_items(
            operation, raws[:ECHO_LIMIT] if rejection else raws, latest, _MAKERS
        ),
        rejection,
    )


def _open(operation: Operation, content: dict) -> tuple[dict, dict, list]:
    """Return header, payload and items, checked against the schema.

    As in G2P Connect the items are taken out before the check.
    """
    key = f"{operation}_request"
    body = content.get(BODY)
    payload = body.get(PAYLOAD) if type(body) is dict else None
    raws = payload.get(key) if type(payload) is dict else None
    frame = content
    if type(raws) is list:
        frame = content | {BODY: body | {PAYLOAD: payload | {key: []}}}
    check(f"OpenG2P{operation.capitalize()}Request", frame)
    return content[HEADER], payload, raws


def _judge(header: dict, count: int, limit: int, latest: datetime) -> Rejection | None:
    """Say why a whole message is refused, the first reason only."""
    if not is_fit(header["request_timestamp"], latest):
        return Rejection(
            VALIDATION,
            "request_header.request_timestamp must be an ISO 8601 date and time "
            "that is not in the future.",
        )
    if not count:
        return Rejection(EMPTY, "The message has no items: send at least one.")
    if count > limit:
        return Rejection(
            VALIDATION,
            f"The message has {count} items, {limit} are allowed: send them in "
            "several messages.",
        )
    return None


def _make_write(reference: str, get: Callable) -> LinkItem | Cause:
    """Read an item of link or update, whose ``fa`` may be an object."""
    fa = get("fa")
    if type(fa) is not dict:
        return _PLAIN(reference, get)
    id_ = get("id")
    if type(id_) is not str:
        return Cause.ID_INVALID
    try:
        parts, fa_type, number = read_address(fa)
    except ValueError:
        return Cause.FA_INVALID
    info = get("additional_info")
    if number is not None and (info is None or type(info) is list):
        info = [{STRATEGY_KEY: number}, *(info or ())]
    return LinkItem(
        reference,
        id_,
        None,
        get("name"),
        get("phone_number"),
        info,
        fa_parts=parts,
        fa_type=fa_type,
    )


_PLAIN = MAKERS[Operation.UPDATE]
_MAKERS = MAKERS | {Operation.LINK: _make_write, Operation.UPDATE: _make_write}

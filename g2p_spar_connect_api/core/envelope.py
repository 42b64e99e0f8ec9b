"""A request message: header, message and items (G2P Connect mapper API 1.0.0).

What is wrong is answered on one of three levels. A body that does not follow
the schema is refused as a request (HTTP 400). A header that contradicts the
message refuses the message (HTTP 200, ``header.status`` rjct), with its items
listed. An unfit item is refused in its place, and the others go on.
"""

from datetime import datetime
from typing import NamedTuple

from odoo.addons.g2p_spar_mapper.core.reason import Notice, Operation

from .errors import EncryptionRefused
from .items import Items, read_items
from .moment import is_fit, latest_fit
from .schema import check

#: A refused message repeats at most so many of its items.
ECHO_LIMIT = 100


class Rejection(NamedTuple):
    """Why a whole message is refused (schema ``MsgHeaderStatusReasonCode``)."""

    code: str
    sentence: str


class Message(NamedTuple):
    """What a sender sent.

    :param message_id: the sender's name for the message
    :param transaction_id: the sender's name for the business transaction
    :param sender_id: as claimed in the header; only repeated, never trusted
    :param receiver_id: as claimed in the header; only repeated
    :param purpose: code of a purpose, where one is named
    :param count: number of items that were sent
    :param items: the items; of a refused message at most ``ECHO_LIMIT``
    :param rejection: why the message is refused, or none
    :param sender_uri: address for callbacks as the header names it, or empty
    :param message_ts: when it was written, as the header says it
    :param hops: how many mappers sent it on before it came here
    """

    operation: Operation | Notice
    message_id: str
    transaction_id: str
    sender_id: str
    receiver_id: str
    purpose: str | None
    count: int
    items: Items
    rejection: Rejection | None
    sender_uri: str = ""
    message_ts: str = ""
    hops: int = 0


def read_message(
    operation: Operation | Notice, content: dict, now: datetime, item_limit: int
) -> Message:
    """Read a message.

    :param content: the JSON object that was sent
    :param now: aware
    :param item_limit: most items the sender may send at once
    :raise EncryptionRefused: the message is encrypted, also after it was opened
    :raise InvalidEnvelope: it does not follow the schema
    """
    header, message, raws = _open(operation, content)
    latest = latest_fit(now)
    rejection = judge_header(_actions(operation), header, len(raws), item_limit, latest)
    items = read_items(operation, raws[:ECHO_LIMIT] if rejection else raws, latest)
    return _build(operation, header, message, len(raws), items, rejection)


def read_frame(
    operation: Operation, content: dict, count: int, now: datetime, item_limit: int
) -> Message:
    """Read a message whose items stand elsewhere.

    :param content: the JSON object with an empty list of items
    :param count: number of the items
    :return: without items

    Further parameters and errors as of :func:`read_message`.
    """
    header, message, _raws = _open(operation, content)
    latest = latest_fit(now)
    rejection = judge_header(_actions(operation), header, count, item_limit, latest)
    return _build(operation, header, message, count, Items([], {}), rejection)


def _actions(operation: Operation | Notice) -> tuple[str, ...]:
    """Return what a request's header may call the operation.

    The specification's own list for the synchronous paths names link for all of
    them, and a client made from it sends that; the item list tells what is meant.
    It has no reports, so that nobody means one with another word.
    """
    return (operation, "link") if operation in tuple(Operation) else (operation,)


def _build(
    operation: Operation,
    header: dict,
    message: dict,
    count: int,
    items: Items,
    rejection: Rejection | None,
) -> Message:
    meta = header.get("meta") or {}
    return Message(
        operation,
        header["message_id"],
        message["transaction_id"],
        header.get("sender_id") or "",
        header.get("receiver_id") or "",
        meta.get("purpose") or None,
        count,
        items,
        rejection,
        header.get("sender_uri") or "",
        header["message_ts"],
        meta.get("forwarded") or 0,
    )


def _open(operation: Operation, content: dict) -> tuple[dict, dict, list]:
    """Return header, message and items, checked against the schema.

    The list is taken out before the check: its elements have rules of their
    own, and a schema would read each of them a second time.
    """
    key = f"{operation}_request"
    header, message = content.get("header"), content.get("message")
    _refuse_encryption(header, message)
    raws = message.get(key) if type(message) is dict else None
    frame = content
    if type(raws) is list:
        frame = content | {"message": message | {key: []}}
    check(f"{operation.capitalize()}Request", frame)
    return header, message, raws


def _refuse_encryption(header: object, message: object) -> None:
    flags = header if type(header) is dict else {}
    encrypted = flags.get("is_msg_encrypted") or flags.get("is_encrypted")
    if encrypted is True or (type(message) is dict and "ciphertext" in message):
        raise EncryptionRefused(
            "The message is encrypted twice, or where it must not be: encrypt it once.",
            "twice",
        )


def judge_header(
    actions: tuple[str, ...], header: dict, count: int, limit: int, latest: datetime
) -> Rejection | None:
    """Say why a header refuses its message, the first reason only.

    :param actions: what ``header.action`` may say; the first is the right one
    :param count: number of items in the message
    :param limit: most items the sender may send at once
    :param latest: a later time of the message is refused; aware
    """
    return (
        _judge_version(header.get("version"))
        or _judge_action(actions, header["action"])
        or _judge_time(header["message_ts"], latest)
        or _judge_count(header.get("total_count"), count, limit)
    )


def _judge_version(version: str | None) -> Rejection | None:
    if not version or version == "0.1.0" or version.startswith("1."):
        return None
    return Rejection("rjct.version.invalid", "Only version 1.0.0 is understood.")


def _judge_action(actions: tuple[str, ...], action: str) -> Rejection | None:
    """The action repeats the path."""
    spoken = action.casefold().strip("/").replace("/", ".").removeprefix("mapper.")
    if spoken in actions:
        return None
    known = spoken in (*Operation, *Notice)
    return Rejection(
        "rjct.action.invalid" if known else "rjct.action.not_supported",
        f"header.action must be {actions[0]} at this address.",
    )


def _judge_time(text: str, latest: datetime) -> Rejection | None:
    if is_fit(text, latest):
        return None
    return Rejection(
        "rjct.message_ts.invalid",
        "header.message_ts must be an ISO 8601 date and time "
        "that is not in the future.",
    )


def _judge_count(total: int | None, count: int, limit: int) -> Rejection | None:
    if not count:
        return Rejection(
            "rjct.total_count.invalid", "The message has no items: send at least one."
        )
    if count > limit:
        return Rejection(
            "rjct.total_count.limit_exceeded",
            f"The message has {count} items, {limit} are allowed: send them in "
            f"several messages. At most {ECHO_LIMIT} items are repeated here.",
        )
    if total and total != count:
        return Rejection(
            "rjct.total_count.invalid",
            f"header.total_count does not match the {count} items of the message.",
        )
    return None

"""The acknowledgement of a message that is worked off later.

``ACK``: the message is stored and its result will be posted to the sender.
``NACK``: it is stored and worked off, but nothing will be posted; its status can
be asked for. ``ERR``: it was not taken, nothing was stored or changed
(specification, schemas ``Ack``, ``Error`` and response ``Response``).
"""

from collections.abc import Callable
from typing import NamedTuple

from ..envelope import Rejection
from ..moment import write_moment
from ..reply import Receipt

_CODES = {"rjct.version.invalid": "err.version.not_supported"}
_BAD = "err.request.bad"


class Ack(NamedTuple):
    """What is said of a message at its door.

    :param status: ACK, NACK or ERR
    :param code: of the error, none for ACK and NACK
    :param sentence: what is wrong and what to do, none for ACK
    """

    status: str
    code: str | None = None
    sentence: str | None = None


ACCEPTED = Ack("ACK")
UNANNOUNCED = Ack("NACK")
DUPLICATE = Ack(
    "ERR",
    _BAD,
    "header.message_id was used before for another message. Nothing was stored: "
    "send this one under a new message_id.",
)


def refuse(rejection: Rejection) -> Ack:
    """Say that a message is not taken because its header contradicts it.

    The codes of the header reasons are not among those of an acknowledgement.
    """
    return Ack("ERR", _CODES.get(rejection.code, _BAD), rejection.sentence)


def judge_sender(
    sender_id: str, own: str, is_registered: Callable[[str], bool]
) -> Ack | None:
    """Say that a message names another sender than the one who sends it, or none.

    Many programs send a name that nobody registered, or none; that of another
    registered sender is a mistake, or worse.

    :param sender_id: as the message names it
    :param own: name of the sender, who was authenticated
    :param is_registered: whether a name is that of some sender
    """
    if not sender_id or sender_id.casefold() == own.casefold():
        return None
    if not is_registered(sender_id):
        return None
    return Ack(
        "ERR",
        "err.sender_id.invalid",
        "header.sender_id is the name of another sender than the one whose credential "
        "was shown: write your own, or leave it empty.",
    )


def judge_receiver(receiver_id: str, own_name: str | None) -> Ack | None:
    """Say that a message is meant for somebody else, or none.

    :param receiver_id: as the message names it; empty: whoever it is
    :param own_name: what the registry is called, none: it is not checked
    """
    if not own_name or not receiver_id or receiver_id == own_name:
        return None
    return Ack(
        "ERR",
        "err.receiver_id.invalid",
        "header.receiver_id is not the name of this registry: leave it empty, or ask "
        "the registry's administrator for the name.",
    )


def write_ack(ack: Ack, receipt: Receipt) -> dict:
    """Return the body that acknowledges a message."""
    message = {
        "ack_status": ack.status,
        "timestamp": write_moment(receipt.at),
        "correlation_id": receipt.correlation_id,
    }
    if ack.code:
        message["error"] = {"code": ack.code, "message": ack.sentence}
    return {"message": message}

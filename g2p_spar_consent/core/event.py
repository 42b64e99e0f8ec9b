"""What an application is told when consents end: a message like other callbacks."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from odoo.addons.g2p_spar_connect_api.core.moment import write_moment
from odoo.addons.g2p_spar_connect_api.core.reply import PROTOCOL_VERSION

#: The operation of such callbacks, and the last part of their address.
OPERATION = "consent"


class Ended(NamedTuple):
    """One consent that ended.

    :param reference: its number, as it went back with the browser
    :param request: ``jti`` of the request that it answered
    :param state: withdrawn, expired or replaced
    :param at: when, aware
    """

    reference: str
    request: str
    state: str
    at: datetime


def event_body(
    ended: Sequence[Ended], sender_id: str, correlation_id: str, now: datetime
) -> dict:
    """Return header and message. No name of a person is in it, whoever's.

    :param sender_id: the application's name on the wire
    :param now: aware
    """
    header = {
        "version": PROTOCOL_VERSION,
        "message_id": correlation_id,
        "message_ts": write_moment(now),
        "action": OPERATION,
        "status": "succ",
        "status_reason_code": None,
        "status_reason_message": None,
        "total_count": len(ended),
        "completed_count": len(ended),
        "sender_id": None,
        "receiver_id": sender_id,
        "is_msg_encrypted": False,
        "meta": {},
    }
    consents = [
        {
            "consent": one.reference,
            "request": one.request,
            "status": one.state,
            "ended_at": write_moment(one.at),
        }
        for one in ended
    ]
    message = {"correlation_id": correlation_id, "consents": consents}
    return {"header": header, "message": message}

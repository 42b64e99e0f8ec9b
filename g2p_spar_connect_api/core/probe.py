"""Testing the connection to a partner: what is posted, and what its end means.

A probe is a callback like any other, signed and, where the partner wants it,
encrypted: the answer to a question about the status of no message. A partner that
takes callbacks answers it with 200 and has nothing to do.
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from .asynchronous.callback import ACTIONS
from .asynchronous.status import ACTION
from .moment import write_moment
from .reply import PROTOCOL_VERSION


class Step(StrEnum):
    """What is looked at, one after the other; a failure ends it."""

    PLACE = "place"
    NAME = "name"
    CONNECTION = "connection"
    TLS = "tls"
    ANSWER = "answer"
    ACCEPTED = "accepted"


class Finding(NamedTuple):
    """How one step went.

    :param is_good: none: it was not come to
    """

    step: Step
    is_good: bool | None


#: The step at which a call ends, by the code of ``core.outgoing.errors``.
_ENDS = {
    "address_invalid": Step.PLACE,
    "address_forbidden": Step.NAME,
    "name_unknown": Step.NAME,
    "unreachable": Step.CONNECTION,
    "tls_failed": Step.TLS,
}
#: Kinds of statuses that need a word of their own, by status.
_STATUSES = {401: "denied", 403: "denied", 404: "missing", 405: "missing"}


def write_probe(receiver_id: str, name: str, now: datetime) -> dict:
    """Return header and message of a probe (schema ``TxnStatusResponse``).

    :param receiver_id: as the partner is called on the wire
    :param name: a text nobody has used before
    :param now: aware
    """
    return {
        "header": {
            "version": PROTOCOL_VERSION,
            "message_id": f"probe-{name}",
            "message_ts": write_moment(now),
            "action": ACTIONS[ACTION],
            "status": "succ",
            "status_reason_code": None,
            "status_reason_message": "A test of the connection: nothing is to be done.",
            "total_count": 0,
            "completed_count": 0,
            "receiver_id": receiver_id,
            "is_msg_encrypted": False,
            "meta": {},
        },
        "message": {
            "transaction_id": f"probe-{name}",
            "correlation_id": f"probe-{name}",
            "txnstatus_response": [],
        },
    }


def judge_failure(code: str) -> list[Finding]:
    """Say how far a call came that brought no answer.

    :param code: of ``core.outgoing.errors``
    """
    return _until(_ENDS.get(code, Step.ANSWER))


def judge_status(status: int) -> list[Finding]:
    """Say what an HTTP status means."""
    if 200 <= status < 300:
        return [Finding(step, True) for step in Step]
    return _until(Step.ACCEPTED)


def kind_of_status(status: int) -> str:
    """What a person has to do about a status.

    >>> kind_of_status(204), kind_of_status(403), kind_of_status(503)
    ('good', 'denied', 'fault')

    :return: ``good``, ``denied``, ``missing``, ``refused`` (another fault of the
        message) or ``fault`` (of the server)
    """
    if 200 <= status < 300:
        return "good"
    return _STATUSES.get(status, "fault" if status >= 500 else "refused")


def _until(end: Step) -> list[Finding]:
    steps = list(Step)
    place = steps.index(end)
    return [
        Finding(step, True if n < place else False if n == place else None)
        for n, step in enumerate(steps)
    ]

"""What the partner console offers to try out: ways, paths and first messages."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from odoo.addons.g2p_spar_mapper.core.reason import Operation

from .asynchronous.status import ACTION
from .moment import write_moment

#: Names of what can be tried, in the order of the page.
NAMES = (*(operation.value for operation in Operation), ACTION)


class Mode(StrEnum):
    """Whether a message is answered at once or acknowledged and worked off later."""

    SYNC = "sync"
    ASYNC = "async"


class Way(NamedTuple):
    """What is asked for, and how it is answered.

    :param name: link, update, unlink, resolve or txn-status
    """

    name: str
    mode: Mode

    @property
    def path(self) -> str:
        """Where a program sends such a message."""
        last = "txn/status" if self.name == ACTION else self.name
        middle = "sync/" if self.mode is Mode.SYNC else ""
        return f"/spar/v1/mapper/{middle}{last}"


WAYS = tuple(Way(name, mode) for name in NAMES for mode in Mode)


def read_way(name: object, mode: object) -> Way | None:
    """Return the way of these names, none for others."""
    return next((way for way in WAYS if (way.name, way.mode) == (name, mode)), None)


#: Somebody who can be linked in every sandbox; no person has this ID.
_PERSON = "token:console-example@nationalId"
_ITEMS = {
    "link": {
        "id": _PERSON,
        "fa": "joe@example-wallet",
        "name": "Joe Example",
    },
    "update": {"id": _PERSON, "fa": "joe@another-example-wallet"},
    "unlink": {"id": _PERSON},
    "resolve": {"id": _PERSON, "scope": "details"},
}


def write_example(way: Way, sender_id: str, name: str, now: datetime) -> dict:
    """Return a first message of one way, ready to be sent.

    :param sender_id: as the partner is called on the wire
    :param name: a text nobody has used before, for the ids of the message
    :param now: aware
    """
    stamp = write_moment(now)
    header = {
        "version": "1.0.0",
        "message_id": f"console-{name}",
        "message_ts": stamp,
        "action": way.name,
        "sender_id": sender_id,
        "total_count": 1,
    }
    if way.name == ACTION:
        asked = {"txnstatus_request": _ask_status(stamp)}
    else:
        item = {"reference_id": "first", "timestamp": stamp, **_ITEMS[way.name]}
        asked = {f"{way.name}_request": [item]}
    message = {"transaction_id": f"console-transaction-{name}", **asked}
    return {"signature": "", "header": header, "message": message}


def _ask_status(stamp: str) -> dict:
    return {
        "reference_id": "first",
        "timestamp": stamp,
        "txn_type": "link",
        "attribute_type": "transaction_id",
        "attribute_value": "write the transaction_id of an earlier message here",
    }

"""The audit line: who did what, how much of it, and how it ended.

One line of JSON for a request, and one for a message that was worked off later, whose
``op`` is that of its callback. It never holds an ID, an address, a name, a
telephone number, a secret or a token.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from .moment import write_moment


@dataclass(slots=True)
class AuditLine:
    """Facts of one request, filled in as they become known.

    :param at: when it arrived, or was worked off; aware
    :param op: operation, or ``token``
    :param sender: sender id from the access token, never from the message
    :param items: number of items that were sent
    :param status: HTTP status, 0 where none was given
    :param code: reason code of the message or of the refusal
    :param ms: duration in milliseconds
    :param via: how the sender proved who it is, see ``core.caller.Caller``
    :param reason: why a signature was refused, see ``core.jose.errors``
    :param protocol: envelope of the message, see ``core.protocol``
    :param replay: whether an earlier answer was given again
    :param ip: address of the client as the server sees it
    """

    at: datetime
    op: str
    ip: str | None
    sender: str | None = None
    transaction_id: str | None = None
    message_id: str | None = None
    purpose: str | None = None
    items: int = 0
    succeeded: int = 0
    rejected: int = 0
    status: int = 0
    code: str | None = None
    ms: float = 0.0
    via: str | None = None
    reason: str | None = None
    protocol: str | None = None
    replay: bool = False

    def write(self) -> str:
        """Return the line as compact JSON, without its line end."""
        facts = {name: getattr(self, name) for name in self.__slots__}
        facts |= {"at": write_moment(self.at), "ms": round(self.ms, 2)}
        return json.dumps(facts, separators=(",", ":"))

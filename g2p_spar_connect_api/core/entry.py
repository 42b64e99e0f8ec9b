"""What the message log keeps of a message when it is taken in."""

from typing import NamedTuple

from .asynchronous.references import References
from .reply import Receipt


class Entry(NamedTuple):
    """One line of the log, before anything was done.

    :param sender: database id of the sender
    :param message_id: the sender's name of the message; nobody takes it twice
    :param operation: link, update, unlink, resolve or txn-status
    :param transaction_id: the sender's name of the business transaction
    :param digest: SHA-256 of what was sent, hexadecimal; a repeat with the same
        one is answered as before
    :param receipt: time and correlation id of the answer or acknowledgement
    :param total: number of items
    :param legacy: whether it is answered in the reason codes of SPAR 1.1
    :param mode: sync (answered at once), async (worked off later) or file
    :param references: reference ids of the items, where they are known already
    :param marks: of the IDs, for the order; see ``core.asynchronous.order``
    :param callback_url: address from the message, none for the registered one
    :param is_announced: whether a callback was promised (ACK)
    """

    sender: int
    message_id: str
    operation: str
    transaction_id: str
    digest: str
    receipt: Receipt
    total: int
    legacy: bool = False
    mode: str = "sync"
    references: References | None = None
    marks: bytes | None = None
    callback_url: str | None = None
    is_announced: bool = False

"""Callbacks: where they are posted, and what they say.

A callback goes to the address that is registered for its sender. An address in
a message is used only where it lies below that one, so nobody can send results
elsewhere with a stolen token.
"""

from typing import NamedTuple

from odoo.addons.g2p_spar_mapper.core.outgoing.place import is_below, join

from .ack import Ack

#: Path below the callback address, by the operation that was asked for.
PATHS = {
    "link": "on-link",
    "update": "on-update",
    "unlink": "on-unlink",
    "resolve": "on-resolve",
    "txn-status": "txn/on-status",
    "consent": "on-consent",
}
#: What ``header.action`` of a callback says.
ACTIONS = {operation: f"on-{operation}" for operation in PATHS} | {
    "txn-status": "txn-on-status"
}


class CallbackFacts(NamedTuple):
    """Where a sender is called back.

    :param url: the registered address, none when there is none
    """

    url: str | None = None


def judge_sender_uri(sender_uri: str | None, registered: str | None) -> Ack | None:
    """Say why a message with this address cannot be taken, or none.

    :param sender_uri: as the message names it; empty: the registered one is meant
    """
    if not sender_uri or (registered and is_below(sender_uri, registered)):
        return None
    return Ack(
        "ERR",
        "err.sender_uri.invalid",
        "header.sender_uri is not below the callback address that is registered "
        "for this sender: leave it empty, or ask the registry's administrator.",
    )


def find_target(
    operation: str, wanted: str | None, registered: str | None
) -> str | None:
    """Return the URL of a callback, or none when it may be sent nowhere.

    Some senders name the whole URL, with the last part of its path.

    :param operation: what was asked for
    :param wanted: address from the message, none for the registered one
    :param registered: the address registered now
    :raise PlaceError: the registered address is none
    """
    if not registered or (wanted and not is_below(wanted, registered)):
        return None
    base, path = wanted or registered, PATHS[operation]
    if base.rstrip("/").endswith(f"/{path}"):
        return join(base)
    return join(base, *path.split("/"))


def to_callback(body: dict, operation: str, message_id: str) -> dict:
    """Make a callback of an answer (schema ``MsgCallbackHeader``).

    :param body: the answer to the message, with header and message
    :param message_id: of the callback, a message of its own
    """
    header = {"message_id": message_id, "action": ACTIONS[operation]}
    return body | {"header": body["header"] | header}

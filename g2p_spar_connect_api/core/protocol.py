"""Which envelope a message speaks: one service answers several."""

from collections.abc import Callable
from typing import NamedTuple

from .envelope import read_message
from .reply import accept, reject


class Protocol(NamedTuple):
    """How messages of one envelope are read and answered.

    :param name: as stored with a message
    :param read: (operation, content, now, item limit) -> Message
    :param accept: (message, outcomes, manner, receipt) -> Reply
    :param reject: (message, receipt) -> Reply
    """

    name: str
    read: Callable
    accept: Callable
    reject: Callable


G2P_CONNECT = Protocol("g2p_connect", read_message, accept, reject)


def find_protocol(content: dict) -> Protocol:
    """Return the protocol of a message, judged by the names in its envelope.

    :param content: the JSON object that was sent
    """
    return G2P_CONNECT

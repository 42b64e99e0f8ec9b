"""Which envelope a message speaks: one service answers several."""

from collections.abc import Callable
from typing import NamedTuple

from .envelope import read_message
from .openg2p import reader, writer
from .reply import accept, reject


class Protocol(NamedTuple):
    """How messages of one envelope are read and answered.

    :param name: as stored with a message
    :param read: (operation, content, now, item limit) -> Message
    :param accept: (message, outcomes, manner, receipt) -> Reply
    :param reject: (message, receipt) -> Reply
    :param at_once: whether its messages are answered at once at every address
    :param find_name: (content) -> name of a message before it is checked
    :param needs_parts: whether it writes addresses from their parts
    """

    name: str
    read: Callable
    accept: Callable
    reject: Callable
    find_name: Callable = lambda content: None
    at_once: bool = False
    needs_parts: bool = False


G2P_CONNECT = Protocol("g2p_connect", read_message, accept, reject)
#: Its clients post to the addresses of asynchronous messages, and wait.
OPENG2P = Protocol(
    "openg2p",
    reader.read_message,
    writer.accept,
    writer.reject,
    reader.find_name,
    at_once=True,
    needs_parts=True,
)


def find_protocol(content: dict) -> Protocol:
    """Return the protocol of a message, judged by the names in its envelope.

    :param content: the JSON object that was sent
    """
    return OPENG2P if reader.speaks(content) else G2P_CONNECT

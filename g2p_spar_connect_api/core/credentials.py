"""What a request shows to prove who sends it."""

import re
from collections.abc import Callable
from typing import NamedTuple

from .errors import TooLarge

#: Bytes of a body that is read before it is known who sends it, and the same for
#: network addresses from which many wrong signatures came.
UNPROVEN_LIMIT = 2 * 2**20
SUSPECT_LIMIT = 128 * 2**10
#: Commas in it. Time and memory that JSON takes go with its values rather than with
#: its bytes; messages have half as many even where their items say the least.
UNPROVEN_COMMAS = 200_000
_BARE = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


def check_unproven(raw: bytes) -> None:
    """Refuse a body that would cost much to read, of somebody who may be nobody.

    :raise TooLarge: it has more values than a message of so many bytes
    """
    if raw.count(b",") > UNPROVEN_COMMAS:
        raise TooLarge(
            "The body has too many values for one that comes without an access token: "
            "send the items in several messages."
        )


class Credentials(NamedTuple):
    """Headers and body of a request, as far as they may prove who sends it.

    :param authorization: HTTP header of that name, if any
    :param signature: HTTP header of that name, if any
    :param read: reads the body up to so many bytes, again and again the same;
        none: there is no body, or one that is streamed
    :param is_first: whether the request is looked at for the first time: Odoo
        runs it again after a conflict
    :param address: network address of the client
    """

    authorization: str | None
    signature: str | None = None
    read: Callable[[int], bytes] | None = None
    is_first: bool = True
    address: str = ""

    @property
    def bare_token(self) -> str | None:
        """The JWT that stands in ``Authorization`` without the word Bearer."""
        text = (self.authorization or "").strip()
        return text if _BARE.fullmatch(text) else None

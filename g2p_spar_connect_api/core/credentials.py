"""What a request shows to prove who sends it."""

import re
from collections.abc import Callable
from typing import NamedTuple

#: Bytes of a body that is read before it is known who sends it.
UNPROVEN_LIMIT = 10 * 2**20
_BARE = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


class Credentials(NamedTuple):
    """Headers and body of a request, as far as they may prove who sends it.

    :param authorization: HTTP header of that name, if any
    :param signature: HTTP header of that name, if any
    :param read: reads the body up to so many bytes, again and again the same;
        none: there is no body, or one that is streamed
    :param is_first: whether the request is looked at for the first time: Odoo
        runs it again after a conflict
    """

    authorization: str | None
    signature: str | None = None
    read: Callable[[int], bytes] | None = None
    is_first: bool = True

    @property
    def bare_token(self) -> str | None:
        """The JWT that stands in ``Authorization`` without the word Bearer."""
        text = (self.authorization or "").strip()
        return text if _BARE.fullmatch(text) else None

"""Who calls, and with what: the outcome of every way to come in."""

from typing import NamedTuple

from .errors import Forbidden
from .sender import SenderFacts


class Caller(NamedTuple):
    """A sender that proved who it is.

    :param facts: the sender and its rights at this moment
    :param scopes: what its credential covers; what it may do is covered by both
    :param via: how it proved it: ``token`` of ours, of an outside ``issuer``, a
        ``signature`` alone, or a bare JWT (``authorization``)
    :param is_signed: whether a signature over the body was found right
    """

    facts: SenderFacts
    scopes: frozenset[str]
    via: str = "token"
    is_signed: bool = False


def check_scope(scope: str, caller: Caller) -> None:
    """Refuse an operation that the credential or the sender does not cover.

    A right that was taken from the sender is gone at once, whatever its tokens
    still say.

    :raise Forbidden: RFC 6750, section 3.1, ``insufficient_scope``
    """
    if scope in caller.scopes and scope in caller.facts.scopes:
        return
    challenge = f'Bearer realm="spar", error="insufficient_scope", scope="{scope}"'
    raise Forbidden(
        f"The access token does not carry the scope {scope}, which is needed here.",
        {"WWW-Authenticate": challenge},
    )

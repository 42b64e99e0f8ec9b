"""The written form of identifiers and financial addresses.

Grammar (G2P Connect ID-account mapper 1.0.0, fields ``id`` and ``fa``)::

    address  = [type ":"] value ["@" provider]

The *last* ``@`` opens the provider and the *first* ``:`` before it closes the
type; what is neither is the value. ``token:abc@nationalId``, ``vid@nid`` and the
opaque ``GB33BUKB20201555555555`` are all addresses. The pattern of the
specification has no room for ``:`` and ``_`` although its examples use them, so
those are allowed here.

>>> parse("account:123@indigo.dfsp1")
Address(type='account', value='123', provider='indigo.dfsp1')
>>> format(Address(None, "vid", "nid"))
'vid@nid'
>>> normalize(" Token:AbC@NationalID ", case_significant=True)
'token:AbC@nationalid'
"""

import re
import unicodedata
from typing import NamedTuple

from .errors import InvalidFormat, TooLong

# C0 and C1 controls with NUL, marks and overrides of writing direction, lone
# surrogates, byte order mark, noncharacters: none of them can be seen or typed,
# so two texts which look the same would be two addresses.
_REFUSED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff]"
)
# Enough for every text to reach its fixed point; reached after one in practice.
_MAX_ROUNDS = 8


class Address(NamedTuple):
    """One parsed address.

    :param type: what stands before the first colon, or None
    :param value: the value proper
    :param provider: what stands behind the last at sign, or None
    """

    type: str | None
    value: str
    provider: str | None


def check_text(text: object, limit: int) -> str:
    """Return ``text`` unchanged when it can be stored and shown.

    :param text: what a client sent
    :param int limit: greatest number of characters
    :raise InvalidFormat: no text, nothing but blanks, or hidden characters
    :raise TooLong: more than ``limit`` characters
    """
    if not isinstance(text, str):
        raise InvalidFormat("This must be a text.")
    if len(text) > limit:
        raise TooLong("This is longer than %(limit)s characters.", limit=limit)
    if text.isascii() and text.isprintable():
        hidden = False
    else:
        hidden = _REFUSED.search(text) is not None
    if hidden:
        raise InvalidFormat("This contains control or invisible characters.")
    if not text or text.isspace():
        raise InvalidFormat("This must not be empty.")
    return text


def parse(text: str) -> Address:
    """Split ``text`` into type, value and provider.

    :raise InvalidFormat: a type, value or provider is announced but empty
    """
    left, at, provider = text.rpartition("@")
    if not at:
        left, provider = provider, ""
    kind, colon, value = left.partition(":")
    if not colon:
        kind, value = "", left
    if not value or (at and not provider) or (colon and not kind):
        raise InvalidFormat("This does not have the form type:value@provider.")
    return Address(kind or None, value, provider or None)


def format(address: Address) -> str:
    """Write an address; :func:`parse` of the result gives ``address`` again.

    :raise InvalidFormat: a separator inside a part would move the boundaries
    """
    kind = f"{address.type}:" if address.type is not None else ""
    provider = f"@{address.provider}" if address.provider is not None else ""
    text = f"{kind}{address.value}{provider}"
    if parse(text) != address:
        raise InvalidFormat("This does not have the form type:value@provider.")
    return text


def normalize(text: str, case_significant: bool = False) -> str:
    """Return the form by which two writings of one address are equal.

    Compatibility characters are unified (NFKC), blanks around are cut, letters
    are folded. The specification calls addresses case-insensitive, but tokens in
    base64url are not: with ``case_significant`` the value keeps its case and only
    type and provider are folded.

    The function is idempotent: a normal form is its own normal form.
    """
    if text.isascii():
        text = text.strip()
        return _fold_ends(text) if case_significant else text.lower()
    for _ in range(_MAX_ROUNDS):
        folded = unicodedata.normalize("NFKC", text).strip()
        folded = _fold_ends(folded) if case_significant else folded.casefold()
        if folded == text:
            break
        text = folded
    return text


def _fold_ends(text: str) -> str:
    """Fold type and provider, leave the value alone."""
    left, at, provider = text.rpartition("@")
    if not at:
        left, provider = provider, ""
    kind, colon, value = left.partition(":")
    if not colon:
        kind, value = "", left
    return f"{kind.casefold()}{colon}{value}{at}{provider.casefold()}"

"""Where an application's people are sent back to, and with what.

Addresses are compared letter by letter, as OAuth 2.0 Security Best Current Practice
(RFC 9700, 2.1) wants: every looser comparison has sent somebody to a stranger.
"""

from urllib.parse import urlencode

from odoo.addons.g2p_spar_mapper.core.outgoing.place import PlaceError, read_place

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


def read_addresses(text: str | None) -> list[str]:
    """Return the addresses of a setting, one a line.

    :raise PlaceError: one of them cannot be used; says which
    """
    addresses = [line.strip() for line in (text or "").splitlines() if line.strip()]
    for address in addresses:
        _check(address)
    return addresses


def _check(address: str) -> None:
    """Demand https, but for a program on the person's own computer (RFC 8252, 7.3)."""
    place = read_place(address)
    if place.scheme != "https" and place.host not in _LOOPBACK:
        raise PlaceError(f"The address {address} must begin with https://.")


def answer_url(address: str, **told: str | None) -> str:
    """Return a registered address with an answer in its query.

    >>> answer_url("https://a.example/back?x=1", result="agreed", state=None)
    'https://a.example/back?x=1&result=agreed'

    :param told: by name; what is none is left out
    """
    query = urlencode({name: one for name, one in told.items() if one is not None})
    return f"{address}{'&' if '?' in address else '?'}{query}"

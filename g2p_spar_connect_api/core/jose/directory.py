"""Who may be meant: from what an unproven message says to registered senders.

Only senders that may come in with a signature alone are listed, so nobody else
can be found this way. What is found is a candidate: its keys then decide.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

#: So many senders may share a key name and still be told apart by trying.
MOST_CANDIDATES = 4


class Listed(NamedTuple):
    """What a sender is found by.

    :param client_id: by which its facts are looked up
    :param names: what it calls itself
    :param kids: names of its keys
    :param token_issuer: ``iss`` of its bare JWT; empty: it sends none
    """

    client_id: str
    names: tuple[str, ...]
    kids: tuple[str, ...]
    token_issuer: str


class Directory(NamedTuple):
    """Senders by name, by key and by issuer of their tokens: client ids."""

    by_name: Mapping[str, tuple[str, ...]]
    by_kid: Mapping[str, tuple[str, ...]]
    by_issuer: Mapping[str, tuple[str, ...]]

    def find(self, name: str | None, kid: str | None) -> tuple[str, ...]:
        """Return the senders that may have signed.

        A registered name decides; a key name is asked only without one, as G2P
        Bridge and the connector may leave the name empty.
        """
        return self._one(name) or self._several(self.by_kid.get(kid or "", ()))

    def find_by_token(self, issuer: str, kid: str | None) -> tuple[str, ...]:
        """Return the senders that may have made a bare JWT."""
        found = self.by_issuer.get(issuer, ()) if issuer else ()
        return self._several(found or self.by_kid.get(kid or "", ()))

    def _one(self, name: str | None) -> tuple[str, ...]:
        found = self.by_name.get((name or "").casefold(), ())
        return found if len(found) == 1 else ()

    @staticmethod
    def _several(found: tuple[str, ...]) -> tuple[str, ...]:
        return found if len(found) <= MOST_CANDIDATES else ()


def partner_name(sender_id: str) -> str:
    """Return the reference under which OpenG2P's key manager keeps a sender's key.

    >>> partner_name("pbms-west")
    'PARTNER_PBMS_WEST'
    """
    return "PARTNER_" + sender_id.replace("-", "_").upper()


def list_senders(senders: Iterable[Listed]) -> Directory:
    """Build the directory."""
    by_name, by_kid, by_issuer = {}, {}, {}
    for sender in senders:
        for name in {name.casefold() for name in sender.names if name}:
            by_name.setdefault(name, []).append(sender.client_id)
        for kid in dict.fromkeys(sender.kids):
            by_kid.setdefault(kid, []).append(sender.client_id)
        if sender.token_issuer:
            by_issuer.setdefault(sender.token_issuer, []).append(sender.client_id)
    return Directory(*(_freeze(index) for index in (by_name, by_kid, by_issuer)))


def _freeze(index: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(found) for name, found in index.items()}


def read_claimed_name(content: Mapping) -> str:
    """Return who a message says it is from, in either envelope; else empty."""
    for header, name in (
        ("header", "sender_id"),
        ("request_header", "sender_app_mnemonic"),
    ):
        inner = content.get(header)
        value = inner.get(name) if isinstance(inner, Mapping) else None
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""

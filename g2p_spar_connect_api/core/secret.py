"""Client secrets: made at random, kept as a keyed hash.

A secret is 256 random bits. Nobody can try such secrets one after the other, so
a slow password hash would only slow down the token endpoint; the key of the
hash lies outside the database, so a copied database lets nobody in.
"""

import hmac
import secrets
from collections.abc import Iterable

from odoo.addons.g2p_spar_fa_reference.core.seal import keyed_hash

_PURPOSE = "client_secret"
_SECRET_BYTES = 32
_CLIENT_BYTES = 9


def new_client_id() -> str:
    """Return a client id: 12 characters that need no escaping in a form."""
    return secrets.token_urlsafe(_CLIENT_BYTES)


def new_secret() -> str:
    """Return a secret: 43 characters that need no escaping in a form."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def hash_secret(secret: str) -> str:
    """Return what is stored for ``secret``.

    :raise SealError: the key of the server is missing
    """
    return keyed_hash(secret, _PURPOSE)


def is_known(secret: str, hashes: Iterable[str]) -> bool:
    """Whether ``secret`` is one of those stored.

    All are compared, each in constant time, so the time tells nothing. For an
    unknown client pass no hashes: the same hash is computed nevertheless.
    """
    candidate = hash_secret(secret)
    found = False
    for stored in hashes:
        found |= hmac.compare_digest(candidate, stored)
    return found

"""Private keys of the registry, opened when they are needed."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache

from joserfc.jwk import ECKey, RSAKey

from odoo.addons.g2p_spar_fa_reference.core.seal import unseal

from .own import import_key


class PrivateKeys(Mapping):
    """Sealed private keys by key id; looking one up opens it.

    :param sealed: private JWKs as they are stored, by key id
    :param purpose: what they were sealed for
    """

    def __init__(self, sealed: Mapping[str, str], purpose: str):
        self._sealed = sealed
        self._purpose = purpose

    def __getitem__(self, kid: str) -> ECKey | RSAKey:
        """Return a key.

        :raise KeyError: there is no key of this id
        :raise SealError: the key of the server is missing or another one
        """
        return open_private_key(self._sealed[kid], self._purpose)

    def __iter__(self) -> Iterator[str]:
        return iter(self._sealed)

    def __len__(self) -> int:
        return len(self._sealed)


@lru_cache(maxsize=16)
def open_private_key(sealed: str, purpose: str) -> ECKey | RSAKey:
    """Open a key; it stays open in this process.

    An RSA key is checked when it is imported, which takes fifty times as long as
    using it.
    """
    return import_key(json.loads(unseal(sealed, purpose)))


def forget_opened() -> None:
    """Close all keys, for tests and after a change of the server's key."""
    open_private_key.cache_clear()

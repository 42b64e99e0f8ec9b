"""The registry's own keys: what each is for, and how it is published."""

from typing import NamedTuple

from joserfc.jwk import ECKey, RSAKey

from ..access_token import MOST_TOKEN_SECONDS

RSA_BITS = 3072
_MONTH = 30 * 86_400


class Slot(NamedTuple):
    """A place for one key that is in use and one that comes next.

    :param purpose: ``token`` signs access tokens, ``message`` signs answers and
        callbacks, ``encryption`` is what partners encrypt for
    :param algorithm: the one algorithm its keys are for
    :param retained: seconds a retired key is still needed
    """

    purpose: str
    algorithm: str
    retained: int

    @property
    def use(self) -> str:
        """What a JWK calls it (RFC 7517, section 4.2)."""
        return "enc" if self.purpose == "encryption" else "sig"


#: Callbacks are looked at again, and messages encrypted from an old copy of the
#: key set, long after a rotation; tokens are not.
SLOTS = {
    (slot.purpose, slot.algorithm): slot
    for slot in (
        Slot("token", "ES256", MOST_TOKEN_SECONDS),
        Slot("message", "ES256", _MONTH),
        Slot("message", "RS256", _MONTH),
        Slot("encryption", "RSA-OAEP-256", _MONTH),
        Slot("encryption", "ECDH-ES", _MONTH),
    )
}


def new_key(algorithm: str = "ES256") -> ECKey | RSAKey:
    """Return a new private key whose id is its RFC 7638 thumbprint."""
    if algorithm.startswith("RS"):
        return RSAKey.generate_key(RSA_BITS, private=True, auto_kid=True)
    return ECKey.generate_key("P-256", private=True, auto_kid=True)


def public_jwk(key: ECKey | RSAKey, algorithm: str = "ES256", use: str = "sig") -> dict:
    """Return what the key set publishes of a key (RFC 7517)."""
    return key.as_dict(private=False, use=use, alg=algorithm, kid=key.thumbprint())


def import_key(jwk: dict) -> ECKey | RSAKey:
    """Return a key from its JWK, private or public."""
    return (RSAKey if jwk["kty"] == "RSA" else ECKey).import_key(jwk)

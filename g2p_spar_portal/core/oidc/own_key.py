"""The portal's own keys, with which it proves at a provider who it is."""

import json
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from odoo.addons.g2p_spar_fa_reference.core.seal import seal, unseal

from ..said import Said, _lt

RSA, EC = "RSA", "EC"
#: Algorithm of a signature -> kind of key.
SIGNS_WITH = {"RS256": RSA, "PS256": RSA, "ES256": EC}
#: Kind of key -> algorithm for which others encrypt.
DECRYPTS_WITH = {RSA: "RSA-OAEP-256", EC: "ECDH-ES"}
RSA_BITS = 3072
LEAST_RSA_BITS, MOST_RSA_BITS = 2048, 8192
TEXT_LIMIT = 64 * 2**10
_SEALED_FOR = "oidc_client_key"


class KeyProblem(Said):
    """A private key cannot be used; the text says what to do."""


def new_key(kind: str) -> ECKey | RSAKey:
    """Return a new private key: RSA, or EC on P-256."""
    if kind == RSA:
        return RSAKey.generate_key(RSA_BITS, private=True)
    return ECKey.generate_key("P-256", private=True)


def read_private(raw: bytes) -> ECKey | RSAKey:
    """Read a private key: PEM without a password, or a JWK.

    :raise KeyProblem: it is none, or not fit; says nothing of its content
    """
    text = raw[:TEXT_LIMIT].strip()
    kinds = (RSAKey, ECKey)
    if text.startswith(b"{"):
        text, kinds = _read_jwk(text)
    for kind in kinds:
        try:
            key = kind.import_key(text)
            is_fit = key.is_private and _is_fit(key)
        except (JoseError, ValueError, TypeError, KeyError, UnsupportedAlgorithm):
            continue
        if is_fit:
            return key
    raise KeyProblem(
        _lt(
            "This is no private key that can be used: write an RSA key of at least"
            " %(bits)s bits or an EC key on P-256, as PEM without a password or as a"
            " JWK."
        ),
        bits=LEAST_RSA_BITS,
    )


def _read_jwk(text: bytes) -> tuple[dict, tuple]:
    try:
        jwk = json.loads(text)
    except (ValueError, RecursionError):
        return {}, ()
    kind = {"RSA": RSAKey, "EC": ECKey}.get(jwk.get("kty"))
    return jwk, (kind,) if kind else ()


def _is_fit(key: ECKey | RSAKey) -> bool:
    if isinstance(key, RSAKey):
        return LEAST_RSA_BITS <= key.raw_value.key_size <= MOST_RSA_BITS
    return key.curve_name == "P-256"


def kind_of(key: ECKey | RSAKey) -> str:
    """Return ``RSA`` or ``EC``."""
    return RSA if isinstance(key, RSAKey) else EC


def public_jwk(key: ECKey | RSAKey, is_for_signing: bool, kid: str) -> dict:
    """Return what is registered at the provider (RFC 7517).

    A key for signatures is not bound to one algorithm, so that the provider's
    record may change it; one for encryption is, so that nobody has to guess.
    """
    jwk = key.as_dict(private=False)
    names = ("kty", "n", "e", "crv", "x", "y")
    public = {name: jwk[name] for name in names if name in jwk}
    if is_for_signing:
        return public | {"use": "sig", "kid": kid}
    return public | {"use": "enc", "alg": DECRYPTS_WITH[kind_of(key)], "kid": kid}


def seal_private(key: ECKey | RSAKey) -> str:
    """Return a private key as it is stored.

    :raise SealError: the key of the server is missing
    """
    return seal(json.dumps(key.as_dict(private=True)).encode(), _SEALED_FOR)


@lru_cache(maxsize=32)
def open_private(sealed: str) -> ECKey | RSAKey:
    """Open a stored key; it stays open in this process, as importing one is slow.

    :raise SealError: the key of the server is missing or another one
    """
    return read_private(unseal(sealed, _SEALED_FOR))

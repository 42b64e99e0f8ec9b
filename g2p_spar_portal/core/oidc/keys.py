"""The keys of a provider (RFC 7517), as they really are published.

eSignet publishes its own keys and those of the identity system, with a member
``exp`` of its own, mostly without ``alg``; a release marked keys with another
``alg`` than they sign with. Which algorithms count is said by the provider's
record alone, so ``alg``, ``use`` and further members of a key are not looked at,
but that a key for encryption verifies nothing.
"""

import json

from cryptography.exceptions import UnsupportedAlgorithm
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from .errors import OidcError
from .own_key import EC, LEAST_RSA_BITS, MOST_RSA_BITS, RSA

#: A key is fetched anew for a key that is not known at most this often, seconds.
REFETCH_SECONDS = 60
#: A copy is fetched anew when it is older, seconds.
FRESH_SECONDS = 3600
KEYS_LIMIT = 64
_PUBLIC = {RSA: ("kty", "n", "e"), EC: ("kty", "crv", "x", "y")}
_KINDS = {RSA: RSAKey, EC: ECKey}
_CURVES = ("P-256",)


def read_key_set(raw: bytes) -> list[dict]:
    """Read a JWK Set; what verifies nothing here is left out.

    :return: JWKs with their public parameters and ``kid`` where there is one
    :raise OidcError: it is none, or has no key that can be used
    """
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise OidcError("provider_answer", "key set is no JSON") from error
    listed = content.get("keys") if isinstance(content, dict) else None
    if not isinstance(listed, list):
        raise OidcError("provider_answer", "key set without keys")
    keys = [jwk for jwk in map(_read_jwk, listed[:KEYS_LIMIT]) if jwk]
    if not keys:
        raise OidcError("provider_answer", "key set without a key that can be used")
    return keys


def _read_jwk(jwk: object) -> dict | None:
    """Return what counts of a key; none where it cannot be used."""
    kind = jwk.get("kty") if isinstance(jwk, dict) else None
    if kind not in (RSA, EC) or jwk.get("use", "sig") != "sig":
        return None
    found = {name: jwk.get(name) for name in _PUBLIC[kind]}
    try:
        key = load_key(found)
        if not _is_fit(key):
            return None
    except (JoseError, ValueError, TypeError, KeyError, UnsupportedAlgorithm):
        return None
    kid = jwk.get("kid")
    return found | ({"kid": kid} if isinstance(kid, str) else {})


def load_key(jwk: dict) -> ECKey | RSAKey:
    """Return the key of a JWK."""
    bare = {name: jwk[name] for name in _PUBLIC[jwk["kty"]]}
    return _KINDS[jwk["kty"]].import_key(bare)


def _is_fit(key: ECKey | RSAKey) -> bool:
    if isinstance(key, RSAKey):
        return LEAST_RSA_BITS <= key.raw_value.key_size <= MOST_RSA_BITS
    return key.curve_name in _CURVES


def find_keys(keys: list[dict], kid: str | None, kind: str) -> list[ECKey | RSAKey]:
    """Return the keys that may have signed.

    A signature that names no key may be of any of the kind.

    :param keys: see :func:`read_key_set`
    :param kid: that the signature names
    :param kind: ``RSA`` or ``EC``
    """
    fit = [jwk for jwk in keys if jwk["kty"] == kind]
    if kid is not None:
        fit = [jwk for jwk in fit if jwk.get("kid") == kid]
    return [load_key(jwk) for jwk in fit]


def may_refetch(fetched_at: float, now: float) -> bool:
    """Whether keys may be fetched anew because one is not known.

    :param fetched_at: seconds since the epoch; 0: never
    """
    return not 0 <= now - fetched_at < REFETCH_SECONDS


def is_stale(fetched_at: float, now: float) -> bool:
    """Whether keys are to be fetched anew; a revoked key is gone by then."""
    return not 0 <= now - fetched_at < FRESH_SECONDS

"""Signatures of a provider: of which key and algorithm, and over what."""

import json

from joserfc import jws
from joserfc.errors import JoseError

from .keys import find_keys
from .own_key import SIGNS_WITH

#: The identity system may put a chain of certificates into the header, and a
#: picture into the payload.
_HEADER_LIMIT = 32 * 2**10
_PAYLOAD_LIMIT = 4 * 2**20


class Unsigned(ValueError):
    """A token is not signed as demanded; the text says why, in our words."""


class UnknownKey(Unsigned):
    """The key is not among those that are known; there may be new ones."""


def read_signed(token: str, keys: list[dict], algorithms: tuple[str, ...]) -> dict:
    """Return the claims of a signed token (RFC 7515, compact form).

    :param keys: of the provider, see ``keys.read_key_set``
    :param algorithms: that count; whatever else the token says of itself is refused
    :raise Unsigned: it is not signed so
    """
    signature = _extract(token)
    header = signature.headers()
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in algorithms or algorithm not in SIGNS_WITH:
        raise Unsigned("alg is not one of the record")
    if "crit" in header:
        raise Unsigned("crit")
    registry = _registry(algorithm)
    found = find_keys(keys, kid, SIGNS_WITH[algorithm])
    if not any(_is_signed(signature, key, registry) for key in found):
        # A key may have been exchanged under the same name, or have none.
        raise UnknownKey("signature" if found else "no key of this kid")
    return read_object(signature.payload)


def read_algorithm(token: str) -> str:
    """Return the algorithm of a token that was verified."""
    return _extract(token).headers()["alg"]


def read_object(raw: bytes) -> dict:
    """Return a JSON object that names nothing twice.

    :raise Unsigned: it is none
    """
    try:
        content = json.loads(raw, object_pairs_hook=_read_pairs)
    except (ValueError, RecursionError) as error:
        raise Unsigned("payload is no JSON") from error
    if not isinstance(content, dict):
        raise Unsigned("payload is no object")
    return content


def _read_pairs(pairs: list[tuple]) -> dict:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name comes twice")
    return found


def _extract(token: str) -> jws.CompactSignature:
    if not isinstance(token, str) or token.count(".") != 2 or not token.isascii():
        raise Unsigned("no signed token")
    try:
        signature = jws.extract_compact(token.encode(), registry=_registry())
        is_object = isinstance(signature.headers(), dict)
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise Unsigned("form of the token") from error
    if not is_object:
        raise Unsigned("form of the header")
    return signature


def _is_signed(signature: jws.CompactSignature, key, registry) -> bool:
    """Whether this key made the signature."""
    try:
        return jws.validate_compact(signature, key, registry=registry)
    except (JoseError, ValueError):
        return False


def _registry(*algorithms: str) -> jws.JWSRegistry:
    """Return the rules of joserfc for one algorithm, and its limits raised."""
    registry = jws.JWSRegistry(algorithms=algorithms, strict_check_header=False)
    registry.max_header_length = _HEADER_LIMIT
    registry.max_payload_length = _PAYLOAD_LIMIT
    return registry

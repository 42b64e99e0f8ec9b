"""Signatures in the HTTP header ``Signature``: JWS, whole or detached.

A whole JWS (RFC 7515) carries the message as its payload, which must be the body
in one of its forms, byte for byte. A detached one (appendix F: the middle part is
empty) leaves it out; the same with ``b64`` false (RFC 7797).

Keys come from the sender's record alone: ``jwk``, ``jku``, ``x5c`` and ``x5u`` in
a JWS are what an attacker would write there, and are not looked at.
"""

import binascii
import json
from collections.abc import Iterable
from typing import NamedTuple

from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError
from joserfc.util import urlsafe_b64decode

from .canonical import forms
from .errors import SignatureInvalid
from .profile import AuthFacts, PartnerKey

#: Longest first part; certificates may stand in it. Longest third part.
HEADER_LIMIT = 16 * 2**10
SIGNATURE_LIMIT = 2 * 2**10


class Parts(NamedTuple):
    """A JWS whose header was read, and nothing verified.

    :param text: the JWS
    :param payload: its middle part, empty when it is detached
    :param kind: ``typ``, as it is written
    """

    text: str
    algorithm: str
    kid: str | None
    payload: str
    kind: str | None = None


class _Registry(jws.JWSRegistry):
    """Sizes that fit messages, and one algorithm.

    Header parameters that are not known are to be ignored (RFC 7515, 4.1).
    """

    max_header_length = HEADER_LIMIT
    max_payload_length = 2**31
    max_signature_length = SIGNATURE_LIMIT

    def __init__(self, algorithm: str):
        super().__init__(algorithms=[algorithm], strict_check_header=False)

    def get_alg(self, name: str):
        """Return the algorithm, without a warning about the name EdDSA."""
        if name not in self.allowed:
            raise BadSignatureError()
        return self.algorithms[name]


def read_parts(text: str) -> Parts:
    """Read the header of a compact JWS.

    :raise SignatureInvalid: it is none, or has critical parameters besides b64
    """
    parts = text.strip().split(".")
    if len(parts) != 3 or not parts[2] or not text.isascii():
        raise SignatureInvalid("malformed")
    header = _read_header(parts[0])
    algorithm, kid, kind = (header.get(name) for name in ("alg", "kid", "typ"))
    if not isinstance(algorithm, str):
        raise SignatureInvalid("malformed")
    if not isinstance(kid, str | None) or not isinstance(kind, str | None):
        raise SignatureInvalid("malformed")
    if "crit" in header and header["crit"] != ["b64"]:
        raise SignatureInvalid("critical")
    return Parts(text.strip(), algorithm, kid, parts[1], kind)


def _read_header(part: str) -> dict:
    if len(part) > HEADER_LIMIT:
        raise SignatureInvalid("malformed")
    try:
        header = json.loads(urlsafe_b64decode(part.encode("ascii")))
    except (ValueError, RecursionError, binascii.Error) as error:
        raise SignatureInvalid("malformed") from error
    if not isinstance(header, dict):
        raise SignatureInvalid("malformed")
    return header


def verify(parts: Parts, raw: bytes, auth: AuthFacts, now: float) -> PartnerKey:
    """Verify that the sender signed this body.

    :param raw: the body as it came
    :param now: seconds since the epoch
    :return: the key that verified it
    :raise SignatureInvalid: no key of the sender did
    """
    keys = find_keys(parts, auth, now)
    if parts.payload:
        return _verify_whole(parts, raw, keys)
    for form in forms(raw):
        for key in keys:
            if open_jws(parts, key, form) is not None:
                return key
    raise SignatureInvalid("wrong_key")


def find_keys(parts: Parts, auth: AuthFacts, now: float) -> list[PartnerKey]:
    """Return the keys to try.

    :raise SignatureInvalid: there are none, or the algorithm is not allowed
    """
    if parts.algorithm not in auth.algorithms:
        raise SignatureInvalid("algorithm")
    keys = auth.signature_keys(parts.kid, parts.algorithm, now)
    if not keys:
        raise SignatureInvalid("unknown_key")
    return keys


def _verify_whole(parts: Parts, raw: bytes, keys: Iterable[PartnerKey]) -> PartnerKey:
    for key in keys:
        payload = open_jws(parts, key)
        if payload is None:
            continue
        if any(payload == form for form in forms(raw)):
            return key
        raise SignatureInvalid("mismatch")
    raise SignatureInvalid("wrong_key")


def open_jws(
    parts: Parts, key: PartnerKey, payload: bytes | None = None
) -> bytes | None:
    """Return the payload of a JWS when the key verifies it, else none.

    :param payload: of a detached JWS
    """
    try:
        return jws.deserialize_compact(
            parts.text, key.key, registry=_Registry(parts.algorithm), payload=payload
        ).payload
    except (JoseError, ValueError, TypeError):
        return None


def sign_detached(raw: bytes, key, algorithm: str) -> str:
    """Return a detached JWS over ``raw``.

    :param key: private key; its thumbprint becomes ``kid``
    """
    header = {"alg": algorithm, "kid": key.thumbprint()}
    text = jws.serialize_compact(header, raw, key, registry=_Registry(algorithm))
    return jws.detach_content(text)

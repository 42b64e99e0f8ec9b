"""A JWT in ``Authorization``, without the word Bearer, that is the message itself.

The SPAR 1.1 connector sends its request a second time as the claims of an RS256
JWT, with ``iss``, ``aud`` and ``exp`` added. It is accepted when the claims
without these say the same as the body, value by value.
"""

import binascii
from collections.abc import Mapping

import orjson
from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry
from joserfc.util import urlsafe_b64decode

from .errors import SignatureInvalid
from .jws import Parts, find_keys, open_jws
from .profile import AuthFacts

#: Claims of the JWT itself (RFC 7519, section 4.1); everything else is message.
REGISTERED = ("iss", "sub", "aud", "exp", "nbf", "iat", "jti")
#: Seconds that clocks may differ.
LEEWAY = 60
_REASONS = {"exp": "expired", "nbf": "not_yet", "iat": "not_yet", "aud": "audience"}


def read_issuer(parts: Parts) -> str:
    """Return ``iss`` as it is claimed; nothing is verified.

    :return: empty when there is none
    """
    return _text(decode_payload(_decode(parts.payload)).get("iss"))


def verify_bare_token(
    parts: Parts, content: Mapping, auth: AuthFacts, now: float
) -> dict:
    """Verify that a JWT of the sender says what the body says.

    :param content: the JSON object of the body
    :param now: seconds since the epoch
    :return: the registered claims
    :raise SignatureInvalid: it does not
    """
    claims = decode_payload(_open(parts, auth, now))
    check_claims(claims, auth.token_issuer, auth.token_audience, now)
    said = {name: value for name, value in claims.items() if name not in REGISTERED}
    if _canonical(said) != _canonical(dict(content)):
        raise SignatureInvalid("mismatch")
    return {name: claims[name] for name in REGISTERED if name in claims}


def check_claims(claims: dict, issuer: str, audience: str, now: float) -> None:
    """Check issuer, audience and times of verified claims.

    :raise SignatureInvalid: one is missing or not right
    """
    registry = JWTClaimsRegistry(
        now=int(now),
        leeway=LEEWAY,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience},
        exp={"essential": True},
    )
    try:
        registry.validate(claims)
    except JoseError as error:
        name = getattr(error, "claim", None)
        raise SignatureInvalid(_REASONS.get(name, "issuer")) from error
    except (TypeError, ValueError) as error:
        raise SignatureInvalid("malformed") from error


def _open(parts: Parts, auth: AuthFacts, now: float) -> bytes:
    for key in find_keys(parts, auth, now):
        payload = open_jws(parts, key)
        if payload is not None:
            return payload
    raise SignatureInvalid("wrong_key")


def _decode(payload: str) -> bytes:
    try:
        return urlsafe_b64decode(payload.encode("ascii"))
    except (ValueError, binascii.Error) as error:
        raise SignatureInvalid("malformed") from error


def decode_payload(payload: bytes) -> dict:
    """Read the claims of a JWT.

    :raise SignatureInvalid: they are no JSON object
    """
    try:
        claims = orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise SignatureInvalid("malformed") from error
    if not isinstance(claims, dict):
        raise SignatureInvalid("malformed")
    return claims


def _canonical(content: dict) -> bytes:
    """Write an object so that equal objects are equal bytes: 1 is not true."""
    try:
        return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONEncodeError, TypeError) as error:
        raise SignatureInvalid("mismatch") from error


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

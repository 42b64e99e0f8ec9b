"""Access tokens: signed JWT (RFC 7519, RFC 9068) with ES256 and nothing else.

``iss`` is the registry's own name, ``sub`` and ``client_id`` the client, ``aud``
the mapper, ``scope`` what it may do. A token lives some minutes, so it is not
called back; a sender that is shut out is refused at once all the same, because
the sender's own record is looked at for each request.
"""

import hashlib
import threading
import uuid
from collections.abc import Mapping
from typing import NamedTuple

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from .errors import Unauthorized
from .scope import read_scopes, write_scopes

ALGORITHM = "ES256"
AUDIENCE = "g2p-spar-mapper"
#: Longest life of a token.
MOST_TOKEN_SECONDS = 3600
_TYPE = "at+jwt"
_LONGEST = 4096
_ESSENTIAL = {"essential": True}


class Claims(NamedTuple):
    """What a verified token says.

    :param issued_at: seconds since the epoch
    :param expires_at: seconds since the epoch
    :param key_id: which key signed it
    """

    client_id: str
    scopes: frozenset[str]
    issued_at: int
    expires_at: int
    key_id: str


def issue(
    key: ECKey,
    issuer: str,
    client_id: str,
    scopes: frozenset[str],
    now: int,
    lifetime: int,
) -> str:
    """Return a signed token.

    :param now: seconds since the epoch
    :param lifetime: seconds
    """
    header = {"alg": ALGORITHM, "kid": key.thumbprint(), "typ": _TYPE}
    claims = {
        "iss": issuer,
        "sub": client_id,
        "client_id": client_id,
        "aud": AUDIENCE,
        "scope": write_scopes(scopes),
        "iat": now,
        "nbf": now,
        "exp": now + lifetime,
        "jti": str(uuid.uuid4()),
    }
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def verify(text: str, keys: Mapping[str, ECKey], issuer: str, now: int) -> Claims:
    """Verify a token.

    :param keys: public keys by id
    :param now: seconds since the epoch
    :raise Unauthorized: not a token of this registry, or not valid now
    """
    if len(text) > _LONGEST:
        raise invalid_token()
    try:
        token = jwt.decode(
            text, lambda guest: _find_key(guest.headers(), keys), [ALGORITHM]
        )
        _registry(issuer, now).validate(token.claims)
        return _read_claims(token.claims, token.header["kid"])
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise invalid_token() from error


def _find_key(header: dict, keys: Mapping[str, ECKey]) -> ECKey:
    if header.get("typ") != _TYPE:
        raise ValueError("not an access token")
    return keys[header["kid"]]


def _registry(issuer: str, now: int) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=now,
        leeway=0,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": AUDIENCE},
        **dict.fromkeys(("sub", "scope", "iat", "nbf", "exp", "jti"), _ESSENTIAL),
    )


def _read_claims(claims: dict, key_id: str) -> Claims:
    return Claims(
        claims["sub"],
        read_scopes(claims["scope"]),
        int(claims["iat"]),
        int(claims["exp"]),
        key_id,
    )


def invalid_token() -> Unauthorized:
    """Return the one answer to every unusable token (RFC 6750, section 3.1)."""
    return Unauthorized(
        "The access token is missing, not valid here, or has expired: "
        "get a new one from the token endpoint.",
        {"WWW-Authenticate": 'Bearer realm="spar", error="invalid_token"'},
    )


def read_bearer(authorization: str | None) -> str:
    """Return the token of an ``Authorization`` header (RFC 6750, section 2.1).

    :raise Unauthorized: there is no header, or it is not a bearer token
    """
    if authorization is None:
        raise Unauthorized(
            "An access token is needed: get one from the token endpoint and send it "
            "as Authorization: Bearer.",
            {"WWW-Authenticate": 'Bearer realm="spar"'},
        )
    kind, _, text = authorization.partition(" ")
    if kind.casefold() != "bearer" or not text.strip().isascii():
        raise invalid_token()
    return text.strip()


class VerifiedTokens:
    """Tokens whose signature this process has checked already.

    Bounded. Only the check of the signature is saved: what the claims are worth
    now is the caller's question each time.

    :param int most: how many are remembered
    """

    def __init__(self, most: int = 4096):
        self._most = most
        self._claims: dict[bytes, Claims] = {}
        self._lock = threading.Lock()

    def get(self, text: str, now: int) -> Claims | None:
        """Return the claims of a token that was remembered and is still valid."""
        claims = self._claims.get(self._name(text))
        return claims if claims and now < claims.expires_at else None

    def remember(self, text: str, claims: Claims) -> None:
        """Remember a verified token; the oldest makes room."""
        with self._lock:
            while len(self._claims) >= self._most:
                del self._claims[next(iter(self._claims))]
            self._claims[self._name(text)] = claims

    def forget(self) -> None:
        """Remember nothing."""
        with self._lock:
            self._claims.clear()

    @staticmethod
    def _name(text: str) -> bytes:
        return hashlib.sha256(text.encode()).digest()

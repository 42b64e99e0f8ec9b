"""Proofs of possession (RFC 9449) as eSignet 1.7 and later ask for them."""

import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from .store import Store

ALGORITHMS = ("ES256", "PS256", "RS256")
NONCE_SECONDS = 15
LEEWAY_SECONDS = 60


class BadProof(Exception):
    """The proof is refused: ``invalid_dpop_proof`` or ``use_dpop_nonce``."""


@dataclass
class Nonces:
    """Nonces handed out, each good for some seconds."""

    given: dict[str, float] = field(default_factory=dict)

    def new(self) -> str:
        """Another nonce."""
        now = time.monotonic()
        self.given = {one: end for one, end in self.given.items() if end > now}
        nonce = secrets.token_urlsafe(16)
        self.given[nonce] = now + NONCE_SECONDS
        return nonce

    def good(self, nonce: object) -> bool:
        """Whether a nonce was given out and is not too old."""
        return self.given.get(nonce, 0) > time.monotonic()


def verify(
    proof: str, method: str, url: str, store: Store, nonces: Nonces, token: str = ""
) -> str:
    """Check a proof.

    :param proof: the header ``DPoP``
    :param url: the published address of the endpoint
    :param token: the access token that comes with it, "" at the token endpoint
    :return: the thumbprint of its key
    :raise BadProof: it is wrong, or lacks a fresh nonce
    """
    try:
        header = jws.extract_compact(proof.encode()).headers()
        kind = {"RSA": RSAKey, "EC": ECKey}[header["jwk"]["kty"]]
        key = kind.import_key(header["jwk"])
        claims = jwt.decode(proof, key, algorithms=list(ALGORITHMS)).claims
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise BadProof("invalid_dpop_proof") from error
    if key.is_private or header.get("typ") != "dpop+jwt":
        raise BadProof("invalid_dpop_proof")
    _check(claims, {"htm": method, "htu": url}, store, token)
    if not nonces.good(claims.get("nonce")):
        raise BadProof("use_dpop_nonce")
    if not store.use_once("dpop", str(claims["jti"])):
        raise BadProof("invalid_dpop_proof")
    return key.thumbprint()


def _check(claims: Mapping, expected: dict, store: Store, token: str) -> None:
    if token:
        digest = hashlib.sha256(token.encode()).digest()
        expected["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    issued = claims.get("iat")
    in_time = isinstance(issued, int) and abs(store.now() - issued) <= LEEWAY_SECONDS
    if (
        not in_time
        or not claims.get("jti")
        or any(claims.get(name) != value for name, value in expected.items())
    ):
        raise BadProof("invalid_dpop_proof")

"""Keys and signatures of partners, made as partners make them: with PyJWT-like
means of their own where that matters, never with what is tested."""

import base64
import json
from functools import cache

from hypothesis import HealthCheck, settings
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

from ..core.jose.keys import load_key, read_jwk
from ..core.jose.profile import AuthFacts, PartnerKey

#: For properties that compute with keys, on a machine that has other work.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

NOW = 1_772_366_400  # 2026-03-01T12:00:00Z, as in samples.NOW
ALGORITHMS = frozenset({"RS256", "PS256", "ES256", "EdDSA", "Ed25519"})


def private_key(name="rsa"):
    """A private key of a partner; the same one each time."""
    return _make(name)


@cache
def _make(name):
    kind = name.split("-")[0]
    if kind == "rsa":
        return RSAKey.generate_key(2048, private=True, auto_kid=True)
    if kind == "ec":
        return ECKey.generate_key("P-256", private=True, auto_kid=True)
    return OKPKey.generate_key("Ed25519", private=True, auto_kid=True)


def public_jwk(name="rsa", **values):
    """The public JWK of a key, with ``values``."""
    return private_key(name).as_dict(private=False) | values


def partner_key(name="rsa", valid_from=None, valid_until=None, **values):
    """A registered key."""
    read = read_jwk(public_jwk(name, **values))
    return PartnerKey(
        read.kid,
        read.use,
        read.alg,
        read.jwk,
        valid_from,
        valid_until,
        load_key(read.jwk),
    )


def auth(*names, **values):
    """A profile with keys, all algorithms and signatures enough."""
    keys = tuple(partner_key(name) for name in names or ("rsa",))
    return AuthFacts(**{"alone": True, "algorithms": ALGORITHMS, "keys": keys} | values)


def encode(content):
    """Base64url of bytes, or of JSON as JWT libraries write it."""
    if not isinstance(content, bytes):
        content = json.dumps(content, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def sign(payload, name="rsa", alg=None, detached=True, **header):
    """A JWS over bytes, without a kid where none is given."""
    alg = alg or {"rsa": "RS256", "ec": "ES256", "ed": "EdDSA"}[name.split("-")[0]]
    registry = jws.JWSRegistry(algorithms=[alg], strict_check_header=False)
    registry.max_header_length = 2**16
    registry.max_payload_length = 2**28
    text = jws.serialize_compact(
        {"alg": alg, "typ": "JWT", **header},
        payload,
        private_key(name),
        registry=registry,
    )
    head, middle, signature = text.split(".")
    return f"{head}..{signature}" if detached else text

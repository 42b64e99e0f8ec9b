"""Checking what the registry has signed, as a partner's program does."""

import base64

import requests
from joserfc import jws
from joserfc.jwk import KeySet

KEYS_PATH = "/spar/v1/oauth2/jwks.json"
ALGORITHMS = ["ES256", "RS256"]


def published_keys(base_url: str) -> dict:
    """The registry's public keys, as it publishes them."""
    return requests.get(base_url + KEYS_PATH, timeout=30).json()


def verify(body: bytes, signature: str, keys: dict) -> dict:
    """Check a detached signature (RFC 7515, appendix F) over the bytes of a body.

    :param signature: value of the header field ``Signature``
    :param keys: the registry's key set
    :return: protected header of the signature
    :raise joserfc.errors.BadSignatureError: it is of another key or other bytes
    """
    head, empty, tail = signature.split(".")
    assert not empty, "the body must not stand in the signature"
    payload = base64.urlsafe_b64encode(body).rstrip(b"=").decode()
    ring = KeySet.import_key_set(keys)
    whole = ".".join([head, payload, tail])
    return jws.deserialize_compact(whole, ring, algorithms=ALGORITHMS).headers()

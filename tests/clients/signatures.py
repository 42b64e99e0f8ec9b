"""Signing, encrypting and checking, as a partner's program does with joserfc."""

import base64
import json

import requests
from joserfc import jwe, jws
from joserfc.jwk import ECKey, Key, KeySet, RSAKey

KEYS_PATH = "/spar/v1/oauth2/jwks.json"
ALGORITHMS = ["ES256", "RS256"]
#: How an encrypted message is spelt (specification, ``EncryptedMessage``).
PARTS = ("encrypted_key", "iv", "ciphertext", "tag")
ENCRYPTIONS = {"RSA": "RSA-OAEP-256", "EC": "ECDH-ES"}
CONTENT = "A256GCM"


def published_keys(base_url: str) -> dict:
    """The registry's public keys, as it publishes them."""
    return requests.get(base_url + KEYS_PATH, timeout=30).json()


def new_key(use: str, kind: str = "EC") -> ECKey | RSAKey:
    """A private key of a partner.

    :param use: sig or enc
    :param kind: EC (P-256) or RSA (3072 bits)
    """
    made = ECKey if kind == "EC" else RSAKey
    size = "P-256" if kind == "EC" else 3072
    return made.generate_key(size, {"use": use}, auto_kid=True)


def sign(body: bytes, key: Key, algorithm: str = "ES256") -> str:
    """A detached signature (RFC 7515, appendix F) over the bytes of a body."""
    whole = jws.serialize_compact(
        {"alg": algorithm, "kid": key.kid}, body, key, algorithms=[algorithm]
    )
    head, _payload, tail = whole.split(".")
    return f"{head}..{tail}"


def verify(body: bytes, signature: str, keys: dict) -> dict:
    """Check a detached signature over the bytes of a body.

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


def encrypt(message: dict, keys: dict, kind: str = "EC") -> dict:
    """A message that only the registry can read.

    :param message: what would stand under ``message``
    :param keys: the registry's key set
    :param kind: EC or RSA, the kind of its key that is used
    """
    fit = [k for k in keys["keys"] if (k.get("use"), k["kty"]) == ("enc", kind)]
    jwk = fit[0]
    names = {"alg": ENCRYPTIONS[kind], "enc": CONTENT, "kid": jwk["kid"]}
    ring = KeySet.import_key_set({"keys": [jwk]}).keys[0]
    whole = jwe.encrypt_compact(
        names, json.dumps(message).encode(), ring, algorithms=list(names.values())[:2]
    )
    protected, *parts = whole.split(".")
    header = json.loads(base64.urlsafe_b64decode(protected + "=="))
    return {
        "header": header,
        "protected": protected,
        **dict(zip(PARTS, parts, strict=True)),
    }


def decrypt(sealed: dict, key: Key) -> dict:
    """Read a message that was encrypted for a partner."""
    whole = ".".join([sealed["protected"], *(sealed[name] for name in PARTS)])
    return json.loads(jwe.decrypt_compact(whole, key, registry=_LARGE).plaintext)


class _Registry(jwe.JWERegistry):
    """What a partner reads; a thousand items are longer than usual tokens."""

    max_ciphertext_length = 2**27


_LARGE = _Registry(algorithms=[*ENCRYPTIONS.values(), CONTENT])

"""Encrypted messages to and from a library that is not the one used here."""

import base64
import json

import pytest
from authlib.jose import JsonWebEncryption
from joserfc.jwk import ECKey, RSAKey

from odoo.addons.g2p_spar_connect_api.core.jose.jwe import (
    ALGORITHMS,
    KEY_TYPES,
    decrypt,
    encrypt,
)

TEXT = '{"transaction_id":"t1","name":"Ñandú"}'.encode() * 500
RSA = RSAKey.generate_key(2048, private=True, auto_kid=True)
EC = ECKey.generate_key("P-256", private=True, auto_kid=True)
KEYS = {"RSA": RSA, "EC": EC}

pytestmark = pytest.mark.parametrize("algorithm", ALGORITHMS)


def key_for(algorithm):
    return KEYS[KEY_TYPES[algorithm][0]]


def test_they_read_ours(algorithm):
    key = key_for(algorithm)
    sealed = encrypt(TEXT, key, algorithm)
    parts = ("protected", "encrypted_key", "iv", "ciphertext", "tag")

    opened = JsonWebEncryption().deserialize_compact(
        ".".join(sealed[name] for name in parts), key.as_pem(private=True)
    )

    assert opened["payload"] == TEXT
    assert opened["header"] == sealed["header"]


def test_we_read_theirs(algorithm):
    """The five parts, and the header parsed: what the specification asks for."""
    key = key_for(algorithm)
    header = {"enc": "A256GCM", "kid": key.kid, "alg": algorithm}
    compact = JsonWebEncryption().serialize_compact(
        header, TEXT, key.as_pem(private=False)
    )
    protected, encrypted_key, iv, ciphertext, tag = compact.decode().split(".")
    padded = protected + "=" * (-len(protected) % 4)

    sealed = {
        "header": json.loads(base64.urlsafe_b64decode(padded)),
        "encrypted_key": encrypted_key,
        "iv": iv,
        "ciphertext": ciphertext,
        "tag": tag,
    }

    assert decrypt(sealed, {key.kid: key}) == TEXT

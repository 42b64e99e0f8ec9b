"""What the partner of the black-box tests signs and encrypts, others can read."""

import pytest
from joserfc.errors import BadSignatureError, DecodeError

from clients import signatures

BODY = b'{"header": {}}'


def test_a_signature_is_of_these_bytes():
    key = signatures.new_key("sig")
    keys = {"keys": [key.as_dict(private=False)]}
    signature = signatures.sign(BODY, key)

    assert signatures.verify(BODY, signature, keys)["kid"] == key.kid
    with pytest.raises(BadSignatureError):
        signatures.verify(BODY + b" ", signature, keys)


@pytest.mark.parametrize("kind", ["EC", "RSA"])
def test_what_is_encrypted_can_be_read_with_the_key(kind):
    key, other = signatures.new_key("enc", kind), signatures.new_key("enc", kind)
    keys = {"keys": [key.as_dict(private=False)]}
    message = {"transaction_id": "t" * 100_000}
    sealed = signatures.encrypt(message, keys, kind)

    assert sealed["header"]["kid"] == key.kid
    assert signatures.decrypt(sealed, key) == message
    with pytest.raises((DecodeError, ValueError)):
        signatures.decrypt(sealed, other)

"""The signature inside a message: the field ``signature`` of the envelope.

The specification gives its look by an example (schema ``MsgSignature``)::

    Signature: namespace="g2p", kidId="pbms|key-1|ed25519", algorithm="ed25519",
    created="1606970629", expires="1607030629",
    headers="(created) (expires) digest", signature="…"

and says that ``{header}+{message}`` are signed. What bytes these are it leaves
open. The look is that of BECKN, which follows the draft HTTP Signatures (Cavage),
so its signing string is taken over, lines ended by LF but the last::

    (created): 1606970629
    (expires): 1607030629
    digest: BLAKE-512=<base64 of the digest>

The digest is that of the JSON object with the two members ``header`` and
``message`` of the envelope and no others, without white space: keys in the order
received, in UTF-8 (as JavaScript writes it) or with everything but ASCII escaped
(as Python writes it), or keys sorted, in UTF-8. Its name is ``BLAKE-512`` (which
in BECKN is BLAKE2b with 64 bytes), ``SHA-256`` or ``SHA-512``. The signature is
Ed25519 (RFC 8032) in standard base64.

The key is named by ``kidId`` in the specification and by ``keyId`` in the draft;
either is understood.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import orjson
from cryptography.exceptions import InvalidSignature

from .canonical import forms
from .errors import SignatureInvalid
from .profile import AuthFacts, PartnerKey

ALGORITHM = "ed25519"
NAMESPACE = "g2p"
HEADERS = "(created) (expires) digest"
#: Seconds that clocks may differ.
LEEWAY = 60
_LONGEST = 2048
_SIGNATURE_BYTES = 64
_PARAMETER = re.compile(r'\s*([A-Za-z]+)=(?:"([^"\\]*)"|(\d+))\s*', re.ASCII)
_PREFIX = re.compile(r"Signature(?::|\s)", re.ASCII)
_SECONDS = re.compile(r"\d{1,12}", re.ASCII)
_NAMES = {"namespace", "algorithm", "created", "expires", "headers", "signature"}
_DIGESTS = {
    "BLAKE-512": hashlib.blake2b,
    "SHA-256": hashlib.sha256,
    "SHA-512": hashlib.sha512,
}


class BodySignature(NamedTuple):
    """A signature as it was written; nothing is verified.

    :param sender: who signs, as it calls itself
    :param kid: which key
    :param created: seconds since the epoch
    :param expires: seconds since the epoch
    """

    sender: str
    kid: str
    created: int
    expires: int
    signature: bytes


def read_signature(text: str) -> BodySignature:
    """Read the field ``signature`` of an envelope.

    :raise SignatureInvalid: it is not written as it must be
    """
    values = _read_parameters(text)
    name = values.keys() - _NAMES
    if len(name) != 1 or not name <= {"kidId", "keyId"} or _NAMES - values.keys():
        raise SignatureInvalid("malformed")
    sender, kid = _read_key_id(values[name.pop()])
    fixed = (values["namespace"], values["algorithm"], values["headers"])
    if fixed != (NAMESPACE, ALGORITHM, HEADERS):
        raise SignatureInvalid("algorithm")
    return BodySignature(
        sender,
        kid,
        _read_seconds(values["created"]),
        _read_seconds(values["expires"]),
        _read_base64(values["signature"]),
    )


def verify(
    signature: BodySignature, content: Mapping, auth: AuthFacts, now: float
) -> PartnerKey:
    """Verify that the sender signed header and message.

    :param content: the JSON object of the body
    :param now: seconds since the epoch
    :return: the key that verified it
    :raise SignatureInvalid: no key of the sender did, or it is too late
    """
    _check_times(signature, now)
    keys = auth.signature_keys(signature.kid, "EdDSA", now)
    if not keys:
        raise SignatureInvalid("unknown_key")
    for string in _signing_strings(signature, content):
        for key in keys:
            if _is_right(key, signature.signature, string):
                return key
    raise SignatureInvalid("wrong_key")


def write_signing_string(created: int, expires: int, digest: str) -> bytes:
    """Return what is signed.

    :param digest: with its name, as in ``SHA-256=…``
    """
    lines = (f"(created): {created}", f"(expires): {expires}", f"digest: {digest}")
    return "\n".join(lines).encode("ascii")


def _read_parameters(text: str) -> dict[str, str]:
    text = text.strip()
    if len(text) > _LONGEST:
        raise SignatureInvalid("malformed")
    text = _PREFIX.sub("", text, count=1) if _PREFIX.match(text) else text
    values = {}
    for part in text.split(","):
        match = _PARAMETER.fullmatch(part)
        if match is None or match[1] in values:
            raise SignatureInvalid("malformed")
        values[match[1]] = match[2] if match[3] is None else match[3]
    return values


def _read_key_id(text: str) -> tuple[str, str]:
    parts = text.split("|")
    if len(parts) != 3 or not all(parts):
        raise SignatureInvalid("malformed")
    if parts[2] != ALGORITHM:
        raise SignatureInvalid("algorithm")
    return parts[0], parts[1]


def _read_seconds(text: str) -> int:
    if not _SECONDS.fullmatch(text):
        raise SignatureInvalid("malformed")
    return int(text)


def _read_base64(text: str) -> bytes:
    try:
        signature = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SignatureInvalid("malformed") from error
    if len(signature) != _SIGNATURE_BYTES:
        raise SignatureInvalid("malformed")
    return signature


def _check_times(signature: BodySignature, now: float) -> None:
    if signature.created > now + LEEWAY or signature.created >= signature.expires:
        raise SignatureInvalid("not_yet")
    if signature.expires <= now - LEEWAY:
        raise SignatureInvalid("expired")


def _signing_strings(signature: BodySignature, content: Mapping) -> Iterator[bytes]:
    """Yield what may have been signed, each once, the usual first."""
    for text in _signed_texts(content):
        for name, function in _DIGESTS.items():
            digest = base64.b64encode(function(text).digest()).decode("ascii")
            yield write_signing_string(
                signature.created, signature.expires, f"{name}={digest}"
            )


def _signed_texts(content: Mapping) -> Iterator[bytes]:
    signed = {"header": content.get("header"), "message": content.get("message")}
    try:
        yield from forms(orjson.dumps(signed))
    except (orjson.JSONEncodeError, TypeError) as error:
        raise SignatureInvalid("malformed") from error


def _is_right(key: PartnerKey, signature: bytes, string: bytes) -> bool:
    try:
        key.key.public_key.verify(signature, string)
    except InvalidSignature:
        return False
    return True

"""Whether messages are encrypted, and what becomes of those that are.

Encrypted is the member ``message`` of the G2P Connect envelope (specification,
``header.is_msg_encrypted`` and schema ``EncryptedMessage``); its plaintext is the
JSON that would stand there. The header stays readable.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .errors import EncryptionRefused, MalformedBody
from .jose.jwe import NotDecrypted, algorithm_of, decrypt, encrypt, looks_encrypted
from .jose.profile import PartnerKey
from .json_body import read_body, write_body

REFUSED, ACCEPTED, REQUIRED = "refused", "accepted", "required"

_UNREADABLE = (
    "The message cannot be decrypted: encrypt it as the contract says, for a key of "
    "this registry's key set whose use is enc."
)
_FLAGS = ("is_msg_encrypted", "is_encrypted")


class CipherFacts(NamedTuple):
    """What is agreed with a sender about encryption.

    :param incoming: ``refused``, ``accepted`` or ``required``
    :param answers: whether answers and callbacks are encrypted
    """

    incoming: str = ACCEPTED
    answers: bool = False


def open_message(content: dict, facts: CipherFacts, keys: Mapping) -> dict:
    """Return a message that can be read.

    :param content: the JSON object that was sent
    :param keys: private keys of the registry by key id
    :raise EncryptionRefused: it cannot be decrypted, or is not as agreed
    """
    sealed, header = content.get("message"), content.get("header")
    if not looks_encrypted(sealed):
        _check_plain(header, facts)
        return content
    if facts.incoming == REFUSED:
        raise EncryptionRefused(
            "Encrypted messages are not agreed with this sender: ask the registry's "
            "administrator.",
            "not_agreed",
        )
    opened = dict(header) if type(header) is dict else header
    if type(header) is dict:
        opened.update(dict.fromkeys(_FLAGS, False))
    return content | {"header": opened, "message": _decrypt(sealed, keys)}


def _check_plain(header: object, facts: CipherFacts) -> None:
    """Refuse a message that should be encrypted, or says that it is.

    Also one of a dialect that knows no encryption, where answers must be encrypted.
    """
    flags = header if type(header) is dict else {}
    if any(flags.get(name) is True for name in _FLAGS):
        raise EncryptionRefused(_UNREADABLE, "shape")
    if facts.incoming == REQUIRED or (facts.answers and type(header) is not dict):
        raise EncryptionRefused(
            "Messages of this sender must be encrypted, in the envelope of G2P "
            "Connect.",
            "plain",
        )


def _decrypt(sealed: dict, keys: Mapping) -> dict:
    """Return the message in plain; why it cannot be read is not told."""
    try:
        return read_body(decrypt(sealed, keys)).content
    except NotDecrypted as error:
        raise EncryptionRefused(_UNREADABLE, error.reason) from error
    except MalformedBody as error:
        raise EncryptionRefused(_UNREADABLE, "json") from error


def find_key(
    facts: CipherFacts, keys: Iterable[PartnerKey], now: float
) -> PartnerKey | None:
    """Return the key that answers are encrypted for; none when they are not.

    :param keys: of the sender, the preferred one first
    :param now: seconds since the epoch
    :raise EncryptionRefused: none of them can be used
    """
    if not facts.answers:
        return None
    for key in keys:
        if key.use == "enc" and key.is_valid(now) and algorithm_of(key.key, key.alg):
            return key
    raise EncryptionRefused(
        "Answers to this sender must be encrypted, and no valid key for it is "
        "registered here: ask the registry's administrator to add one.",
        "no_key",
    )


def close_message(body: dict, key: PartnerKey | None) -> dict:
    """Return an answer as it is sent.

    :param body: the answer in plain
    :param key: of the sender; none: it stays plain
    """
    if key is None:
        return body
    return body | {
        "header": body["header"] | {"is_msg_encrypted": True},
        "message": encrypt(write_body(body["message"]), key.key, key.alg, key.kid),
    }

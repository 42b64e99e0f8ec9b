"""Secrets at rest: sealed or hashed with a key from outside the database.

A copy of the database is worth nothing without the key, which comes from the
environment of the server:

* ``G2P_SPAR_SECRET_KEY_FILE``: path of a file with keys, or
* ``G2P_SPAR_SECRET_KEY``: the keys themselves.

Keys are 32 random bytes in urlsafe base64, one a line. The first one seals, all
of them open, so a key is rotated by writing a new first line. Hashes use the
last, oldest line: they are looked up by value and must not change. Each purpose
has its own key, derived with HKDF (RFC 5869), so a token sealed for one purpose
cannot be opened for another.

Keys are read once for a process; a server is restarted after a rotation.
"""

import base64
import binascii
import hmac
import os
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_FILE_VARIABLE = "G2P_SPAR_SECRET_KEY_FILE"
KEY_VARIABLE = "G2P_SPAR_SECRET_KEY"
_KEY_BYTES = 32


class SealError(RuntimeError):
    """The key is missing or wrong, or a sealed text cannot be opened."""

    code = "seal_failed"


def seal(plain: bytes, purpose: str) -> str:
    """Encrypt and sign ``plain``; only :func:`unseal` with ``purpose`` opens it.

    :raise SealError: no usable key in the environment
    """
    return _fernet(purpose).encrypt(plain).decode("ascii")


def unseal(token: str, purpose: str) -> bytes:
    """Return what was sealed in ``token`` for ``purpose``.

    :raise SealError: no usable key, or the token was sealed with another key, for
        another purpose, or was changed
    """
    try:
        return _fernet(purpose).decrypt(token.encode("utf-8", "surrogatepass"))
    except InvalidToken as error:
        raise SealError(
            "A stored secret cannot be opened: it was sealed with another key. "
            f"Add that key as a further line to what {KEY_FILE_VARIABLE} or "
            f"{KEY_VARIABLE} gives, and restart the server."
        ) from error


def keyed_hash(text: str, purpose: str) -> str:
    """Return the HMAC-SHA256 of ``text``: 43 characters of urlsafe base64.

    Without the key, a list of all possible identifiers does not help to find
    which one was hashed.

    :raise SealError: no usable key in the environment
    """
    digest = hmac.digest(_hash_key(purpose), text.encode("utf-8"), "sha256")
    return base64.urlsafe_b64encode(digest)[:-1].decode("ascii")


def forget_keys() -> None:
    """Read the keys again at the next use."""
    for cached in (_fernet, _hash_key):
        cached.cache_clear()


@lru_cache(maxsize=64)
def _fernet(purpose: str) -> MultiFernet:
    return MultiFernet(
        [
            Fernet(base64.urlsafe_b64encode(_derive(key, f"seal:{purpose}")))
            for key in _load_keys()
        ]
    )


@lru_cache(maxsize=64)
def _hash_key(purpose: str) -> bytes:
    return _derive(_load_keys()[-1], f"hash:{purpose}")


def _derive(key: bytes, info: str) -> bytes:
    """Derive the key of one purpose (RFC 5869, without salt)."""
    hkdf = HKDF(
        algorithm=hashes.SHA256(),
        length=_KEY_BYTES,
        salt=None,
        info=f"g2p_spar:{info}".encode(),
    )
    return hkdf.derive(key)


def _load_keys() -> list[bytes]:
    """Return the keys of the environment, the current one first."""
    lines = _read_setting().split()
    if not lines:
        raise SealError(
            f"No secret key: set {KEY_FILE_VARIABLE} to the path of a key file (or "
            f"{KEY_VARIABLE} to the key) in the environment of the server, 32 random "
            "bytes in urlsafe base64, and restart it."
        )
    return [_decode(line) for line in lines]


def _read_setting() -> str:
    """Return the text of the key file, or of the variable when there is none."""
    path = os.environ.get(KEY_FILE_VARIABLE)
    if not path:
        return os.environ.get(KEY_VARIABLE, "")
    try:
        return Path(path).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise SealError(
            f"The key file named by {KEY_FILE_VARIABLE} cannot be read: check that it "
            "exists and that the server may read it."
        ) from error


def _decode(line: str) -> bytes:
    """Turn one line into the key it stands for."""
    try:
        key = base64.b64decode(line, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        raise SealError(
            f"A line of the secret key ({KEY_FILE_VARIABLE} or {KEY_VARIABLE}) is not "
            "32 bytes in urlsafe base64: write it again, 44 characters long."
        )
    return key

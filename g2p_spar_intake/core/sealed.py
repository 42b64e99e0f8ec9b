"""Files on disk, sealed: nobody who copies the disk reads an account number.

A file is cut into segments, and each is encrypted and signed on its own
(AES-256-GCM), so that it is written and read in bounded memory, and from any
place. Its key is its own, made anew for each file; so the numbers of the segments
can serve as nonces, with a mark on the last one: segments that were exchanged,
dropped or added do not open (the construction STREAM; Hoang, Reyhanitabar,
Rogaway and Vizár 2015). Forget the key, and every copy of the file is gone.
"""

import io
import os
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from odoo.addons.g2p_spar_fa_reference.core.seal import SealError

#: Plain bytes of a segment.
SEGMENT = 2**18
_TAG = 16
_NONCE = 12


def new_key() -> bytes:
    """Return the key of a new file, 32 random bytes."""
    return AESGCM.generate_key(bit_length=256)


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(_NONCE - 1, "big") + bytes([is_last])


class SealedWriter:
    """Writes a sealed file.

    :param target: opened for writing; stays open
    :param key: see :func:`new_key`; used for one file only
    """

    def __init__(self, target: BinaryIO, key: bytes):
        self._target = target
        self._cipher = AESGCM(key)
        self._number = 0

    def write(self, segment: bytes, is_last: bool = False) -> None:
        """Write the next segment.

        :param segment: ``SEGMENT`` bytes; the last one may have fewer
        """
        nonce = _nonce(self._number, is_last)
        self._target.write(self._cipher.encrypt(nonce, segment, None))
        self._number += 1


def read_sealed(
    source: BinaryIO, key: bytes, size: int, offset: int = 0
) -> Iterator[bytes]:
    """Return the plain bytes of a sealed file, in blocks, from a place on.

    :param source: opened for reading
    :param size: plain bytes of the whole file
    :param offset: plain bytes to leave out
    :raise SealError: it is not the file that was written
    """
    cipher = AESGCM(key)
    last = max(size - 1, 0) // SEGMENT
    number, skipped = divmod(offset, SEGMENT)
    source.seek(number * (SEGMENT + _TAG))
    while number <= last and offset < size:
        sealed = source.read(SEGMENT + _TAG)
        try:
            plain = cipher.decrypt(_nonce(number, number == last), sealed, None)
        except (InvalidTag, ValueError) as error:
            raise SealError("A stored file was changed or cut off.") from error
        yield plain[skipped:]
        number, skipped = number + 1, 0


class SealedFile(io.RawIOBase):
    """A sealed file as one that can be read from any place.

    :param source: opened for reading; closed with this
    :param key: opens it
    :param size: plain bytes of the whole file
    """

    def __init__(self, source: BinaryIO, key: bytes, size: int):
        super().__init__()
        self._source = source
        self._key = key
        self._size = size
        self._place = 0
        self._open: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be read from any place."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        start = {io.SEEK_CUR: self._place, io.SEEK_END: self._size}.get(whence, 0)
        self._place = max(start + offset, 0)
        return self._place

    def readinto(self, buffer) -> int:
        """Read from the place on, as much as one segment has.

        :raise SealError: it is not the file that was written
        """
        if self._place >= self._size:
            return 0
        number, skipped = divmod(self._place, SEGMENT)
        if self._open[0] != number:
            self._open = number, self._read_segment(number)
        part = self._open[1][skipped : skipped + len(buffer)]
        buffer[: len(part)] = part
        self._place += len(part)
        return len(part)

    def _read_segment(self, number: int) -> bytes:
        blocks = read_sealed(self._source, self._key, self._size, number * SEGMENT)
        return next(blocks)

    def close(self) -> None:
        """Close the file below, too."""
        self._source.close()
        return super().close()


def seal_part(plain: bytes, key: bytes, label: bytes) -> bytes:
    """Seal a part of what belongs to a file and is kept elsewhere.

    :param label: names the part; another one does not open
    """
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, label)


def open_part(sealed: bytes, key: bytes, label: bytes) -> bytes:
    """Return what was sealed with :func:`seal_part`.

    :raise SealError: another key or label, or it was changed
    """
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], label)
    except (InvalidTag, ValueError) as error:
        raise SealError("A stored result was changed.") from error

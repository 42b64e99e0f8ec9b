"""Where files of partners and officers lie until they are worked off.

In the folder ``g2p_spar_files`` of Odoo's data directory, one folder for each
database, readable by the server's user alone, sealed (``core.sealed``).
Several servers of one database share this directory, like Odoo's file store.
"""

import hashlib
import io
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from odoo.tools import config

from ..core import sealed

_FOLDER = "g2p_spar_files"
#: A file that nobody knows after so long was left behind by a request that failed.
_ORPHAN_SECONDS = 24 * 3600


class Stored(NamedTuple):
    """A file that was written.

    :param name: in the folder
    :param key: opens it
    :param size: bytes, in plain
    :param sha256: of the plain bytes
    """

    name: str
    key: bytes
    size: int
    sha256: bytes

    @property
    def digest(self) -> str:
        """SHA-256 in hexadecimal digits."""
        return self.sha256.hex()


class Writer:
    """Takes the bytes of a file in parts of any length.

    :param target: file opened for writing
    """

    def __init__(self, target):
        self.key = sealed.new_key()
        self._writer = sealed.SealedWriter(target, self.key)
        self._rest = bytearray()
        self._hash = hashlib.sha256()
        #: Bytes so far.
        self.size = 0

    def take(self, data: bytes) -> None:
        """Write what is complete, and keep the rest for later."""
        self._hash.update(data)
        self.size += len(data)
        self._rest += data
        # The last segment is told apart, so one is always kept back.
        while len(self._rest) > sealed.SEGMENT:
            self._writer.write(bytes(self._rest[: sealed.SEGMENT]))
            del self._rest[: sealed.SEGMENT]

    def close(self, name: str) -> Stored:
        """Write the rest."""
        self._writer.write(bytes(self._rest), is_last=True)
        return Stored(name, self.key, self.size, self._hash.digest())


def folder(dbname: str) -> Path:
    """Return the folder of a database; it is made where it is missing."""
    path = Path(config["data_dir"]) / _FOLDER / dbname
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@contextmanager
def new_file(dbname: str):
    """Write a new file; when anything goes wrong nothing is left of it.

    :return: context of (writer, name)
    """
    name = uuid.uuid4().hex
    path = folder(dbname) / name
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    is_whole = False
    try:
        with open(os.open(path, flags, 0o600), "wb") as target:
            yield Writer(target), name
            target.flush()
            os.fsync(target.fileno())
        is_whole = True
    finally:
        if not is_whole:
            path.unlink(missing_ok=True)


def read_file(
    dbname: str, name: str, key: bytes, size: int, offset: int = 0
) -> Iterator[bytes]:
    """Return the bytes of a file in blocks, from a place on.

    :raise SealError: it was changed
    :raise OSError: it is gone
    """
    with open(folder(dbname) / name, "rb") as source:
        yield from sealed.read_sealed(source, key, size, offset)


def open_file(dbname: str, name: str, key: bytes, size: int) -> BinaryIO:
    """Return a file that can be read from any place; whoever asked closes it.

    :raise OSError: it is gone
    """
    source = os.fdopen(os.open(folder(dbname) / name, os.O_RDONLY), "rb")
    return io.BufferedReader(sealed.SealedFile(source, key, size), sealed.SEGMENT)


def remove(dbname: str, name: str) -> None:
    """Delete a file; it need not be there any more."""
    (folder(dbname) / name).unlink(missing_ok=True)


def list_orphans(dbname: str, known: set[str]) -> list[str]:
    """Return the names of old files that nobody knows.

    :param known: names of the files that are needed
    """
    oldest = time.time() - _ORPHAN_SECONDS
    return [
        path.name
        for path in folder(dbname).iterdir()
        if path.name not in known and path.stat().st_mtime < oldest
    ]

"""Requests counted by the minute, exactly, over all processes of a host.

The counters lie in a small file which every worker maps into its memory. A row
in the database would be updated by every request and make them wait for each
other; here a count costs microseconds. Processes exclude each other by a record
lock (``fcntl``) on the few slots they touch, threads by a mutex.

Layout: ``BUCKETS`` buckets of ``WAYS`` slots; a slot holds the name's digest (16
bytes), the minute since the epoch and the count. A slot of an earlier minute is
free. When all slots of a bucket are taken, the smallest count gives way.

The limit holds for one host; several hosts count for themselves.
"""

import fcntl
import hashlib
import math
import mmap
import os
import struct
import threading
from pathlib import Path

BUCKETS = 512
WAYS = 8
_SLOT = struct.Struct("=16sQQ")
_BUCKET_BYTES = WAYS * _SLOT.size
_FILE_BYTES = BUCKETS * _BUCKET_BYTES
WINDOW_SECONDS = 60


class RateTable:
    """Counters of one kind, in one file.

    :param path: the file; made when it is missing
    """

    def __init__(self, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.ftruncate(self._file, _FILE_BYTES)
        self._map = mmap.mmap(self._file, _FILE_BYTES)
        self._mutex = threading.Lock()

    def hit(self, name: str, now: float, weight: int = 1) -> int:
        """Count one more and return how many there are in this minute.

        :param now: seconds since the epoch
        :param weight: 0 only reads
        """
        digest = hashlib.blake2b(name.encode(), digest_size=16).digest()
        bucket = int.from_bytes(digest[:4], "little") % BUCKETS
        minute = int(now // WINDOW_SECONDS)
        start = bucket * _BUCKET_BYTES
        with self._mutex:
            fcntl.lockf(self._file, fcntl.LOCK_EX, _BUCKET_BYTES, start)
            try:
                return self._count(start, digest, minute, weight)
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN, _BUCKET_BYTES, start)

    def _count(self, start: int, digest: bytes, minute: int, weight: int) -> int:
        place, count = self._find(start, digest, minute)
        if weight:
            _SLOT.pack_into(self._map, place, digest, minute, count + weight)
        return count + weight

    def _find(self, start: int, digest: bytes, minute: int) -> tuple[int, int]:
        """Return the place of the name's slot and its count so far."""
        weakest, least = start, None
        for place in range(start, start + _BUCKET_BYTES, _SLOT.size):
            name, then, count = _SLOT.unpack_from(self._map, place)
            if name == digest and then == minute:
                return place, count
            worth = count if then == minute else 0
            if least is None or worth < least:
                weakest, least = place, worth
        return weakest, 0

    def close(self) -> None:
        """Give back file and memory."""
        self._map.close()
        os.close(self._file)


def seconds_left(now: float) -> int:
    """Return the seconds until the next minute begins, from 1 to 60."""
    return math.ceil(WINDOW_SECONDS - now % WINDOW_SECONDS)

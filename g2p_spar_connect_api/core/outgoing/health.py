"""The health of other servers, known to all processes of a host.

Like the counters of ``core.rate`` it lies in a small file that each worker maps:
a row in the database would make reading requests write. Several hosts find out
for themselves.
"""

import fcntl
import mmap
import os
import struct
import threading
from collections.abc import Callable
from pathlib import Path

from .breaker import Health

SLOTS = 1024
_SLOT = struct.Struct("=QIddQQddI")


class HealthTable:
    """One slot for each server.

    :param path: the file; made when it is missing
    """

    def __init__(self, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.ftruncate(self._file, SLOTS * _SLOT.size)
        self._map = mmap.mmap(self._file, SLOTS * _SLOT.size)
        self._mutex = threading.Lock()

    def read(self, record_id: int) -> Health:
        """Return what is known of a server."""
        return self.change(record_id, lambda health: health)

    def change(self, record_id: int, step: Callable[[Health], Health]) -> Health:
        """Change what is known of a server, while no other process does.

        :param record_id: database id, at least 1
        :param step: what was known -> what is
        :return: what ``step`` returned
        """
        place = record_id % SLOTS * _SLOT.size
        with self._mutex:
            fcntl.lockf(self._file, fcntl.LOCK_EX, _SLOT.size, place)
            try:
                owner, *values = _SLOT.unpack_from(self._map, place)
                before = Health(*values) if owner == record_id else Health()
                after = step(before)
                _SLOT.pack_into(self._map, place, record_id, *after)
                return after
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN, _SLOT.size, place)

    def close(self) -> None:
        """Give back file and memory."""
        self._map.close()
        os.close(self._file)

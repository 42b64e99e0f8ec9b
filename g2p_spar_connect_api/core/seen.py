"""Names of tokens that were used, remembered until they would expire anyway.

A file beside the counters of requests, one for all processes of a host: a
resolve may run on a read-only copy of the database, so it cannot be remembered
there. Several hosts remember each for itself; the expiry of the token bounds what
is left. SQLite keeps the file exact when processes write at once.

A name is stored as a digest, together with the sender it was used by.
"""

import hashlib
import sqlite3
import threading
from pathlib import Path

#: Seconds a process waits for another one that writes.
_PATIENCE = 5
#: Every so many names the forgotten ones are cleared away.
_SWEEP_EVERY = 256


class SeenNames:
    """Names that may be used once.

    :param path: the file; made when it is missing
    """

    def __init__(self, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._lock = threading.Lock()
        self._uses = 0
        self._file = sqlite3.connect(
            path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
        )
        self._file.execute("PRAGMA journal_mode = WAL")
        # What is lost with the machine is bounded by the expiry of tokens.
        self._file.execute("PRAGMA synchronous = OFF")
        self._file.execute(
            "CREATE TABLE IF NOT EXISTS seen "
            "(name BLOB PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID"
        )

    def use(self, owner: str, name: str, now: float, until: float) -> bool:
        """Use a name. :return: whether it was not used before

        :param owner: names of different owners are different
        :param now: seconds since the epoch
        :param until: from when on it need not be remembered
        :raise sqlite3.Error: the file cannot be written; let nobody in
        """
        digest = hashlib.blake2b(f"{owner}\0{name}".encode(), digest_size=20).digest()
        with self._lock:
            self._sweep(now)
            # A name of an earlier time is free again.
            changed = self._file.execute(
                "INSERT INTO seen (name, until) VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET until = excluded.until "
                "WHERE seen.until <= ?",
                (digest, until, now),
            )
            return changed.rowcount == 1

    def _sweep(self, now: float) -> None:
        self._uses += 1
        if self._uses % _SWEEP_EVERY == 0:
            self._file.execute("DELETE FROM seen WHERE until <= ?", (now,))

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

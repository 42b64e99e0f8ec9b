"""Counting who calls how often, without a write to the database on the way.

Each process appends one line for a request to a file of its own, a new file each
minute. Nothing is held in memory, so that a worker that is recycled or killed
loses nothing; the file of a minute is over when the next one has passed, and is
then read, summed up and removed. Files lie below the data folder of the server:
several hosts share it, or each of them has to gather its own.
"""

import os
import threading
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timezone
from pathlib import Path
from typing import NamedTuple

import orjson

_SUFFIX = ".calls"
_SECONDS = 60
#: Minutes after which nobody writes to a file any more.
_QUIET_MINUTES = 2


class Call(NamedTuple):
    """One request.

    :param at: seconds since the epoch
    :param sender: its name in the audit log; empty when nobody was recognised
    :param operation: as in the audit log
    :param code: why it was refused; empty: it was not
    :param items: number of items sent
    :param succeeded: number of items granted
    :param ms: duration in milliseconds
    """

    at: float
    sender: str
    operation: str
    code: str
    items: int
    succeeded: int
    ms: float


class Key(NamedTuple):
    """What calls are summed up by; the day is that of UTC."""

    day: date
    sender: str
    operation: str
    code: str


class Sum(NamedTuple):
    """Calls summed up.

    :param ms: total duration
    :param last: the latest of them, seconds since the epoch
    """

    calls: int = 0
    items: int = 0
    succeeded: int = 0
    ms: float = 0.0
    last: float = 0.0

    def plus(self, call: Call) -> "Sum":
        """Return the sum with one more call."""
        return Sum(
            self.calls + 1,
            self.items + call.items,
            self.succeeded + call.succeeded,
            self.ms + call.ms,
            max(self.last, call.at),
        )


class CallFiles:
    """The files of one folder, as one process writes to them.

    :param folder: made when it is missing
    """

    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._mutex = threading.Lock()
        self._name = ""
        self._file = -1

    def note(self, call: Call) -> None:
        """Append a call.

        :raise OSError: the disk is full or the folder is gone
        """
        name = f"{os.uname().nodename}-{os.getpid()}-{_minute(call.at)}{_SUFFIX}"
        line = orjson.dumps(tuple(call)) + b"\n"
        with self._mutex:
            if name != self._name:
                self._open(name)
            os.write(self._file, line)

    def _open(self, name: str) -> None:
        self.close()
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        self._file = os.open(self._folder / name, flags, 0o600)
        self._name = name

    def close(self) -> None:
        """Give the file back."""
        if self._file >= 0:
            os.close(self._file)
        self._file, self._name = -1, ""


def finished_files(folder: Path, now: float, limit: int = 1000) -> list[Path]:
    """Return files that nobody writes to any more, the oldest first.

    :param now: seconds since the epoch
    """
    last = _minute(now) - _QUIET_MINUTES
    found = [path for path in folder.glob(f"*{_SUFFIX}") if _minute_of(path) <= last]
    return sorted(found, key=_minute_of)[:limit]


def read_calls(lines: Iterable[bytes]) -> Iterator[Call]:
    """Read calls; a line that was cut off when the power failed is left out."""
    for line in lines:
        try:
            yield Call(*orjson.loads(line))
        except (orjson.JSONDecodeError, TypeError):
            continue


def sum_up(calls: Iterable[Call]) -> dict[Key, Sum]:
    """Sum calls up by day, sender, operation and code."""
    sums: dict[Key, Sum] = {}
    for call in calls:
        day = datetime.fromtimestamp(call.at, timezone.utc).date()
        key = Key(day, call.sender, call.operation, call.code)
        sums[key] = sums.get(key, Sum()).plus(call)
    return sums


def _minute(at: float) -> int:
    return int(at // _SECONDS)


def _minute_of(path: Path) -> int:
    """The minute of a file; one of a foreign name is never over."""
    text = path.name.removesuffix(_SUFFIX).rpartition("-")[2]
    return int(text) if text.isascii() and text.isdigit() else 2**62

"""Who used the processors and the memory, read from Linux' ``/proc``."""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")
# Positions in /proc/<pid>/stat behind the name, which is in parentheses.
_PARENT = 1
_TIMES = slice(11, 15)


class Snapshot(NamedTuple):
    """Processor seconds used up to one moment.

    :param at: on ``time.perf_counter``
    :param used: by name of what is watched, "client" and "machine" among them
    :param processes: by process id, of all that is watched
    """

    at: float
    used: dict[str, float]
    processes: dict[int, float]


def snapshot(watched: dict[str, int]) -> Snapshot:
    """Account for some process trees, this process ("client") and the machine.

    :param watched: id of the topmost process by name; 0: not watched
    """
    at = time.perf_counter()
    used, processes = {}, {}
    for name, root in watched.items():
        if root:
            times = {pid: _seconds(pid) for pid in tree(root)}
            processes |= times
            used[name] = sum(times.values())
    own = os.times()
    used["client"] = own.user + own.system + own.children_user + own.children_system
    used["machine"] = _machine_seconds()
    return Snapshot(at, used, processes)


def cores(before: Snapshot, after: Snapshot) -> dict[str, float]:
    """Processors used between two snapshots, by name.

    "other" is what the machine did besides: it should be close to 0, else other
    programs took part in the result.
    """
    seconds = after.at - before.at
    spent = {
        name: (after.used[name] - before.used[name]) / seconds for name in after.used
    }
    known = sum(value for name, value in spent.items() if name != "machine")
    spent["other"] = max(0.0, spent.pop("machine") - known)
    return {name: round(value, 2) for name, value in spent.items()}


def busiest(before: Snapshot, after: Snapshot, roots: set[int]) -> list[int]:
    """Ids of the processes that worked between two snapshots, most first.

    :param roots: left out, although they are watched
    """
    spent = {
        pid: seconds - before.processes.get(pid, 0.0)
        for pid, seconds in after.processes.items()
        if pid not in roots
    }
    worked = [pid for pid, seconds in spent.items() if seconds >= 2 / _TICKS]
    return sorted(worked, key=lambda pid: -spent[pid])


def tree(root: int) -> list[int]:
    """Ids of a process and of all that it has started, directly or not."""
    children: dict[int, list[int]] = {}
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            fields = _stat(int(folder.name))
            if fields:
                children.setdefault(int(fields[_PARENT]), []).append(int(folder.name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def resident_megabytes(pid: int) -> float:
    """Memory of a process that lies in RAM; 0 when it is gone."""
    return _memory(pid, "VmRSS:")


def peak_megabytes(pid: int) -> float:
    """The most that :func:`resident_megabytes` ever was, since it was forgotten."""
    return _memory(pid, "VmHWM:")


def forget_peaks(pids: list[int]) -> None:
    """Let peaks begin anew with what processes use now."""
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError):
            (_PROC / str(pid) / "clear_refs").write_text("5")


def _memory(pid: int, name: str) -> float:
    try:
        text = (_PROC / str(pid) / "status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    for line in text.splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    return 0.0


def _seconds(pid: int) -> float:
    """Processor time of a process and of its ended children."""
    fields = _stat(pid)
    return sum(map(int, fields[_TIMES])) / _TICKS if fields else 0.0


def _stat(pid: int) -> list[str]:
    """Fields of a process behind its name; none when it is gone."""
    try:
        text = (_PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return text.rpartition(")")[2].split()


def _machine_seconds() -> float:
    """Processor time of everything, without idling and waiting for disks."""
    fields = (_PROC / "stat").read_text().splitlines()[0].split()[1:9]
    values = [int(field) for field in fields]
    return (sum(values) - values[3] - values[4]) / _TICKS

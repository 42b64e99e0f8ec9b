"""The cell of a list: a million rows that an officer brings in."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import bulk
import figures
import machine
from figures import Summary
from place import Place

from clients.lists import ListDesk
from clients.staff import Staff
from spar_env.console import SetupError

LOGIN = "spar_admin"
_POLL_SECONDS = 0.2
_STAND = "SELECT state, succeeded, problem FROM g2p_spar_intake WHERE id = %s"
#: Lists, with their columns and refused rows.
_FORGET = """
    TRUNCATE g2p_spar_intake CASCADE;
    DELETE FROM queue_job WHERE channel LIKE 'root.g2p_spar%';
"""


def measure(
    place: Place, count: int, first: int
) -> tuple[Summary, list[float], dict[str, float]]:
    """Upload a list, have it read, and run it, as one press after the other.

    :param first: number of the first row
    :return: figures; the largest memory of each of Odoo's processes in megabytes; and
        seconds of each step
    """
    place.restart(jobs=True)
    desk = ListDesk(Staff(place.spar.url, place.database, LOGIN, LOGIN))
    with tempfile.TemporaryDirectory() as folder:
        path = write_list(Path(folder) / "list.csv", count, first)
        watched = machine.tree(place.server_pid)
        machine.forget_peaks(watched)
        before, clock = machine.snapshot(place.watched), Clock()
        with path.open("rb") as body:
            intake = desk.upload(body, path.name)
        clock.note("upload")
        _wait(place, intake, "draft")
        clock.note("read")
        desk.press(intake, "run")
        right = _wait(place, intake, "done")
        clock.note("run")
        after = machine.snapshot(place.watched)
        peaks = [machine.peak_megabytes(pid) for pid in watched]
    forget(place)
    problem = f"{count - right} rows were refused"
    summary = figures.summarize_one(right, count, problem, before, after)
    peaks = sorted((round(mb, 1) for mb in peaks if mb), reverse=True)
    return summary, peaks, clock.steps


class Clock:
    """Says how long each step took."""

    def __init__(self):
        self._last = time.perf_counter()
        #: Seconds by name.
        self.steps: dict[str, float] = {}

    def note(self, name: str) -> None:
        """A step has ended."""
        now = time.perf_counter()
        self.steps[name], self._last = round(now - self._last, 2), now


def write_list(path: Path, count: int, first: int) -> Path:
    """Write a CSV file of rows.

    :param first: number of the first row
    """
    with path.open("wb") as sink:
        sink.writelines(list_blocks(count, first))
    return path


def list_blocks(count: int, first: int) -> Iterator[bytes]:
    """The first row, and then some thousand rows at a time."""
    yield ",".join(bulk.FIELDS).encode() + b"\r\n"
    yield from bulk.row_blocks(count, first)


def forget(place: Place) -> None:
    """Take away what the lists left, but for their mappings."""
    with place.connection() as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(_FORGET)


def _wait(place: Place, intake: int, state: str) -> int:
    """Wait until a list is so far. :return: how many of its rows are done

    :raise SetupError: it needs attention, or takes too long
    """
    deadline = time.monotonic() + bulk.MOST_SECONDS
    with place.connection() as connection, connection.cursor() as cursor:
        connection.autocommit = True
        while time.monotonic() < deadline:
            cursor.execute(_STAND, (intake,))
            stand, succeeded, problem = cursor.fetchone()
            if stand == state:
                return succeeded
            if stand == "failed":
                break
            time.sleep(_POLL_SECONDS)
    raise SetupError(
        f"The list is not {state}: {stand}, {problem}.",
        "Look at the server's log, .run/bench/odoo.log.",
    )

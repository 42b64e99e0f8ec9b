"""The cell of a file: a million rows, from the upload to the callback."""

import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import figures
import later
import machine
import requests
import rows
from figures import Summary
from place import Place

from spar_env.console import SetupError

FIELDS = ("reference_id", "id", "fa", "name", "phone_number")
MOST_SECONDS = 3600
#: Rows that are written to disk at a time.
_PIECE = 10_000


def measure(place: Place, count: int, first: int) -> tuple[Summary, list[float]]:
    """Send rows as one CSV file and wait for its result.

    :param first: number of the first row
    :return: figures, and the largest memory of each of Odoo's processes in megabytes
    """
    place.restart(jobs=True)
    with later.partner(place) as receiver, tempfile.TemporaryDirectory() as folder:
        boundary = uuid.uuid4().hex
        upload = write_upload(Path(folder) / "upload", boundary, count, first)
        watched = machine.tree(place.server_pid)
        machine.forget_peaks(watched)
        before = machine.snapshot(place.watched)
        ack = _send(place, upload, boundary)
        told = receiver.wait_for(ack["correlation_id"], MOST_SECONDS)
        after = machine.snapshot(place.watched)
        peaks = [machine.peak_megabytes(pid) for pid in watched]
    later.forget(place)
    header = told.message["header"]
    right = header["meta"]["file"]["succeeded_count"]
    problem = f"the callback says {header}"[:300]
    summary = figures.summarize_one(right, count, problem, before, after)
    return summary, sorted((round(mb, 1) for mb in peaks if mb), reverse=True)


def write_upload(path: Path, boundary: str, count: int, first: int) -> Path:
    """Write the body of a request (RFC 7578) with a CSV file of rows in it.

    :param first: number of the first row
    """
    with path.open("wb") as sink:
        for name, text in (("action", "link"), ("fileFormat", "csv")):
            sink.write(_part(boundary, f'name="{name}"') + text.encode() + b"\r\n")
        file = 'name="fileName"; filename="rows.csv"'
        sink.write(_part(boundary, file) + ",".join(FIELDS).encode() + b"\n")
        sink.writelines(row_blocks(count, first))
        sink.write(f"\r\n--{boundary}--\r\n".encode())
    return path


def row_blocks(count: int, first: int) -> Iterator[bytes]:
    """Rows of a CSV file, some thousand at a time, with the columns of ``FIELDS``.

    :param first: number of the first row
    """
    for start in range(0, count, _PIECE):
        stop = min(start + _PIECE, count)
        lines = (_line(first + number) for number in range(start, stop))
        yield "".join(lines).encode()


def _part(boundary: str, disposition: str) -> bytes:
    return (
        f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n"
    ).encode()


def _line(number: int) -> str:
    cells = (rows.id_of(number), rows.fa_of(number), rows.name_of(number))
    return f"{number},{','.join(cells)},{rows.phone_of(number)}\n"


def _send(place: Place, upload: Path, boundary: str) -> dict:
    """Upload the file from the disk and return its acknowledgement.

    :raise SetupError: it was not acknowledged
    """
    with upload.open("rb") as body:
        answer = requests.post(
            place.later.address("link"),
            data=body,
            headers={
                "Content-Type": f"multipart/form-data; boundary={boundary}",
                "Authorization": f"Bearer {place.later.bearer()}",
            },
            timeout=MOST_SECONDS,
        )
    ack = answer.json().get("message", {}) if answer.ok else {}
    if ack.get("ack_status") != "ACK":
        raise SetupError(
            f"The file was not acknowledged: {answer.text[:300]}.",
            "Look at the server's log, .run/bench/odoo.log.",
        )
    return ack

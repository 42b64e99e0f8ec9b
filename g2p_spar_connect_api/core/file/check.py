"""A file is read once from end to end before anything of it is done.

So it is refused as a whole or its rows are worked off, each on its own: what can
still go wrong then concerns one row. In memory are a few hundred rows and, for each
row, a hash of its ``reference_id``.
"""

from array import array
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from odoo.addons.g2p_spar_intake.core.csv_rows import CsvRecords
from odoo.addons.g2p_spar_intake.core.errors import UnfitFile
from odoo.addons.g2p_spar_intake.core.piece import Piece, split
from odoo.addons.g2p_spar_intake.core.repeats import NUMBER
from odoo.addons.g2p_spar_mapper.core.reason import Operation

from ..errors import MalformedBody
from ..json_body import read_body
from .columns import Columns, read_columns
from .json_list import JsonList
from .kind import check_kind
from .layout import Layout, list_name

#: Rows that are read at once.
_BATCH = 500


class Checked(NamedTuple):
    """A file that can be worked off.

    :param total: number of rows
    :param repeated: numbers of rows whose ``reference_id`` stands further up, in
        order, as 32-bit integers
    :param frame: the JSON document with an empty list; none of a CSV file
    """

    layout: Layout
    total: int
    repeated: array
    frame: dict | None


class _Rows:
    """Counts rows and finds repeated references.

    :param limit: rows at most
    """

    def __init__(self, limit: int):
        self.total = 0
        self.repeated = array(NUMBER)
        self._limit = limit
        self._seen: set[int] = set()

    def add(self, layout: Layout, pieces: list[Piece]) -> None:
        """Read rows and note their references.

        :raise UnfitFile: too many, or unreadable
        """
        first = self.total + 1
        self.total += len(pieces)
        if self.total > self._limit:
            raise UnfitFile(
                f"The file has more than {self._limit} rows, which is the most you may "
                "send at once: send it in several files."
            )
        rows = layout.read([piece.raw for piece in pieces], first, "")
        for number, row in enumerate(rows, first):
            reference = row.get("reference_id") if type(row) is dict else None
            if type(reference) is str:
                self._note(number, hash(reference))

    def _note(self, number: int, key: int) -> None:
        """Note a reference by its hash: of texts, two are never the same by chance.

        64 bits, keyed anew by each process.
        """
        if key in self._seen:
            self.repeated.append(number)
        self._seen.add(key)


def check_file(
    operation: Operation, format_: str, blocks: Iterable[bytes], row_limit: int
) -> Checked:
    """Read a file from end to end.

    :param format_: one of ``kind.FORMATS``
    :param blocks: its bytes, in order
    :raise UnfitFile: it cannot be read
    """
    blocks = iter(blocks)
    head = next(blocks, b"")
    check_kind(format_, head)
    check = _check_json if format_ == "json" else _check_csv
    return check(operation, chain([head], blocks), _Rows(row_limit))


def _check_json(operation: Operation, blocks: Iterable[bytes], rows: _Rows) -> Checked:
    splitter = JsonList(list_name(operation))
    layout = Layout(operation, "json", 0)
    for pieces in _batches(split(splitter, blocks)):
        rows.add(layout, pieces)
    frame = _read_frame(splitter, operation)
    layout = layout._replace(start=splitter.start)
    return Checked(layout, rows.total, rows.repeated, frame)


def _check_csv(operation: Operation, blocks: Iterable[bytes], rows: _Rows) -> Checked:
    pieces = split(CsvRecords(), blocks)
    first = next(pieces, None)
    if first is None:
        raise UnfitFile("The file has no rows.")
    columns: Columns = read_columns(operation, first.raw)
    layout = Layout(operation, "csv", first.end, columns)
    for batch in _batches(pieces):
        rows.add(layout, batch)
    return Checked(layout, rows.total, rows.repeated, None)


def _batches(pieces: Iterable[Piece]) -> Iterable[list[Piece]]:
    batch = []
    for piece in pieces:
        batch.append(piece)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _read_frame(splitter: JsonList, operation: Operation) -> dict:
    """Read what stands around the list."""
    key = list_name(operation)
    try:
        frame = read_body(splitter.frame).content
    except MalformedBody as error:
        raise UnfitFile(
            f"What stands around message.{key} is not JSON in UTF-8."
        ) from error
    message = frame.get("message")
    if type(message) is not dict or message.get(key) != []:
        raise UnfitFile(f"message.{key} stands in the file twice.")
    return frame

"""How the rows of one file are found and read, from any place on.

It is found out once, when the file is checked, and kept beside it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from odoo.addons.g2p_spar_intake.core.csv_rows import CsvRecords, read_cells
from odoo.addons.g2p_spar_intake.core.errors import UnfitFile
from odoo.addons.g2p_spar_intake.core.piece import Splitter
from odoo.addons.g2p_spar_mapper.core.reason import Operation

from ..errors import MalformedBody
from ..json_body import read_body
from .columns import Columns
from .json_list import JsonList


class Layout(NamedTuple):
    """The layout of one file.

    :param format: ``json`` or ``csv``
    :param start: offset of the first row
    :param columns: of a CSV file
    """

    operation: Operation
    format: str
    start: int
    columns: Columns | None = None

    def splitter(self, offset: int) -> Splitter:
        """Return what cuts the file into rows from ``offset`` on."""
        if self.format == "json":
            return JsonList(list_name(self.operation), offset)
        return CsvRecords(offset)

    def read(self, raws: Sequence[bytes], first: int, stamp: str) -> list:
        """Read rows as items of a message, of any type; unreadable ones as none.

        :param first: number of the first of them, from 1
        :param stamp: time of items that name none
        :raise UnfitFile: the file is not of this layout
        """
        if self.columns is None:
            return read_json_rows(raws, first)
        rows = read_cells(raws, self.columns.delimiter, first)
        to_item = self.columns.to_item
        return [
            to_item(cells, number, stamp) for number, cells in enumerate(rows, first)
        ]

    def write(self) -> dict:
        """Return the layout as it is kept (JSON); see :func:`read_layout`."""
        kept = {"start": self.start}
        if self.columns is not None:
            kept |= {"delimiter": self.columns.delimiter, "names": self.columns.names}
        return kept


def read_layout(operation: Operation, format_: str, kept: dict) -> Layout:
    """Read what :meth:`Layout.write` returned."""
    columns = None
    if "names" in kept:
        columns = Columns(kept["delimiter"], tuple(kept["names"]))
    return Layout(operation, format_, kept["start"], columns)


def list_name(operation: Operation) -> str:
    """Return the name of the list of items in a request."""
    return f"{operation}_request"


def read_json_rows(raws: Sequence[bytes], first: int) -> list:
    """Read elements of a JSON list.

    :raise UnfitFile: with the number of the first that is not JSON
    """
    try:
        rows = _read_list(raws)
    except MalformedBody:
        rows = None
    # Equal in number, or commas stand where none may.
    if rows is None or len(rows) != len(raws):
        raise _not_json(raws, first)
    return rows


def _read_list(raws: Sequence[bytes]) -> list:
    return read_body(b'{"rows":[' + b",".join(raws) + b"]}").content["rows"]


def _not_json(raws: Sequence[bytes], first: int) -> UnfitFile:
    for number, raw in enumerate(raws, first):
        try:
            is_json = len(_read_list([raw])) == 1
        except MalformedBody:
            is_json = False
        if not is_json:
            return UnfitFile(f"Item {number} of the list is not JSON in UTF-8.")
    return UnfitFile(f"The items from {first} on are not JSON in UTF-8.")

"""CSV rows as items, and results as CSV rows.

The first row names the columns. A column has the name of a field of the item
(``id``, ``fa``, ``name`` …); what stands in ``info:<name>`` becomes an element
``{"name": <name>, "value": …}`` of ``additional_info``. An empty cell is a field
that is not there.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from odoo.addons.g2p_spar_intake.core.cell import guard, unguard
from odoo.addons.g2p_spar_intake.core.csv_rows import (
    DELIMITERS,
    read_cells,
    write_cells,
)
from odoo.addons.g2p_spar_intake.core.errors import UnfitFile
from odoo.addons.g2p_spar_mapper.core.reason import Operation

#: Columns of a file at most.
COLUMN_LIMIT = 50
_INFO = "info:"

_COMMON = ("reference_id", "timestamp", "id", "fa")
_LINK = (*_COMMON, "name", "phone_number")
#: operation -> columns it knows beside those of ``additional_info``
KNOWN = {
    Operation.LINK: _LINK,
    Operation.UPDATE: _LINK,
    Operation.UNLINK: _COMMON,
    Operation.RESOLVE: (*_COMMON, "scope"),
}
#: operation -> columns that must be there, one of each group
_NEEDED = {
    Operation.LINK: (("id",), ("fa",)),
    Operation.UPDATE: (("id",),),
    Operation.UNLINK: (("id",),),
    Operation.RESOLVE: (("id", "fa"),),
}
#: What a result may hold; the row counts from 1, without the first line.
RESULT_COLUMNS = (
    "row",
    "reference_id",
    "id",
    "fa",
    "status",
    "status_reason_code",
    "status_reason_message",
    "timestamp",
    "provider_name",
    "provider_code",
    "provider_subcode",
)


class Columns(NamedTuple):
    """How the rows of one CSV file are read.

    :param names: field for each column; for ``additional_info`` with ``info:``
    """

    delimiter: str
    names: tuple[str, ...]

    def to_item(self, cells: Sequence[str], number: int, stamp: str) -> dict | None:
        """Return a row as an item of a message, as it would stand in JSON.

        :param number: of the row, from 1: its ``reference_id`` where it has none
        :param stamp: its ``timestamp`` where it has none
        :return: none when it has more or fewer cells than there are columns
        """
        if len(cells) != len(self.names):
            return None
        item = {"reference_id": str(number), "timestamp": stamp}
        info = []
        for name, cell in zip(self.names, cells, strict=True):
            if not cell:
                continue
            if name.startswith(_INFO):
                info.append({"name": name[len(_INFO) :], "value": unguard(cell)})
            else:
                item[name] = unguard(cell)
        if info:
            item["additional_info"] = info
        return item


def read_columns(operation: Operation, raw: bytes) -> Columns:
    """Read the first row of a CSV file.

    :raise UnfitFile: a column is unknown, doubled or missing
    """
    names = {}
    for delimiter in DELIMITERS:
        [cells] = read_cells([raw], delimiter, 1)
        names[delimiter] = tuple(cell.strip() for cell in cells)
    # The delimiter by which most names are understood.
    delimiter = max(names, key=lambda key: _count_known(operation, names[key]))
    columns = Columns(delimiter, names[delimiter])
    _check(operation, columns.names)
    return columns


def _is_known(operation: Operation, name: str) -> bool:
    has_info = operation in (Operation.LINK, Operation.UPDATE)
    is_info = has_info and name.startswith(_INFO) and len(name) > len(_INFO)
    return name in KNOWN[operation] or is_info


def _count_known(operation: Operation, names: Iterable[str]) -> int:
    return sum(_is_known(operation, name) for name in names)


def _check(operation: Operation, names: Sequence[str]) -> None:
    """Refuse a first row that does not name what is needed.

    Its cells are not repeated: in a file without such a row they are data.
    """
    known = ", ".join(KNOWN[operation])
    if len(names) > COLUMN_LIMIT:
        raise UnfitFile(f"The file has more than {COLUMN_LIMIT} columns.")
    for place, name in enumerate(names, 1):
        if not _is_known(operation, name):
            raise UnfitFile(
                f"The first row must name the columns; that of column {place} is not "
                f"known for {operation}. Known: {known}, and info: with a name."
            )
        if name in names[: place - 1]:
            raise UnfitFile(f"The first row names column {place} a second time.")
    for group in _NEEDED[operation]:
        if not set(group) & set(names):
            raise UnfitFile(f"The file has no column {' or '.join(group)}.")


def write_first_row() -> bytes:
    """Return the first row of a result."""
    return write_cells([RESULT_COLUMNS])


def write_results(results: Iterable[dict], first: int) -> bytes:
    """Write results as rows.

    :param results: as they would stand in a JSON answer
    :param first: number of the first row
    """
    return write_cells(
        [_to_cells(result, number) for number, result in enumerate(results, first)]
    )


def _to_cells(result: dict, number: int) -> list[str]:
    provider = result.get("account_provider_info") or {}
    flat = result | {
        "row": number,
        "provider_name": provider.get("name"),
        "provider_code": provider.get("code"),
        "provider_subcode": provider.get("subcode"),
    }
    return [guard(_text(flat.get(name))) for name in RESULT_COLUMNS]


def _text(value: object) -> str:
    return "" if value is None else str(value)

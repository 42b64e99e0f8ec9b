"""A file of rows, whatever it was: names of columns, and cells row by row.

It is read once, when it arrives, and written anew as CSV in UTF-8 with commas, so
that all later work knows one form only. In memory are some hundred rows.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import NamedTuple

from . import mark
from .cell import GUARD, unguard
from .csv_rows import CsvRecords, read_cells, write_cells
from .delimiter import SAMPLE, announced, find_delimiter
from .encoding import recode
from .errors import UnfitFile
from .piece import PIECE_LIMIT, check_length, split

#: Columns of a file at most, and characters of a name.
COLUMN_LIMIT = 100
NAME_LIMIT = 100
#: Rows of a file at most.
ROW_LIMIT = 5_000_000
#: Rows that are read or written at once.
_BATCH = 500


class Table(NamedTuple):
    """A file that is being read.

    :param names: of the columns, as they stand in the first row; may be empty
    :param rows: the others; a row may have more or fewer cells than there are names
    """

    names: tuple[str, ...]
    rows: Iterator[list[str]]


def read_csv(blocks: Iterable[bytes], encoding: str) -> Table:
    """Read a CSV file.

    :param blocks: its bytes in order
    :param encoding: see :mod:`.encoding`
    :raise UnfitFile: it cannot be read; also while its rows are
    """
    records = (piece.raw for piece in split(CsvRecords(), recode(blocks, encoding)))
    sample = list(islice(records, SAMPLE))
    if not sample:
        raise UnfitFile("The file has no rows.")
    delimiter = announced(sample[0].decode())
    if delimiter:
        del sample[0]
    else:
        delimiter = find_delimiter([raw.decode() for raw in sample])
    return start_table(_read_rows(chain(sample, records), delimiter))


def _read_rows(records: Iterable[bytes], delimiter: str) -> Iterator[list[str]]:
    number = 1
    for batch in _batches(records):
        for cells in read_cells(batch, delimiter, number):
            yield _clean(cells)
        number += len(batch)


def _clean(cells: list[str]) -> list[str]:
    """Return cells as they were meant: no spaces around, no guards, no marks."""
    stripped = list(map(str.strip, cells))
    # Two looks at the row are cheaper than two at each of its cells.
    text = "".join(stripped)
    if GUARD in text or mark.MARK in text:
        return [mark.plain(unguard(cell)) for cell in stripped]
    return stripped


def _batches(items: Iterable) -> Iterator[list]:
    items = iter(items)
    while batch := list(islice(items, _BATCH)):
        yield batch


def start_table(rows: Iterable[list[str]], is_ragged: bool = False) -> Table:
    """Take the names of the columns from the first row.

    :param rows: cells, empty rows among them
    :param is_ragged: empty cells at the end of a row may be left out
    :raise UnfitFile: there is none, or it names a column twice
    """
    filled = (row for row in rows if any(row))
    first = next(filled, None)
    if first is None:
        raise UnfitFile("The file has no rows.")
    while not first[-1]:
        first.pop()
    # A name may be a number or a day; what it was in the workbook is no part of it.
    first = [mark.read(cell)[1] for cell in first]
    check_names(first)
    width = len(first)
    return Table(tuple(first), _even(filled, width, width if is_ragged else 0))


def _even(rows: Iterable[list[str]], width: int, least: int) -> Iterator[list[str]]:
    """Return rows without empty cells beyond the last column.

    :param least: cells of a row that are there though they were left out
    """
    for number, row in enumerate(rows, 1):
        if number > ROW_LIMIT:
            raise UnfitFile(
                "The file has more than %(limit)s rows: split it.", limit=ROW_LIMIT
            )
        while len(row) > width and not row[-1]:
            row.pop()
        yield row + [""] * (least - len(row))


def check_names(names: list[str]) -> None:
    """Refuse a first row that cannot name columns.

    Its cells are not repeated: in a file without such a row they are data.

    :raise UnfitFile: too many or too long names, or one twice
    """
    if len(names) > COLUMN_LIMIT:
        raise UnfitFile("The file has more than %(limit)s columns.", limit=COLUMN_LIMIT)
    seen: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        if len(name) > NAME_LIMIT:
            raise UnfitFile(
                "The first row must name the columns; the text of column %(column)s "
                "is too long for a name.",
                column=place,
            )
        known = name.casefold()
        if known and known in seen:
            raise UnfitFile(
                "Columns %(first)s and %(second)s have the same name in the first "
                "row: rename one of them.",
                first=seen[known],
                second=place,
            )
        seen[known] = place


def write_table(table: Table) -> Iterator[bytes]:
    """Return the file in its one form, in blocks; the first is the first row.

    :raise UnfitFile: a row is longer than this form may have it
    """
    yield write_cells([list(table.names)])
    number = 2
    for batch in _batches(table.rows):
        block = write_cells(batch)
        if len(block) > PIECE_LIMIT:
            for place, row in enumerate(batch, number):
                check_length(len(write_cells([row])), place)
        yield block
        number += len(batch)

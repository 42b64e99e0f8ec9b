"""The tables of earlier SPAR products, read from CSV files.

One file holds one table, named as the table, as PostgreSQL writes it with
``COPY ... TO ... CSV HEADER``. Everything that is wrong with a file is collected as
:class:`Problem`, so that an administrator sees all of it at once.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import NamedTuple

from .address import check_text
from .errors import AddressError

MAX_BYTES = 100_000_000
MAX_CELL = 500
#: Codes become part of addresses, so they may not contain its separators.
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]*")

_TRUE = frozenset({"t", "true", "1", "yes"})
_FALSE = frozenset({"f", "false", "0", "no"})


class Problem(NamedTuple):
    """One thing that is wrong with a file.

    :param file: name of the file
    :param line: line in it, counted from 1 with the header; 0 for the whole file
    :param column: name of the column, or an empty string
    :param sentence: English sentence with ``%(name)s`` placeholders
    :param values: what stands in the placeholders
    """

    file: str
    line: int
    column: str
    sentence: str
    values: dict[str, object]

    def __str__(self) -> str:
        return self.sentence % self.values if self.values else self.sentence


class Row(NamedTuple):
    """One row: where it stands and its cells by column, stripped."""

    file: str
    line: int
    cells: dict[str, str]


@dataclass(slots=True)
class Table:
    """One table.

    :ivar name: name of the table, in small letters
    :ivar file: name of the file it came in
    :ivar columns: names of its columns
    :ivar rows: its rows, in the order of the file
    """

    name: str
    file: str
    columns: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)


class TableSet:
    """All tables of one dump, with the problems found so far."""

    def __init__(self):
        self.tables: dict[str, Table] = {}
        self.problems: list[Problem] = []

    def __contains__(self, name: str) -> bool:
        return name in self.tables

    def report(
        self, row: Row | Table, column: str, sentence: str, **values: object
    ) -> None:
        """Note that something is wrong with a row, or with a whole table."""
        line = row.line if isinstance(row, Row) else 0
        self.problems.append(Problem(row.file, line, column, sentence, values))

    def rows(self, name: str) -> list[Row]:
        """Return the rows of a table, none when it was not given."""
        table = self.tables.get(name)
        return table.rows if table else []

    def demand(self, name: str, columns: Iterable[str]) -> None:
        """Report the columns which a given table lacks."""
        table = self.tables.get(name)
        for column in columns if table else ():
            if column not in table.columns:
                self.report(table, column, "This column is missing.")

    def text(self, row: Row, column: str, required: bool = True) -> str:
        """Return a cell which can be stored; an empty text after a problem."""
        value = row.cells.get(column, "")
        if not value:
            if required:
                self.report(row, column, "This cell must not be empty.")
            return ""
        try:
            return check_text(value, MAX_CELL)
        except AddressError as error:
            self.report(row, column, error.sentence, **error.values)
            return ""

    def code(self, row: Row, column: str) -> str:
        """Return a cell which can stand in an address."""
        value = self.text(row, column)
        if value and not CODE.fullmatch(value):
            self.report(
                row,
                column,
                "A code may only have letters, digits, dashes and underscores.",
            )
        return value

    def integer(self, row: Row, column: str, required: bool = True) -> int | None:
        """Return a cell as a number, None when empty or after a problem."""
        value = row.cells.get(column, "")
        if re.fullmatch(r"-?[0-9]{1,9}", value):
            return int(value)
        if value or required:
            self.report(row, column, "This cell must be a whole number.")
        return None

    def active(self, row: Row) -> bool:
        """Return the column ``active``; a table without it has active rows only."""
        value = row.cells.get("active", "").lower()
        if value and value not in _TRUE | _FALSE:
            self.report(row, "active", "This cell must be t or f.")
        return value not in _FALSE

    def by_id(self, name: str) -> dict[int, Row]:
        """Return the rows of a table by their id; report doubles."""
        found: dict[int, Row] = {}
        for row in self.rows(name):
            key = self.integer(row, "id")
            if key in found:
                self.report(row, "id", "This id stands in an earlier row already.")
            elif key is not None:
                found[key] = row
        return found


def read_files(files: Iterable[tuple[str, bytes]]) -> TableSet:
    """Read CSV files, and the CSV files inside zip files.

    :param files: names and contents
    """
    tables = TableSet()
    for name, content in _unpack(files, tables):
        table = _read_csv(name, content, tables)
        if table.name in tables:
            tables.report(table, "", "This table was given twice.")
        tables.tables[table.name] = table
    return tables


def _unpack(
    files: Iterable[tuple[str, bytes]], tables: TableSet
) -> list[tuple[str, bytes]]:
    """Return the CSV files themselves; what is no CSV in a zip is passed over."""
    found = []
    for name, content in files:
        if not name.lower().endswith(".zip"):
            found.append((name, content))
            continue
        try:
            found.extend(_unzip(content))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError):
            tables.report(
                Table(name, name),
                "",
                "This is not a readable zip file, or it holds more than "
                "%(limit)s million bytes.",
                limit=MAX_BYTES // 1_000_000,
            )
    return found


def _unzip(content: bytes) -> list[tuple[str, bytes]]:
    """Return the CSV files of a zip file.

    :raise ValueError: they would take too much memory
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [
            member
            for member in archive.infolist()
            if member.filename.lower().endswith(".csv")
        ]
        if sum(member.file_size for member in members) > MAX_BYTES:
            raise ValueError("too large")
        return [
            (PurePosixPath(member.filename).name, archive.read(member))
            for member in members
        ]


def _read_csv(name: str, content: bytes, tables: TableSet) -> Table:
    """Read one CSV file in UTF-8, with the names of columns in its first line."""
    table = Table(PurePosixPath(name).stem.lower(), name)
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig")), strict=True)
        lines = [(reader.line_num, cells) for cells in reader if cells]
    except UnicodeDecodeError:
        tables.report(table, "", "This file is not written in UTF-8.")
        return table
    except csv.Error:
        tables.report(table, "", "This file is not a CSV file with commas.")
        return table
    if not lines:
        tables.report(table, "", "This file is empty.")
        return table
    table.columns = tuple(cell.strip().lower() for cell in lines[0][1])
    for line, cells in lines[1:]:
        _add_row(table, line, cells, tables)
    return table


def _add_row(table: Table, line: int, cells: list[str], tables: TableSet) -> None:
    """Add one row, or report that it has not as many cells as columns."""
    values = dict(zip(table.columns, map(str.strip, cells), strict=False))
    row = Row(table.file, line, values)
    if len(cells) == len(table.columns):
        table.rows.append(row)
    else:
        tables.report(
            row,
            "",
            "This row has %(found)s cells instead of %(wanted)s.",
            found=len(cells),
            wanted=len(table.columns),
        )

"""CSV as a file (RFC 4180): its records, piece by piece.

A record ends at a line end outside quotation marks. The pieces are then read by
Python's ``csv``; where the two would not agree on what a record is, the file is
refused.
"""

import codecs
import csv
import io

from .errors import UnfitFile
from .piece import Piece, check_length

#: What may stand between the cells; a spreadsheet writes what its country uses.
DELIMITERS = ",;\t"


class CsvRecords:
    """Cuts a CSV file into records; empty lines are none.

    :param offset: where to begin: 0 or the end of an earlier piece
    """

    def __init__(self, offset: int = 0):
        self._rest = b""
        self._end = offset
        self._count = 0
        self._is_quoted = False

    def feed(self, data: bytes) -> list[Piece]:
        """Take the next bytes; see :class:`.piece.Splitter`."""
        if b"\0" in data:
            raise UnfitFile(
                "The file has a NUL character after row %(row)s: write it as plain "
                "text in UTF-8.",
                row=self._count,
            )
        if not self._end:
            data = self._skip_mark(data)
        *lines, rest = data.split(b"\n")
        pieces = []
        if lines:
            self._add(lines.pop(0) + b"\n", pieces)
        # Most files have quotation marks in few places or none.
        add = self._add_all if self._is_plain(data) else self._add_each
        add(lines, pieces)
        if rest:
            self._extend(rest)
        return pieces

    def close(self) -> list[Piece]:
        """End the file; see :class:`.piece.Splitter`."""
        if self._is_quoted:
            raise UnfitFile(
                "A quotation mark of row %(row)s is never closed.", row=self._count + 1
            )
        pieces = []
        self._cut(pieces)
        return pieces

    def _skip_mark(self, data: bytes) -> bytes:
        """Leave out the mark at the start of a file by which it says it is UTF-8."""
        plain = data.removeprefix(codecs.BOM_UTF8)
        self._end = len(data) - len(plain)
        return plain

    def _extend(self, part: bytes) -> None:
        """Take a part of a record."""
        self._is_quoted ^= bool(part.count(b'"') & 1)
        self._rest += part
        self._end += len(part)
        check_length(len(self._rest), self._count + 1)

    def _add(self, line: bytes, pieces: list[Piece]) -> None:
        """Take a line; it ends a record unless a quotation mark is open."""
        self._extend(line)
        if not self._is_quoted:
            self._cut(pieces)

    def _is_plain(self, data: bytes) -> bool:
        """Whether each of the lines that follow is a record."""
        return not self._is_quoted and b'"' not in data

    def _add_each(self, lines: list[bytes], pieces: list[Piece]) -> None:
        """Take lines, without their ends, one by one."""
        for line in lines:
            self._add(line + b"\n", pieces)

    def _add_all(self, lines: list[bytes], pieces: list[Piece]) -> None:
        """Take lines, without their ends, each of which is a record."""
        end, count = self._end, self._count
        for line in lines:
            end += len(line) + 1
            if line.strip(b"\r"):
                count += 1
                check_length(len(line) + 1, count)
                pieces.append(Piece(line + b"\n", end))
        self._end, self._count = end, count

    def _cut(self, pieces: list[Piece]) -> None:
        """End a record."""
        raw, self._rest = self._rest, b""
        if raw.strip(b"\r\n"):
            self._count += 1
            pieces.append(Piece(raw, self._end))


def read_cells(raws: list[bytes], delimiter: str, first: int) -> list[list[str]]:
    """Read the cells of some records.

    :param first: number of the first of them, for sentences
    :return: one list for each record
    :raise UnfitFile: not UTF-8, or quotation marks in the wrong place
    """
    texts = [_decode(raw, number) for number, raw in enumerate(raws, first)]
    reader = csv.reader(texts, delimiter=delimiter, strict=True)
    rows = []
    try:
        for cells in reader:
            rows.append(cells)
            if reader.line_num != len(rows):
                break
    except csv.Error as error:
        raise _misquoted(first + len(rows)) from error
    if len(rows) != len(raws) or reader.line_num != len(rows):
        raise _misquoted(first + max(len(rows) - 1, 0))
    return rows


def _decode(raw: bytes, number: int) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise UnfitFile(
            "Row %(row)s is not written in UTF-8: export the file as UTF-8.",
            row=number,
        ) from error


def _misquoted(number: int) -> UnfitFile:
    return UnfitFile(
        "Row %(row)s cannot be read as CSV: check its quotation marks (RFC 4180) and "
        "line ends.",
        row=number,
    )


def write_cells(rows: list[list[str]]) -> bytes:
    """Write records with commas and CRLF (RFC 4180)."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()

"""XLSX workbooks, row by row, and what of them is refused before a row is read.

A workbook is a zip archive (ECMA-376, part 2). Whoever made it also wrote the sizes
of what is in it, so a few kilobytes may claim to hold gigabytes. Those claims are
judged before anything is unpacked, and no more is unpacked than was claimed.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from odoo.addons.g2p_spar_fa_reference.core.seal import SealError

from .errors import UnfitFile
from .sheet_value import to_text
from .table import Table, start_table

#: Rows of a sheet at most, as in spreadsheets.
SHEET_ROWS = 2**20
_MAGIC = b"PK\x03\x04"
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_STRINGS = "xl/sharedStrings.xml"
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]{0,200}?ref="([A-Z0-9:$]{1,30})"')
#: A part of a workbook that begins so declares entities, which it may not
#: (ECMA-376, part 2, section 8.1.4).
_DECLARATION = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E")
_BLOCK = 2**18
_OVERLAP = 300
#: What the libraries raise for parts they cannot read.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


class Limits(NamedTuple):
    """How large a workbook may be, unpacked.

    :param parts: in the archive
    :param whole: bytes of all of them
    :param strings: bytes of the list of texts, which must be in memory at once
    :param other: bytes of any other part that is no sheet, for the same reason
    :param ratio: bytes of a part for each that it has in the archive
    :param small: bytes of a part whose ratio does not matter
    """

    parts: int = 1000
    whole: int = 2**31
    strings: int = 2**26
    other: int = 2**24
    ratio: int = 200
    small: int = 2**20


LIMITS = Limits()


def is_workbook(head: bytes) -> bool:
    """Whether a file is a zip archive, by its first bytes."""
    return head.startswith(_MAGIC)


def read_workbook(source: BinaryIO, limits: Limits = LIMITS) -> Table:
    """Read the first sheet that can be seen.

    :param source: opened for reading, seekable
    :raise UnfitFile: it is no workbook, too large, or has merged cells; also while
        its rows are read
    """
    try:
        with zipfile.ZipFile(source) as archive:
            check_archive(archive, limits)
        source.seek(0)
        book = openpyxl.load_workbook(source, read_only=True, keep_links=False)
        sheet = _first_sheet(book)
        with zipfile.ZipFile(source) as archive:
            _check_merged(archive, sheet)
    except _BROKEN as error:
        raise _explain(error) from error
    return start_table(_read_rows(sheet))


def check_archive(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Judge a workbook by what it says it holds.

    :raise UnfitFile: too many or too large parts, or one that declares entities
    """
    parts = archive.infolist()
    if "[Content_Types].xml" not in archive.NameToInfo:
        raise UnfitFile(
            "The file is a zip archive, but no workbook: unpack it, and upload the "
            "list in it."
        )
    whole = sum(part.file_size for part in parts)
    if len(parts) > limits.parts or whole > limits.whole:
        raise _too_large()
    for part in parts:
        _check_part(part, limits)
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as opened:
                if _DECLARATION.search(opened.read(2**16)):
                    raise _broken()


def _check_part(part: zipfile.ZipInfo, limits: Limits) -> None:
    is_dense = part.file_size > limits.ratio * max(part.compress_size, 1)
    if part.file_size > limits.small and is_dense:
        raise _too_large()
    if part.filename == _STRINGS:
        if part.file_size > limits.strings:
            raise UnfitFile(
                "The workbook has too many texts to be read at once: save it as CSV "
                "in UTF-8 and upload that."
            )
    elif not _SHEET.fullmatch(part.filename) and part.file_size > limits.other:
        raise _too_large()


def _first_sheet(book):
    """Return the first sheet with cells that is not hidden."""
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            return sheet
    raise UnfitFile("The workbook has no sheet that can be seen.")


def _check_merged(archive: zipfile.ZipFile, sheet) -> None:
    """Refuse merged cells: of all but one of them the content is gone."""
    rest = b""
    with archive.open(sheet._worksheet_path.lstrip("/")) as opened:
        while block := opened.read(_BLOCK):
            if match := _MERGED.search(rest + block):
                raise UnfitFile(
                    "The cells %(cells)s of the workbook are merged: separate them, "
                    "each row needs cells of its own.",
                    cells=match[1].decode(),
                )
            rest = block[-_OVERLAP:]


def _read_rows(sheet) -> Iterator[list[str]]:
    sheet.reset_dimensions()
    # Spreadsheets know no more rows, and openpyxl would fill a gap of any size.
    try:
        for row in sheet.iter_rows(max_row=SHEET_ROWS):
            yield [to_text(c.value, c.data_type, _format(c)) for c in row]
    except _BROKEN as error:
        raise _explain(error) from error


def _format(cell) -> str:
    """Return how a cell is shown; an empty cell has no format."""
    return getattr(cell, "number_format", "General") or "General"


def _explain(error: Exception) -> Exception:
    """Return what an error of the libraries means.

    What the disk or the seal says is none of theirs.
    """
    is_ours = isinstance(error, UnfitFile | SealError)
    return error if is_ours or getattr(error, "errno", None) else _broken()


def _broken() -> UnfitFile:
    return UnfitFile(
        "The workbook cannot be read: open it in a spreadsheet and save it anew as "
        "XLSX, or as CSV in UTF-8."
    )


def _too_large() -> UnfitFile:
    return UnfitFile(
        "The workbook is much larger inside than outside, or has too many parts: "
        "save the list as CSV in UTF-8 and upload that."
    )

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

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHARED_STRINGS, XLSM, XLSX, XLTM, XLTX

from odoo.addons.g2p_spar_fa_reference.core.seal import SealError

from .errors import UnfitFile
from .sheet import DECLARATION, OVERLAP, broken, read_rows, too_large
from .table import Table, start_table

_MAGIC = b"PK\x03\x04"
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_STRINGS = "xl/sharedStrings.xml"
_MERGED = re.compile(
    rb"""<(?:\w+:)?mergeCell\s[^>]{0,200}?ref=["']([A-Z0-9:$]{1,30})["']"""
)
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
    :param string_tags: in that list
    :param other: bytes of any other part that is no sheet, for the same reason
    :param other_tags: in any such part
    :param ratio: bytes of a part for each that it has in the archive
    :param small: bytes of a part whose ratio does not matter
    """

    parts: int = 1000
    whole: int = 2**31
    strings: int = 2**26
    string_tags: int = 2**23
    other: int = 2**24
    other_tags: int = 2**19
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
        reader = ExcelReader(source, read_only=True, keep_links=False)
        check_archive(reader.archive, limits)
        _read_head(reader)
        path = _find_sheet(reader)
        _check_merged(reader.archive, path)
    except _BROKEN as error:
        raise _explain(error) from error
    return start_table(_read_rows(reader, path), is_ragged=True)


def _read_head(reader: ExcelReader) -> None:
    """Read what must be known before the rows: texts, names of sheets and formats.

    Nothing else, as openpyxl's own way goes through all sheets before the first row.
    """
    reader.read_manifest()
    for part in (SHARED_STRINGS, XLSX, XLTX, XLSM, XLTM):
        found = reader.package.find(part)
        path = "none.xml" if found is None else found.PartName.lstrip("/")
        if not path.endswith(".xml") or _SHEET.fullmatch(path):
            # It was judged as something else.
            raise broken()
    reader.read_strings()
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)


def measure(source: BinaryIO) -> int:
    """Return how many bytes a workbook says to have, unpacked; none where it is none.

    :param source: opened for reading, seekable
    """
    try:
        with zipfile.ZipFile(source) as archive:
            return sum(part.file_size for part in archive.infolist())
    except _BROKEN as error:
        # Why it cannot be read is said by who reads it.
        if not isinstance(_explain(error), UnfitFile):
            raise
        return 0


def check_archive(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Judge a workbook by what it says it holds.

    :raise UnfitFile: too many or too large parts, or one that declares entities
    """
    parts = archive.infolist()
    if "[Content_Types].xml" not in archive.NameToInfo:
        if "mimetype" in archive.NameToInfo:
            # Of OpenDocument: what is in it is of no use to anybody.
            raise broken()
        raise UnfitFile(
            "The file is a zip archive, but no workbook: unpack it, and upload the "
            "list in it."
        )
    whole = sum(part.file_size for part in parts)
    if len(parts) > limits.parts or whole > limits.whole:
        raise too_large()
    for part in parts:
        _check_part(part, limits)
        if part.filename.endswith((".xml", ".rels")) and not _is_sheet(part):
            _check_content(archive, part, limits)


def _is_sheet(part: zipfile.ZipInfo) -> bool:
    return bool(_SHEET.fullmatch(part.filename))


def _check_part(part: zipfile.ZipInfo, limits: Limits) -> None:
    is_dense = part.file_size > limits.ratio * max(part.compress_size, 1)
    if part.file_size > limits.small and is_dense:
        raise too_large()
    if part.filename == _STRINGS:
        if part.file_size > limits.strings:
            raise UnfitFile(
                "The workbook has too many texts to be read at once: save it as CSV "
                "in UTF-8 and upload that."
            )
    elif not _is_sheet(part) and part.file_size > limits.other:
        raise too_large()


def _check_content(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits):
    """Look at a part that is read at once; a sheet is looked at while it is read."""
    most = limits.string_tags if part.filename == _STRINGS else limits.other_tags
    rest, tags = b"", 0
    with archive.open(part) as opened:
        while block := opened.read(_BLOCK):
            if DECLARATION.search(rest + block):
                raise broken()
            rest, tags = block[-OVERLAP:], tags + block.count(b"<")
            if tags > most:
                raise too_large()


def _find_sheet(reader: ExcelReader) -> str:
    """Return the path of the first sheet that is not hidden."""
    sheets = list(reader.parser.find_sheets())
    if not sheets:
        raise broken()
    for sheet, relation in sheets:
        is_table = relation.Type.endswith("/worksheet")
        if sheet.state == "visible" and is_table:
            return relation.target
    raise UnfitFile("The workbook has no sheet that can be seen.")


def _check_merged(archive: zipfile.ZipFile, path: str) -> None:
    """Refuse merged cells: of all but one of them the content is gone."""
    rest = b""
    with archive.open(path) as opened:
        while block := opened.read(_BLOCK):
            if match := _MERGED.search(rest + block):
                raise UnfitFile(
                    "The cells %(cells)s of the workbook are merged: separate them, "
                    "each row needs cells of its own.",
                    cells=match[1].decode(),
                )
            rest = block[-_OVERLAP:]


def _read_rows(reader: ExcelReader, path: str) -> Iterator[list[str]]:
    try:
        with reader.archive.open(path) as source:
            yield from read_rows(source, reader.wb, reader.shared_strings)
    except _BROKEN as error:
        raise _explain(error) from error


def _explain(error: Exception) -> Exception:
    """Return what an error of the libraries means.

    What the disk or the seal says is none of theirs.
    """
    is_ours = isinstance(error, UnfitFile | SealError)
    return error if is_ours or getattr(error, "errno", None) else broken()

"""Rows of one sheet of a workbook, as they stand in it, in bounded memory.

openpyxl's own rows fill gaps up to the farthest cell that a row claims to have, which
makes hours out of a few kilobytes, and leave out rows and cells whose numbers go
back. So its parser is asked for one row at a time, and cells find their places here.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, XMLPullParser

from openpyxl import Workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.worksheet._reader import DATA_TAG, ROW_TAG, WorkSheetParser

from .errors import UnfitFile
from .sheet_value import to_text
from .table import COLUMN_LIMIT

#: A part of a workbook that says so declares entities, which it may not
#: (ECMA-376, part 2, section 8.1.4).
DECLARATION = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E")
#: Bytes of the longest declaration, less one: where two blocks meet.
OVERLAP = 17
#: Bytes of a sheet in which a row must end, and cells of a row, as in spreadsheets.
_ROW_BYTES = 2**22
_ROW_CELLS = 2**14
_BLOCK = 2**16


def read_rows(
    source: BinaryIO, book: Workbook, strings: list[str]
) -> Iterator[list[str]]:
    """Return the texts of the rows; cells beyond the last one with a text are none.

    A row that has texts beyond the last column that a list may have is as long as
    to be seen to have too many.

    :param source: the sheet's part of the archive, opened for reading
    :param book: knows how days and numbers are written
    :param strings: the texts that its cells name by their numbers
    :raise UnfitFile: it is no sheet, or larger inside than outside
    """
    parser = WorkSheetParser(
        source, strings, epoch=book.epoch, date_formats=book._date_formats
    )
    for element in _row_elements(source):
        if len(element) > _ROW_CELLS:
            raise too_large()
        _number, cells = parser.parse_row(element)
        parser.row_dimensions.clear()
        yield _to_texts(book, cells)


def _row_elements(source: BinaryIO) -> Iterator[Element]:
    """Return the elements of the rows; each is emptied when the next is asked for."""
    pull, data, since, rest = XMLPullParser(("start", "end")), None, 0, b""
    while block := source.read(_BLOCK):
        if DECLARATION.search(rest + block):
            raise broken()
        rest, since = block[-OVERLAP:], since + len(block)
        pull.feed(block)
        for event, element in pull.read_events():
            if element.tag == DATA_TAG:
                if event == "end":
                    return
                data = element
            elif element.tag == ROW_TAG and event == "end" and data is not None:
                yield element
                # With whatever else stood before it.
                data.clear()
                since = 0
        if since > _ROW_BYTES:
            raise too_large()
    # It ends before its rows do.
    pull.close()


def _to_texts(book: Workbook, cells: list[dict]) -> list[str]:
    texts: list[str] = []
    for cell in cells:
        if cell["value"] is None:
            continue
        place = min(cell["column"] - 1, COLUMN_LIMIT)
        texts += [""] * (place + 1 - len(texts))
        if texts[place] and place < COLUMN_LIMIT:
            # Two cells in one place: which of them is right nobody knows.
            raise broken()
        form = _format_of(book, cell["style_id"])
        texts[place] = to_text(cell["value"], cell["data_type"], form)
    return texts


def _format_of(book: Workbook, style: int) -> str:
    """Return how a number is shown, as ``00000``."""
    number = book._cell_styles[style].numFmtId
    if number < BUILTIN_FORMATS_MAX_SIZE:
        return BUILTIN_FORMATS.get(number, "General")
    return book._number_formats[number - BUILTIN_FORMATS_MAX_SIZE]


def broken() -> UnfitFile:
    """Return the refusal of a workbook that cannot be read."""
    return UnfitFile(
        "The workbook cannot be read: open it in a spreadsheet and save it anew as "
        "XLSX, or as CSV in UTF-8."
    )


def too_large() -> UnfitFile:
    """Return the refusal of a workbook that holds more than it may."""
    return UnfitFile(
        "The workbook is much larger inside than outside, or has too many parts: "
        "save the list as CSV in UTF-8 and upload that."
    )

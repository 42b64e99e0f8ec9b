"""What stands between the cells of a CSV file, told by its first records.

A spreadsheet writes what its country uses, and says so in no place; some write a
first line ``sep=;``. The right character is the one that cuts the first records
into the same number of cells, two at least, and the more the better.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from .csv_rows import read_cells
from .errors import UnfitFile

#: Tried in this order: of two that fit equally well, the first.
DELIMITERS = ",;\t|"
#: Records that are looked at.
SAMPLE = 50
_ANNOUNCED = re.compile(r"sep=([,;\t|])[\r\n]*", re.IGNORECASE)


class _Fit(NamedTuple):
    """How well a delimiter fits: compared from left to right."""

    same: int
    cells: int


def announced(first: str) -> str | None:
    """Return the delimiter that the first line announces, none where it is no such.

    >>> announced("sep=;\\r\\n")
    ';'
    """
    match = _ANNOUNCED.fullmatch(first)
    return match and match[1]


def find_delimiter(records: Sequence[str]) -> str:
    """Return the character between the cells.

    :param records: the first of the file, as text, the names of columns first
    :raise UnfitFile: none fits, or the first cannot be read whatever it is
    """
    fits = {mark: _fit(records, mark) for mark in DELIMITERS}
    best = max(fits, key=fits.get)
    if fits[best].cells < 2:
        read_cells([records[0].encode()], best, 1)
        raise UnfitFile(
            "The file has one column only: separate the cells by commas, semicolons, "
            "tabs or upright strokes."
        )
    return best


def _fit(records: Sequence[str], mark: str) -> _Fit:
    rows = []
    # Who reads all rows says which of them is written wrongly.
    with suppress(csv.Error):
        rows.extend(csv.reader(records, delimiter=mark, strict=True))
    # The first names the columns, so the others are measured by it.
    cells = len(rows[0]) if rows else 0
    if cells < 2:
        return _Fit(0, 0)
    counts = Counter(len(row) for row in rows)
    return _Fit(counts[cells] * 100 // len(records), cells)

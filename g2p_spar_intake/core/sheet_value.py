"""What a cell of a workbook holds, as text and without a guess.

A workbook keeps numbers as binary fractions of 53 bits, which is 15 decimal digits
(ECMA-376, part 1, section 18.3.1.96; IEEE 754). A number with more of them is not
what was typed, and nobody can tell what was.
"""

import re
from datetime import date, datetime, time, timedelta

from .cell import unguard
from .mark import DATE, ERROR, FLAG, FORMULA, FRACTION, LOST, NUMBER, plain, put

#: The first whole number that has more than 15 digits.
_TOO_LONG = 10**15
_ZEROS = re.compile(r"0+")


def to_text(value: object, kind: str, number_format: str = "General") -> str:
    """Return the cell as it is kept; see :mod:`.mark`.

    :param value: as openpyxl read it
    :param kind: openpyxl's ``data_type``: ``f`` formula, ``e`` error, ``n`` number …
    :param number_format: how the cell is shown; zeros alone are a width

    >>> to_text("00421", "s"), to_text(421, "n", "00000")
    ('00421', '00421')
    """
    if value is None:
        return ""
    if kind == "f":
        return put(FORMULA, "")
    if kind == "e":
        return put(ERROR, "")
    if isinstance(value, bool):
        return put(FLAG, "TRUE" if value else "FALSE")
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime | date | time | timedelta):
        return put(DATE, _date(value))
    # A workbook made of a list of ours keeps the apostrophes as text.
    return plain(unguard(str(value).strip()))


def _number(value: int | float, number_format: str) -> str:
    if abs(value) >= _TOO_LONG or value != value:
        return put(LOST, repr(value))
    if value != int(value):
        return put(FRACTION, repr(value))
    digits = str(int(value))
    if _ZEROS.fullmatch(number_format) and len(number_format) > 1:
        # Shown with zeros in front, so none is lost.
        return digits.zfill(len(number_format))
    return put(NUMBER, digits)


def _date(value: datetime | date | time | timedelta) -> str:
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return value.date().isoformat() if is_day else value.isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)

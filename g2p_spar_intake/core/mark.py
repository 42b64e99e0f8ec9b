"""Marks on cells whose text is not what a person typed.

A spreadsheet turns account numbers into numbers, dates and formulas. What a cell
was is known only while the workbook is read; later, in the file of plain cells, it
stands in front of the text, behind a control character that no value may have.

>>> put("number", "42")
'\\x1anumber:42'
>>> read(put("date", "2026-11-23")), read("plain")
(('date', '2026-11-23'), ('', 'plain'))

In a list that people are given a mark is written as they know the errors of
spreadsheets, and read again: a cell that nobody typed anew stays what it was.

>>> show(put("date", "2026-11-23"))
'#DATE! 2026-11-23'
>>> read("#DATE! 2026-11-23"), read("#N/A")
(('date', '2026-11-23'), ('error', '#N/A'))
"""

import re

#: What a marked cell begins with; no value may have it.
MARK = "\x1a"
#: What a cell begins with that may have a mark.
FIRST = MARK + "#"

#: A whole number of at most 15 digits: zeros in front of it, if any, are lost.
NUMBER = "number"
#: A number whose last digits were lost: of more than 15, or written as 1.2E+15.
LOST = "lost"
FRACTION = "fraction"
DATE = "date"
FLAG = "flag"
FORMULA = "formula"
ERROR = "error"
#: A text with the control character of the marks.
CONTROL = "control"
#: A cell that a row of too few cells does not have.
MISSING = "missing"

_SHOWN = re.compile(
    "#(LOST|FRACTION|DATE|FLAG|FORMULA|ERROR|CONTROL|MISSING)! ?(.*)", re.DOTALL
)
#: What spreadsheets in several languages show in the place of a value.
_ERRORS = re.compile("#(?:N/?[ADV]|[A-Z\xc0-\xde][A-Z\xc0-\xde0-9/_]*[!?])")


def put(kind: str, text: str) -> str:
    """Return a cell with a mark."""
    return f"{MARK}{kind}:{text}"


def plain(text: str) -> str:
    """Return a cell that was text, so that no mark can be read into it."""
    return put(CONTROL, text.replace(MARK, " ")) if MARK in text else text


def read(cell: str) -> tuple[str, str]:
    """Return the kind of a cell, empty for a text, and what it shows."""
    if cell.startswith("#"):
        return _read_shown(cell)
    if not cell.startswith(MARK):
        return "", cell
    kind, _, text = cell[len(MARK) :].partition(":")
    return kind, text


def show(cell: str) -> str:
    """Return a cell with its mark as a person may see it."""
    kind, text = read(cell)
    return f"#{kind.upper()}! {text}".strip() if kind else text


def _read_shown(cell: str) -> tuple[str, str]:
    if match := _SHOWN.fullmatch(cell):
        return match[1].lower(), match[2]
    return (ERROR if _ERRORS.fullmatch(cell) else ""), cell

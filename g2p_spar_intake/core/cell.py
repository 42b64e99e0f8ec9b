"""Cells that a spreadsheet must not run.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a
formula, also after a tab or a line end, and some take their full-width forms too.
Such a cell gets an apostrophe in front, by which a spreadsheet shows it as text.
A cell that begins with an apostrophe gets one more. So a program gets the value
back by one rule: an apostrophe in front of a cell is not part of it.

>>> guard("+639171234567")
"'+639171234567"
>>> unguard(guard("'s-Hertogenbosch"))
"'s-Hertogenbosch"

Source: OWASP, CSV Injection.
"""

#: What stands in front of a cell that a spreadsheet must not run.
GUARD = "'"
_RISKY = tuple("=+-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}") + (
    "\N{FULLWIDTH HYPHEN-MINUS}",
    "\N{FULLWIDTH COMMERCIAL AT}",
    GUARD,
)


def guard(text: str) -> str:
    """Return the cell to write for a value."""
    return f"{GUARD}{text}" if text.startswith(_RISKY) else text


def unguard(cell: str) -> str:
    """Return the value of a cell."""
    return cell.removeprefix(GUARD)

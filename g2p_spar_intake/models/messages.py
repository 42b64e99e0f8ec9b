"""Why a row of a file is not done, as it is said to the officer who sent it."""

from odoo.tools import LazyTranslate

from odoo.addons.g2p_spar_mapper.models.messages import SENTENCES

from ..core.row import Refused

_lt = LazyTranslate(__name__)

#: Code of a refused row -> what is wrong and what to do. ``%(column)s`` is the name
#: of the column, ``%(other)s`` the number of another row.
REASONS = {
    "cells_more": _lt("The row has more cells than there are columns."),
    "cells_fewer": _lt("The row has fewer cells than there are columns."),
    "empty": _lt("The column %(column)s is empty."),
    "formula": _lt("%(column)s is a formula: write its value there."),
    "error": _lt("%(column)s shows an error of the spreadsheet."),
    "control": _lt("%(column)s has a control character: type it again."),
    "lost": _lt(
        "%(column)s was turned into a number, and its last digits were lost: make the"
        " column text and type the number again."
    ),
    "not_number": _lt("%(column)s is a number and should be text."),
    "not_fraction": _lt("%(column)s is a number with decimals and should be text."),
    "not_date": _lt(
        "%(column)s was turned into a date by the spreadsheet: make the column text"
        " and type it again."
    ),
    "not_flag": _lt("%(column)s is true or false and should be text."),
    "date_unreadable": _lt(
        "%(column)s is no date: write it as year-month-day, such as 2026-12-31."
    ),
    "date_ambiguous": _lt(
        "%(column)s could be two dates: say above which of day and month comes first,"
        " or write it as 2026-12-31."
    ),
    "contradicted": _lt(
        "Row %(other)s says something else about the same person: neither is done."
        " Keep the one that is right."
    ),
    "repeated": _lt("Row %(other)s asks for the same already."),
    "changed_since": _lt(
        "The registry changed this person after %(column)s: what was captured before"
        " does not overwrite it. Ask the person which is right."
    ),
    "captured_later": _lt(
        "%(column)s lies in the future: set the clock of the device right."
    ),
    "captured_missing": _lt(
        "The column %(column)s is empty: without it nobody knows which is newer."
    ),
    "device_invalid": _lt("%(column)s must have at most 64 characters, in one line."),
    "device_unknown": _lt(
        "%(column)s is not a device of this registry, or is locked: nothing from it is"
        " taken."
    ),
}

#: The sentences of ``core/``, marked for translators; a test compares them.
FILE_SENTENCES = (
    _lt("%(part)s has neither a column nor a value under Same in All Rows."),
    _lt("A part does not belong to the chosen type of address."),
    _lt("A quotation mark of row %(row)s is never closed."),
    _lt("Choose the type of address that the parts belong to."),
    _lt(
        "Columns %(first)s and %(second)s have the same name in the first row: "
        "rename one of them."
    ),
    _lt(
        "Most of the file is written in UTF-8, but some letters are not: it was put"
        " together from files of two encodings. Export it anew, as UTF-8."
    ),
    _lt(
        "Row %(row)s cannot be read as CSV: check its quotation marks (RFC 4180) "
        "and line ends."
    ),
    _lt(
        "Row %(row)s is longer than %(limit)s bytes: check that rows are separated "
        "and quotation marks closed."
    ),
    _lt("Row %(row)s is not written in UTF-8: export the file as UTF-8."),
    _lt("Say which column has the ID of the person."),
    _lt("Say which column has the address, or its parts."),
    _lt(
        "The address comes whole in one column or in parts in several: leave one of"
        " the two out."
    ),
    _lt(
        "The cells %(cells)s of the workbook are merged: separate them, each row "
        "needs cells of its own."
    ),
    _lt(
        "The file begins as one encoding and goes on as another: export it anew, as"
        " UTF-8."
    ),
    _lt(
        "The file has a NUL character after row %(row)s: write it as plain text in "
        "UTF-8."
    ),
    _lt("The file has more than %(limit)s columns."),
    _lt("The file has more than %(limit)s rows: split it."),
    _lt("The file has no rows."),
    _lt(
        "The file has one column only: separate the cells by commas, semicolons, "
        "tabs or upright strokes."
    ),
    _lt(
        "The file is a zip archive, but no workbook: unpack it, and upload the list"
        " in it."
    ),
    _lt("The file is empty."),
    _lt("The file is larger than %(limit)s megabytes: split it."),
    _lt(
        "The file is neither CSV nor an XLSX workbook: save the list as one of "
        "them. Of a workbook with a password, save a copy without it."
    ),
    _lt(
        "The file is written neither in UTF-8 nor in UTF-16 nor in Windows-1252: "
        "export it as UTF-8."
    ),
    _lt("The file on disk ends before its last row."),
    _lt(
        "The first row must name the columns; the text of column %(column)s is too "
        "long for a name."
    ),
    _lt("The form of the ID needs {id} once, where the column's text comes."),
    _lt(
        "The workbook cannot be read: open it in a spreadsheet and save it anew as "
        "XLSX, or as CSV in UTF-8."
    ),
    _lt("The workbook has no sheet that can be seen."),
    _lt(
        "The workbook has too many texts to be read at once: save it as CSV in "
        "UTF-8 and upload that."
    ),
    _lt(
        "The workbook is much larger inside than outside, or has too many parts: "
        "save the list as CSV in UTF-8 and upload that."
    ),
    _lt("Two columns mean the same: leave one of them out."),
)


def say_refused(env, refused: Refused, names) -> str:
    """Say why a row cannot be done.

    :param names: of the columns, from the first
    """
    name = names[refused.column - 1] if refused.column else ""
    values = {"column": name or refused.column, "other": refused.other}
    sentence = env._(REASONS[refused.code])
    return sentence % values


def say_outcome(env, outcome) -> str:
    """Say what became of a row, or would."""
    sentence = env._(SENTENCES[outcome.cause])
    return f"{sentence} {outcome.detail}" if outcome.detail else sentence

"""Rows of a file as items for the registry, or why they cannot be one."""

import re
from collections.abc import Collection, Sequence
from datetime import tzinfo
from typing import NamedTuple

from odoo.addons.g2p_spar_mapper.core.commands import LinkItem, UnlinkItem

from . import mark
from .day import UnclearDate, end_of
from .matching import DATES, ID_SLOT, INFO, PART, Matching
from .tokens import make_token

#: A number as a spreadsheet shows it when it is too wide: 1.23457E+15.
_SHORTENED = re.compile(r"[+-]?\d+(?:[.,]\d+)?E[+-]\d+|[+-]?\d[.,]\d+E\d+", re.I)
#: Cells that say nothing certain in any column.
_NEVER = (mark.FORMULA, mark.ERROR, mark.LOST, mark.CONTROL)
#: What else a column for words may have, such as a house number.
_WORDS = ("", mark.NUMBER, mark.FRACTION, mark.DATE, mark.FLAG)
_ALLOWED = {
    "name": _WORDS,
    **dict.fromkeys(DATES, ("", mark.NUMBER, mark.DATE)),
    "device": ("", mark.NUMBER),
}
#: IDs, numbers of accounts and telephones: a date is never one.
_EXACT = ("", mark.NUMBER)
#: Kinds whose reason has a name of its own.
_CODES = {kind: kind for kind in _NEVER} | {mark.MISSING: "empty"}


class Refused(NamedTuple):
    """A row that cannot be done as it stands.

    :param code: which rule it breaks
    :param column: number of the column, from 1; none: the row as a whole
    :param other: number of another row that it contradicts or repeats
    """

    code: str
    column: int | None = None
    other: int | None = None


class _BadCell(Exception):
    """One cell cannot be read."""

    def __init__(self, code: str, column: int):
        super().__init__(code)
        self.refused = Refused(code, column)


class RowReader:
    """Reads the rows of one file.

    :param matching: what its columns mean
    :param zone: in which days begin and end
    """

    def __init__(self, matching: Matching, zone: tzinfo):
        self._matching = matching
        self._zone = zone
        self._before, _, self._after = matching.id_form.partition(ID_SLOT)
        self._columns = [
            (place, field, _kinds_of(field))
            for place, field in enumerate(matching.fields)
            if field
        ]
        # Name of the field -> own name; most lists have none of either kind.
        self._parts = _names_of(matching.fields, PART)
        self._infos = _names_of(matching.fields, INFO)

    def read(
        self, cells: Sequence[str], number: int
    ) -> LinkItem | UnlinkItem | Refused:
        """Return what a row asks for.

        :param cells: see :mod:`.mark`
        :param number: of the row, from 1: its reference where it has none
        """
        width = len(self._matching.fields)
        if len(cells) != width:
            return Refused("cells_more" if len(cells) > width else "cells_fewer")
        try:
            return self._to_item(self._values(cells), number)
        except _BadCell as error:
            return error.refused

    def _values(self, cells: Sequence[str]) -> dict[str, str]:
        """Return the texts of a row by field; what is empty is left out."""
        values = {}
        for place, field, allowed in self._columns:
            cell = cells[place]
            if cell:
                # Nearly every cell is a plain text: no call for it.
                if cell[0] in mark.FIRST:
                    cell = _read_marked(cell, allowed, place + 1)
                if allowed is _EXACT and _SHORTENED.fullmatch(cell):
                    raise _BadCell(mark.LOST, place + 1)
                values[field] = cell
            elif field == "id":
                raise _BadCell("empty", place + 1)
        return values

    def _to_item(self, values: dict[str, str], number: int) -> LinkItem | UnlinkItem:
        """Return the item that has these values."""
        matching = self._matching
        token = make_token(matching.token, values["id"], matching.partner)
        whole_id = f"{self._before}{token}{self._after}"
        reference = values.get("reference_id") or f"row {number}"
        if matching.operation == "unlink":
            return UnlinkItem(reference, whole_id, values.get("fa"))
        parts = _named(values, self._parts)
        if parts:
            parts = dict(matching.constants) | parts
        infos = _named(values, self._infos)
        return LinkItem(
            reference,
            whole_id,
            values.get("fa"),
            values.get("name"),
            values.get("phone_number"),
            [{"name": name, "value": value} for name, value in infos.items()] or None,
            parts or None,
            matching.fa_type if parts else None,
            self._valid_until(values),
        )

    def _valid_until(self, values: dict[str, str]):
        text = values.get("valid_until")
        if not text:
            return None
        try:
            return end_of(text, self._matching.date_order, self._zone)
        except UnclearDate as error:
            column = self._matching.fields.index("valid_until") + 1
            raise _BadCell(error.code, column) from error


def _kinds_of(field: str) -> tuple[str, ...]:
    """Return the kinds of cells that a column may have; see :mod:`.mark`."""
    return _WORDS if field.startswith(INFO) else _ALLOWED.get(field, _EXACT)


def _read_marked(cell: str, allowed: Sequence[str], column: int) -> str:
    """Return what a cell shows that was no text.

    :raise _BadCell: its column may not have such a one
    """
    kind, text = mark.read(cell)
    if kind not in allowed:
        raise _BadCell(_CODES.get(kind, f"not_{kind}"), column)
    return text


def give_back(
    matching: Matching, cells: Sequence[str], reasons: Collection[int]
) -> list[str]:
    """Return the cells of a refused row as a person gets them, to be mended.

    What cannot be read where it stands is shown so that it cannot be read the next
    time either: only a person who types it anew says what it should be.

    :param reasons: places of columns that say why rows were refused before
    """
    fields = matching.fields
    if len(cells) > len(fields):
        return [mark.show(cell) for cell in cells]
    missing = [mark.put(mark.MISSING, "")] * (len(fields) - len(cells))
    return [
        _show(cell, fields[place])
        for place, cell in enumerate([*cells, *missing])
        if place not in reasons
    ]


def _show(cell: str, field: str) -> str:
    kind, text = mark.read(cell)
    is_left_out = not field and kind not in _NEVER
    return text if is_left_out or kind in _kinds_of(field) else mark.show(cell)


def _names_of(fields: Sequence[str], kind: str) -> dict[str, str]:
    """Return the fields of one kind with their own names."""
    return {field: field[len(kind) :] for field in fields if field.startswith(kind)}


def _named(values: dict[str, str], names: dict[str, str]) -> dict[str, str]:
    """Return the values of some fields by their own names."""
    if not names:
        return {}
    return {own: values[field] for field, own in names.items() if field in values}

"""Reading the mappings of an earlier SPAR from a dump of its table.

SPAR 1.0, 1.1 and 2.x keep them in a table ``id_fa_mappings`` of the columns
``id, id_value, fa_value, name, phone, additional_info, active, created_at,
updated_at``. A dump is what PostgreSQL writes with ``COPY … CSV HEADER``: NULL is
empty, booleans are ``t`` and ``f``, additional_info is JSON.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .commands import LinkItem
from .reason import Cause

REQUIRED = ("id_value", "fa_value")
_TRUE = frozenset({"", "t", "true", "1"})
_KNOWN = frozenset({"t", "true", "1", "f", "false", "0", ""})


class DumpError(ValueError):
    """The file as a whole cannot be read.

    :param code: ``columns``, ``form``
    :param line: number of the line in the file, from 1
    """

    def __init__(self, code: str, line: int, names: tuple[str, ...] = ()):
        super().__init__(f"{code} in line {line}")
        self.code = code
        self.line = line
        self.names = names


class DumpRow(NamedTuple):
    """One row of a dump.

    :param line: number of its last line in the file, from 1
    :param item: what to link, or the cause why the row cannot be read
    :param active: whether the earlier product held the mapping for active
    :param values: the row as it stands in the file
    """

    line: int
    item: LinkItem | Cause
    active: bool
    values: dict[str, str]


def read_dump(lines: Iterable[str]) -> Iterator[DumpRow]:
    """Read a dump row by row; it may be of any length.

    :param lines: lines of text, as an open file yields them
    :raise DumpError: required columns are missing, or it is not CSV
    """
    reader = csv.DictReader(lines, strict=True, restval="")
    try:
        _check_columns(reader.fieldnames)
        for values in reader:
            yield _read_row(reader.line_num, values)
    except csv.Error as error:
        raise DumpError("form", reader.reader.line_num) from error


def _check_columns(names: list[str] | None) -> None:
    missing = tuple(name for name in REQUIRED if name not in (names or ()))
    if missing:
        raise DumpError("columns", 1, missing)


def _read_row(line: int, values: dict) -> DumpRow:
    if values.pop(None, None) is not None:  # more cells than columns
        return DumpRow(line, Cause.ITEM_INVALID, True, values)
    active = values.get("active", "").strip().lower()
    if active not in _KNOWN:
        return DumpRow(line, Cause.ITEM_INVALID, True, values)
    return DumpRow(line, _read_item(line, values), active in _TRUE, values)


def _read_item(line: int, values: dict[str, str]) -> LinkItem | Cause:
    try:
        info = json.loads(values.get("additional_info") or "null")
    except (ValueError, RecursionError):
        return Cause.INFO_INVALID
    return LinkItem(
        f"line {line}",
        values["id_value"],
        values["fa_value"],
        name=values.get("name") or None,
        phone_number=values.get("phone") or None,
        additional_info=info,
    )

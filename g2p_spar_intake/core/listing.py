"""Mappings as rows of a list, with the columns that the intake understands.

So a list that was fetched whole can be brought in again, here or elsewhere.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from odoo.addons.g2p_spar_fa_reference.core.mask import (
    mask_address,
    mask_id,
    mask_phone,
)

from .cell import guard
from .csv_rows import write_cells

#: Names of the columns; the last two are for people, and left out when read.
NAMES = ("id", "fa", "name", "phone_number", "valid_until", "state", "provider")


class Listed(NamedTuple):
    """One mapping.

    :param valid_until: naive UTC
    :param state: as it counts now
    """

    id_value: str
    fa_value: str
    name: str | None
    phone: str | None
    valid_until: datetime | None
    state: str
    provider: str | None


def write_names() -> bytes:
    """Return the first row."""
    return write_cells([list(NAMES)])


def write_listed(rows: Iterable[Listed], is_whole: bool) -> bytes:
    """Return some mappings as rows.

    :param is_whole: whether IDs, addresses and phones are told whole
    """
    return write_cells([_to_cells(row, is_whole) for row in rows])


def _to_cells(row: Listed, is_whole: bool) -> list[str]:
    if not is_whole:
        row = row._replace(
            id_value=mask_id(row.id_value),
            fa_value=mask_address(row.fa_value),
            phone=row.phone and mask_phone(row.phone),
        )
    until = row.valid_until
    texts = row._replace(valid_until=until and f"{until.isoformat()}Z")
    return [guard(text or "") for text in texts]

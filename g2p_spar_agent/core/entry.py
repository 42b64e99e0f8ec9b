"""An ID as an agent types it from a card."""

import re
from typing import NamedTuple

from odoo.addons.g2p_spar_fa_reference.core.errors import AddressError, StrategyError
from odoo.addons.g2p_spar_fa_reference.core.reference import ParsedId, Reference
from odoo.addons.g2p_spar_portal.core.person import id_claims, write_id

#: No ID is longer (``Reference.read_id``).
MAX_TYPED = 255
_PARTS = re.compile(r"\{\w+\}")


class TypedId(NamedTuple):
    """An ID that was typed.

    :param text: the whole ID, as the registry takes it
    :param parsed: what the reference data know of it
    """

    text: str
    parsed: ParsedId


def read_typed_id(
    reference: Reference, type_id: int, template: str, text: str
) -> TypedId | None:
    """Return the one ID that a text says, none where it says none of this type.

    What stands on a card is the value alone; who reads it from a code or a letter may
    type the whole. There is no search: an ID is complete or not an ID.

    :param type_id: of the chosen type of ID
    :param template: of that type, such as ``token:{sub}@nationalId``
    """
    text = text.strip()
    is_empty = text in ("", _PARTS.sub("", template))
    if is_empty or len(text) > MAX_TYPED:
        return None
    for whole in (text, _write(template, text)):
        parsed = _read(reference, whole) if whole else None
        if parsed and parsed.id_type_id == type_id:
            return TypedId(whole, parsed)
    return None


def _write(template: str, text: str) -> str | None:
    names = id_claims(template)
    # What has these is a whole ID, or half of one, and no value of a card.
    if len(names) != 1 or set(text) & set("@:"):
        return None
    try:
        return write_id(template, {names[0]: text})
    except (AddressError, StrategyError):
        return None


def _read(reference: Reference, text: str) -> ParsedId | None:
    try:
        return reference.read_id(text)
    except AddressError:
        return None

"""An account in a few words: who keeps it, and the end of its number."""

from collections.abc import Mapping
from typing import Any

from odoo.addons.g2p_spar_fa_reference.core.errors import AddressError
from odoo.addons.g2p_spar_fa_reference.core.mask import mask_address, mask_number
from odoo.addons.g2p_spar_fa_reference.core.reference import Reference

from .contact import EMAIL, mask


def tell_account(reference: Reference, snapshot: Mapping[str, Any] | None) -> str:
    """Provider and masked number of the address in a snapshot of the history.

    :param snapshot: ``before`` or ``after`` of a version
    :return: such as ``Pink Bank ****6789``; "" when there is no address
    """
    address = (snapshot or {}).get("fa_value")
    if not address:
        return ""
    provider = reference.provider_info(snapshot.get("provider_id"))[0]
    number = _masked_number(reference, address, snapshot.get("strategy_id"))
    if number is None:
        return mask_address(address)
    return f"{provider} {number}".strip()


def shorten_account(account: str, letters: int) -> str:
    """Say who keeps an account with fewer words; its number stays.

    >>> shorten_account("First Bank of the Islands ****6789", 12)
    'First Bank ****6789'
    >>> shorten_account("Pink Bank ****6789", 12), shorten_account("Pink ****6789", 0)
    ('Pink Bank ****6789', '****6789')
    """
    name, _blank, number = account.rpartition(" ")
    return f"{first_words(name, letters)} {number}".strip()


def first_words(text: str, letters: int) -> str:
    """As many of the first words as have no more than so many letters together.

    A word is never cut: in the scripts of India half of a syllable would be left.
    """
    words = text.split()
    while words and len(" ".join(words)) > letters:
        words.pop()
    return " ".join(words)


def _masked_number(
    reference: Reference, address: str, strategy_id: int | None
) -> str | None:
    """The secret part of an address, masked; none when it has none to show."""
    rules = (rule for rule in reference.strategies if rule.id == strategy_id)
    rule = next(rules, None)
    if rule is None:
        return None
    try:
        parts = reference.read_address(address, rule.number).parts or {}
    except AddressError:
        return None
    for part in rule.parts:
        value = parts.get(part.name) if part.sensitive else None
        if value:
            return mask(EMAIL, value) if "@" in value else mask_number(value)
    return None

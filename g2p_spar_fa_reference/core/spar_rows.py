"""What a dump of an earlier SPAR becomes: rows of this registry's tables."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from .spar_tables import Problem, Row


class ProviderRow(NamedTuple):
    """A bank, wallet or other provider; ``kind`` is the code of its kind."""

    origin: Row
    code: str
    name: str
    kind: str
    mnemonic: str
    note: str
    active: bool


class BranchRow(NamedTuple):
    """A branch of the provider with the code ``provider``."""

    origin: Row
    provider: str
    code: str
    name: str
    mnemonic: str
    place: str
    active: bool


class FaTypeRow(NamedTuple):
    """An address type which the registry does not bring along."""

    origin: Row
    code: str
    name: str
    kind: str


class PartRow(NamedTuple):
    """A part which the templates of ``fa_type`` call ``name``.

    :param canonical: the name by which the registry may know it already; then
        ``name`` becomes another name of that part
    :param constant: for the source ``constant``: its value
    :param pattern: regular expression, empty for none
    """

    origin: Row
    fa_type: str
    name: str
    canonical: str
    label: str
    source: str
    constant: str
    pattern: str


class StrategyRow(NamedTuple):
    """A strategy with its number in the earlier product."""

    origin: Row
    number: int
    name: str
    fa_type: str
    template: str
    pattern: str
    active: bool


class IdTypeRow(NamedTuple):
    """A type of identifiers, known by its template."""

    origin: Row
    code: str
    name: str
    template: str
    active: bool


@dataclass(slots=True)
class Conversion:
    """Everything found in a dump.

    :ivar version: ``1.0``, ``1.1`` or ``2.x``; empty when it is none of them
    :ivar problems: nothing may be stored while there are any
    :ivar unused: names of files which hold no reference data
    """

    version: str = ""
    providers: list[ProviderRow] = field(default_factory=list)
    branches: list[BranchRow] = field(default_factory=list)
    fa_types: list[FaTypeRow] = field(default_factory=list)
    parts: list[PartRow] = field(default_factory=list)
    strategies: list[StrategyRow] = field(default_factory=list)
    id_types: list[IdTypeRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


#: Kind of provider for each address type which the registry brings along.
KIND_OF_TYPE = {
    "BANK_ACCOUNT": "bank",
    "MOBILE_WALLET": "mobile_wallet",
    "EMAIL_WALLET": "email_wallet",
    "VOUCHER": "voucher",
}
#: Kind of provider for an address type which it does not.
OTHER_KIND = "other"
#: Names of the parts of those types, by what the part is.
CANONICAL = {
    "BANK_ACCOUNT": {
        "provider": "bank_code",
        "branch": "branch_code",
        "typed": "account_number",
    },
    "MOBILE_WALLET": {"provider": "wallet_provider_code", "typed": "mobile_number"},
    "EMAIL_WALLET": {"provider": "wallet_provider_code", "typed": "email_address"},
    "VOUCHER": {"provider": "provider_code", "typed": "voucher_number"},
}
# Tried in this order on the names of typed parts.
_TYPE_HINTS = (
    ("BANK_ACCOUNT", re.compile("acc|iban")),
    ("VOUCHER", re.compile("voucher|coupon")),
    ("EMAIL_WALLET", re.compile("e_?mail")),
    ("MOBILE_WALLET", re.compile("phone|mobile|msisdn")),
)


def guess_fa_type(names) -> str | None:
    """Return the address type whose value stands under one of ``names``.

    >>> guess_fa_type(["wallet_provider_name", "email_address", "fa_type"])
    'EMAIL_WALLET'
    """
    candidates = [name for name in names if "provider" not in name]
    for code, hint in _TYPE_HINTS:
        if any(hint.search(name.lower()) for name in candidates):
            return code
    return None

"""The reference data as plain, immutable values.

A registry with ten million rows must not ask the database which strategy or
provider a string belongs to, one string at a time. These are the rows of the
reference tables as a pure function can use them: no record, no cursor.
"""

from dataclasses import dataclass
from typing import NamedTuple

from .strategy import CompiledStrategy

#: What a part takes its value from. The names come along with the codes: they are
#: filled in where a written form wants them.
SOURCES = (
    "provider",
    "provider_name",
    "branch",
    "branch_name",
    "typed",
    "constant",
)
#: Between the values a constant part accepts; the first of them is written.
CONSTANT_SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class PartRule:
    """One part of an address type.

    :ivar name: technical name, as in ``fa_parts`` and on the wire
    :ivar label: what a person calls it, such as "Account number"
    :ivar source: one of :data:`SOURCES`
    :ivar check: one of :data:`.checks.KINDS`
    :ivar pattern: for the check, see :func:`.checks.check_part`
    :ivar required: an address without it is refused
    :ivar constant: for the source ``constant``: accepted values, separated by
        ``|``, compared without regard to case; the first is written
    :ivar sensitive: masked wherever the whole is not needed
    :ivar aliases: other names of the part in templates and requests
    """

    name: str
    label: str
    source: str
    check: str = "none"
    pattern: str | None = None
    required: bool = False
    constant: str | None = None
    sensitive: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def constants(self) -> tuple[str, ...]:
        """Accepted values of a constant part, the written one first."""
        return tuple((self.constant or "").split(CONSTANT_SEPARATOR))


@dataclass(frozen=True, slots=True)
class FaTypeRule:
    """One type of financial address, such as a bank account.

    :ivar code: ``BANK_ACCOUNT``; ``aliases`` are the codes of other dialects
    :ivar parts: all parts, in the order in which a person is asked
    :ivar require_known_provider: an address with another provider is refused
    """

    id: int
    code: str
    name: str
    kind_code: str | None = None
    require_known_provider: bool = False
    parts: tuple[PartRule, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StrategyRule:
    """One written form of an address type.

    :ivar id: database id
    :ivar number: the ``strategy_id`` of the wire
    :ivar parts: the parts of the address type
    :ivar answers_only: it writes addresses for others and reads or stores none
    :ivar answer_check: what an address written for others must be, one of
        :data:`.checks.KINDS`
    """

    id: int
    number: int
    name: str
    fa_type_id: int
    fa_type_code: str
    compiled: CompiledStrategy
    parts: tuple[PartRule, ...]
    answers_only: bool = False
    answer_check: str = "none"


@dataclass(frozen=True, slots=True)
class ProviderRule:
    """One financial service provider. Branches are too many to be kept here."""

    id: int
    code: str
    name: str
    kind_code: str | None = None


@dataclass(frozen=True, slots=True)
class IdTypeRule:
    """One type of identifier, recognised by what stands around the value.

    :ivar prefix_type: what stands before the colon (``token``), None for any
    :ivar provider: what stands behind the at sign (``nationalId``), None for any
    :ivar case_significant: the value keeps its case in the key
    :ivar keyed_hash: only a keyed hash and a masked form may be stored
    :ivar pattern: regular expression which must fit the whole value
    """

    id: int
    code: str
    prefix_type: str | None = None
    provider: str | None = None
    case_significant: bool = False
    keyed_hash: bool = False
    pattern: str | None = None


class ParsedAddress(NamedTuple):
    """What the reference data know of one address.

    :param fa_value: the address as it is stored and sent
    :param fa_key: normal form, by which equal addresses are found
    :param strategy_id: the strategy which reads it, None for an opaque address
    :param strategy_number: its number on the wire
    :param fa_type_id: its type
    :param provider_id: its provider, None when unknown
    :param branch_code: code of its branch as written, None without a branch
    :param parts: named parts, None for an opaque address
    """

    fa_value: str
    fa_key: str
    strategy_id: int | None = None
    strategy_number: int | None = None
    fa_type_id: int | None = None
    provider_id: int | None = None
    branch_code: str | None = None
    parts: dict[str, str] | None = None


class ParsedId(NamedTuple):
    """What the reference data know of one identifier.

    :param id_key: the key by which its mapping is found
    :param id_type_id: its type
    :param stored_value: what may be stored: as given, or masked
    """

    id_key: str
    id_type_id: int
    stored_value: str

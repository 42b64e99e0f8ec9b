"""The reference data as one value: what an address or identifier means.

:class:`Reference` answers from memory and never changes. The mapper plans whole
batches with it; the portal and staff forms build addresses with it.

Rules for reading an address:

1. It has 1 to 500 characters, all of which can be seen.
2. A strategy *fits* when its form fits the whole text and its constant parts have
   their values. The strategy the sender names is tried first, then all others in
   their order.
3. The typed parts of the first that fits are checked; a failure refuses the
   address instead of trying further, because a bad account number is not another
   kind of address.
4. An address which none fits is opaque, and accepted: the specification allows
   any string, and institutions may be all an address says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .address import check_text, normalize
from .checks import make_checker
from .errors import (
    AddressError,
    InvalidFormat,
    InvalidPart,
    MissingPart,
    UnknownProvider,
    UnknownType,
)
from .mask import mask_id
from .reader import StrategyReader, check_parts, index_readers, name_of_source
from .rules import (
    FaTypeRule,
    IdTypeRule,
    ParsedAddress,
    ParsedId,
    PartRule,
    ProviderRule,
    StrategyRule,
)
from .seal import keyed_hash

__all__ = [
    "FaTypeRule",
    "IdTypeRule",
    "ParsedAddress",
    "ParsedId",
    "PartRule",
    "ProviderRule",
    "Reference",
    "StrategyRule",
]

MAX_ADDRESS = 500
MAX_ID = 255
#: How many pairs of type and provider are remembered; beyond, nothing breaks.
MAX_FRAMES = 1000
#: Code of the identifier type which takes what no other type recognises.
DEFAULT_ID_TYPE = "other"
_NO_PROVIDER = ("", "")


@dataclass(frozen=True, slots=True)
class Reference:
    """All reference data of one moment.

    :param strategies: active strategies, in the order in which they are tried
    :param providers_by_code: active providers, by casefolded code
    :param id_types: active identifier types, the default one among them
    :param fa_types_by_code: active address types, by casefolded code and alias
    :param archived_providers: providers no new address may use, whose names older
        addresses still need
    """

    strategies: tuple[StrategyRule, ...] = ()
    providers_by_code: Mapping[str, ProviderRule] = field(default_factory=dict)
    id_types: tuple[IdTypeRule, ...] = ()
    fa_types_by_code: Mapping[str, FaTypeRule] = field(default_factory=dict)
    archived_providers: tuple[ProviderRule, ...] = ()
    _readers: dict[int, StrategyReader] = field(init=False, repr=False, compare=False)
    _by_head: dict[str, tuple[StrategyReader, ...]] = field(
        init=False, repr=False, compare=False
    )
    _fa_types: dict[int, FaTypeRule] = field(init=False, repr=False, compare=False)
    _info: dict[int, tuple[str, str]] = field(init=False, repr=False, compare=False)
    _id_types: dict[Any, IdTypeRule] = field(init=False, repr=False, compare=False)
    _frames: dict[tuple[str, str], tuple[int, str, str, bool]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self):
        providers = (*self.providers_by_code.values(), *self.archived_providers)
        readers = {rule.number: StrategyReader(rule) for rule in self.strategies}
        derived = {
            "_readers": readers,
            "_by_head": index_readers(readers.values()),
            "_fa_types": {rule.id: rule for rule in self.fa_types_by_code.values()},
            "_info": {rule.id: (rule.name, rule.code) for rule in providers},
            "_id_types": _index_id_types(self.id_types),
            "_frames": {},
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    # === ADDRESSES === #

    def read_address(
        self, text: str, strategy_number: int | None = None
    ) -> ParsedAddress:
        """Say what the address ``text`` is.

        :param text: 1 to 500 characters
        :param strategy_number: the strategy the sender names; a hint
        :raise InvalidFormat, TooLong: the text cannot be an address
        :raise MissingPart, InvalidPart: a part of it is refused
        :raise UnknownProvider: its type demands a known provider
        """
        check_text(text, MAX_ADDRESS)
        hinted = self._readers.get(strategy_number) if strategy_number else None
        if hinted and hinted.rule.answers_only:
            hinted = None
        parts = hinted.read(text) if hinted else None
        if parts is not None:
            return self._parsed(hinted, text, parts)
        head = text[: text.find(":") + 1].lower()
        for reader in self._by_head.get(head, self._by_head[""]):
            if reader is not hinted and (parts := reader.read(text)) is not None:
                return self._parsed(reader, text, parts)
        _check_end(text)
        return ParsedAddress(
            text, normalize(text), provider_id=self._opaque_provider(text)
        )

    def build_address(
        self,
        parts: Mapping[str, str],
        fa_type_code: str | None = None,
        strategy_number: int | None = None,
    ) -> ParsedAddress:
        """Write the address made of named ``parts``.

        :param parts: values by part name or alias; empty ones are ignored
        :param fa_type_code: code or alias of the address type; it wins over a
            strategy of another type, because clients keep numbers of other
            installations
        :param strategy_number: the strategy to write with
        :return: the address; its ``parts`` are in normal form and complete, also
            with those which the written form leaves out
        :raise UnknownType: no strategy for the type or for these parts
        :raise MissingPart, InvalidPart, UnknownProvider, AmbiguousPart: refused
        """
        reader, checked = self._choose(parts, fa_type_code, strategy_number)
        self._fill(reader.rule.parts, checked)
        text = check_text(reader.write(checked), MAX_ADDRESS)
        return self._parsed(reader, text, checked)

    def render(self, parts: Mapping[str, str], strategy_number: int) -> str:
        """Write ``parts`` in the form of another strategy.

        Parts the form wants and ``parts`` lacks are written empty, unless their
        type requires them: an address without an account number must not exist.

        :param parts: as in :attr:`ParsedAddress.parts`
        :raise UnknownType: there is no active strategy of this number
        :raise MissingPart: the form belongs to another type of address
        :raise AmbiguousPart, InvalidPart: the form cannot carry these values
        """
        return self.show(parts, strategy_number)[0]

    def show(
        self, parts: Mapping[str, str] | None, strategy_number: int, text: str = ""
    ) -> tuple[str, dict[str, str]]:
        """Write an address for somebody who is to see it in one form only.

        :param parts: see :meth:`render`; none for an opaque address
        :param text: the address as it is stored
        :return: the address in that form, and the parts that it tells
        :raise UnknownType, MissingPart, AmbiguousPart: see :meth:`render`
        :raise InvalidPart: it is not what the form promises, such as an IBAN
        """
        reader = self._readers.get(strategy_number)
        if reader is None:
            raise UnknownType(
                "No active strategy has the number %(number)s.", number=strategy_number
            )
        if parts is None:
            return reader.show_opaque(text)
        reader.check_complete(parts)
        filled = dict(parts)
        self._fill(reader.rule.parts, filled)
        return reader.show(filled)

    def provider_info(self, provider_id: int | None) -> tuple[str, str]:
        """Return name and code of a provider, also of an archived one.

        :return: two empty strings when there is no such provider
        """
        return self._info.get(provider_id, _NO_PROVIDER)

    def _parsed(
        self, reader: StrategyReader, text: str, parts: dict[str, str]
    ) -> ParsedAddress:
        """Complete what a strategy has read or written."""
        rule = reader.rule
        code = parts.get(reader.provider) if reader.provider else None
        provider = self.providers_by_code.get(code.casefold()) if code else None
        if code and provider is None and self._demands_provider(rule.fa_type_id):
            raise UnknownProvider("The provider of this address is not known here.")
        return ParsedAddress(
            text,
            normalize(text),
            rule.id,
            rule.number,
            rule.fa_type_id,
            provider.id if provider else None,
            (parts.get(reader.branch) or None) if reader.branch else None,
            parts,
        )

    def _demands_provider(self, fa_type_id: int) -> bool:
        fa_type = self._fa_types.get(fa_type_id)
        return fa_type is not None and fa_type.require_known_provider

    def _opaque_provider(self, text: str) -> int | None:
        """Find the provider of an opaque address behind its last at sign."""
        _left, at, tail = normalize(text).rpartition("@")
        if not at:
            return None
        for code in (tail, *tail.split(".")):
            if provider := self.providers_by_code.get(code):
                return provider.id
        return None

    def _choose(
        self,
        parts: Mapping[str, str],
        fa_type_code: str | None,
        strategy_number: int | None,
    ) -> tuple[StrategyReader, dict[str, str]]:
        """Pick the strategy to write with; return it with the checked parts."""
        candidates = self._candidates(fa_type_code, strategy_number)
        refusal: AddressError = UnknownType(
            "No active strategy can write an address of this type."
        )
        for reader in candidates:
            try:
                checked = check_parts(reader.rule.parts, parts)
                reader.check_complete(checked)
            except (InvalidPart, MissingPart) as error:
                refusal = error
            else:
                return reader, checked
        raise refusal

    def _candidates(
        self, fa_type_code: str | None, strategy_number: int | None
    ) -> list[StrategyReader]:
        """Return the strategies which the caller allows, the wanted one alone."""
        readers = [one for one in self._readers.values() if not one.rule.answers_only]
        if fa_type_code:
            fa_type = self.fa_types_by_code.get(fa_type_code.casefold())
            if fa_type is None:
                raise UnknownType("There is no address type of this code.")
            readers = [one for one in readers if one.rule.fa_type_id == fa_type.id]
        wanted = [one for one in readers if one.rule.number == strategy_number]
        return wanted or readers

    def _fill(self, rules: tuple[PartRule, ...], parts: dict[str, str]) -> None:
        """Add the name of the provider where its code is given, and constants."""
        code = parts.get(name_of_source(rules, "provider") or "")
        provider = self.providers_by_code.get(code.casefold()) if code else None
        for rule in rules:
            if parts.get(rule.name):
                continue
            if rule.source == "constant":
                parts[rule.name] = rule.constants[0]
            elif rule.source == "provider_name" and provider:
                parts[rule.name] = provider.name

    # === IDENTIFIERS === #

    def read_id(self, text: str) -> ParsedId:
        """Say by which key the identifier ``text`` is found.

        :param text: 1 to 255 characters
        :raise InvalidFormat, TooLong: the text cannot be an identifier
        :raise UnknownType: no active identifier type takes it
        """
        check_text(text, MAX_ID)
        left, _at, provider = text.rpartition("@")
        prefix, _colon, value = left.partition(":")
        frame = self._frames.get((prefix, provider))
        if frame is None or not value or not text.isascii():
            return self._read_new_id(text)
        type_id, head, tail, case_significant = frame
        if not case_significant:
            value = value.lower()
        return ParsedId(head + value + tail, type_id, text)

    def _read_new_id(self, text: str) -> ParsedId:
        """Read an identifier by all rules, and remember what stands around it."""
        _check_end(text)
        rule, value = self._id_type(text)
        if rule.pattern:
            _check_id_value(rule, value)
        key = normalize(text, rule.case_significant)
        if rule.keyed_hash:
            key = f"h:{rule.code}:{keyed_hash(key, 'id')}"
            return ParsedId(key, rule.id, mask_id(text))
        if not rule.pattern:
            self._remember_frame(text, value, rule)
        return ParsedId(key, rule.id, text)

    def _remember_frame(self, text: str, value: str, rule: IdTypeRule) -> None:
        """Remember the normal form of a type and provider, as they were written.

        A registry sees ten million values between the same few types and
        providers; only a type without hash and pattern is remembered.
        """
        prefix, colon, rest = text.partition(":")
        provider = rest[len(value) + 1 :]
        if (
            text.isascii()
            and colon
            and value
            and rest == f"{value}@{provider}"
            and " " not in prefix + provider
            and len(self._frames) < MAX_FRAMES
        ):
            head, tail = f"{prefix.lower()}:", f"@{provider.lower()}"
            self._frames[prefix, provider] = (
                rule.id,
                head,
                tail,
                rule.case_significant,
            )

    def _id_type(self, text: str) -> tuple[IdTypeRule, str]:
        """Return the type of an identifier and its value."""
        if not text.isascii():
            text = normalize(text, case_significant=True)
        left, at, provider = text.strip().rpartition("@")
        if not at:
            left, provider = provider, ""
        prefix, colon, value = left.partition(":")
        if not colon:
            prefix, value = "", left
        prefix, provider = prefix.casefold(), provider.casefold()
        types = self._id_types
        for key in ((prefix, provider), (prefix, None), (None, provider), None):
            if (rule := types.get(key)) is not None:
                return rule, value
        raise UnknownType("No identifier type takes this identifier.")


def _check_end(text: str) -> None:
    """Refuse a text that announces a provider and names none: ``account:1@``.

    Partners with that right ask so for all that begin alike; nothing may be stored
    that could be mistaken for it.
    """
    if text.rstrip().endswith("@"):
        raise InvalidFormat("This ends where the provider should follow.")


def _index_id_types(rules: tuple[IdTypeRule, ...]) -> dict[Any, IdTypeRule]:
    """Return the types by (prefix, provider), None for any; the default by None."""
    index: dict[Any, IdTypeRule] = {}
    for rule in rules:
        prefix = rule.prefix_type.casefold() if rule.prefix_type else None
        provider = rule.provider.casefold() if rule.provider else None
        if rule.code == DEFAULT_ID_TYPE:
            index[None] = rule
        else:
            index.setdefault((prefix, provider), rule)
    return index


def _check_id_value(rule: IdTypeRule, value: str) -> None:
    """Refuse a value which does not have the form of its type."""
    try:
        make_checker("regex", rule.pattern)(value)
    except InvalidPart as error:
        raise InvalidFormat(
            "The identifier does not have the form of its type."
        ) from error

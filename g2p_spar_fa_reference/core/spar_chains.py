"""SPAR 1.0: chains of levels and values.

A level is a question, a value an answer chosen from a list. Each value says which
level is asked next, and one value of a chain stands for the provider, whose
strategy writes the address. Levels with a negative number are typed::

    type = bank_acc  ->  bank = dfsp1 [provider]  ->  branch = indigo  ->  account_no

So the place of a level relative to the provider says what its part is: before it,
always the same; at it, the provider; behind it, the branch and what is typed.
"""

from dataclasses import dataclass, field

from .spar_rows import (
    CANONICAL,
    KIND_OF_TYPE,
    OTHER_KIND,
    BranchRow,
    Conversion,
    FaTypeRow,
    PartRow,
    ProviderRow,
    StrategyRow,
    guess_fa_type,
)
from .spar_tables import Row, TableSet
from .strategy import CompiledStrategy


@dataclass(slots=True)
class _Level:
    """One question, with what the chains say it is."""

    row: Row
    code: str
    name: str
    typed: bool
    pattern: str


@dataclass(slots=True)
class _Value:
    """One answer."""

    row: Row
    code: str
    name: str
    level: _Level
    parent_id: int | None
    next_level: _Level | None
    provider_id: int | None
    active: bool


@dataclass(slots=True)
class _Roles:
    """What each level is for one strategy.

    :ivar roles: role by code of the level
    :ivar constants: value by code of the level, where the role is ``constant``
    :ivar name: name of the first answer in the chains
    """

    roles: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    name: str = ""


class Chains:
    """The levels and values of one dump."""

    def __init__(self, tables: TableSet):
        self.tables = tables
        self.levels = {
            key: self._level(row) for key, row in tables.by_id("dfsp_levels").items()
        }
        self.providers = tables.by_id("dfsp_providers")
        self.values: dict[int, _Value] = {}
        for key, row in tables.by_id("dfsp_level_values").items():
            if value := self._value(row):
                self.values[key] = value
        self.children: dict[int | None, list[int]] = {}
        for key, value in self.values.items():
            self.children.setdefault(value.parent_id, []).append(key)
        self._report_lost_parents()

    def _level(self, row: Row) -> _Level:
        number = self.tables.integer(row, "level")
        return _Level(
            row,
            self.tables.code(row, "code"),
            self.tables.text(row, "name"),
            number is not None and number < 0,
            self.tables.text(row, "validation_regex", required=False),
        )

    def _value(self, row: Row) -> _Value | None:
        tables = self.tables
        level = self._find(row, "level_id", self.levels, required=True)
        value = _Value(
            row,
            tables.code(row, "code"),
            tables.text(row, "name"),
            level,
            tables.integer(row, "parent_id", required=False),
            self._find(row, "next_level_id", self.levels),
            tables.integer(row, "dfsp_provider_id", required=False),
            tables.active(row),
        )
        self._find(row, "dfsp_provider_id", self.providers)
        return value if level else None

    def _find(self, row: Row, column: str, among: dict, required: bool = False):
        """Return what a reference points to; report one that points nowhere."""
        key = self.tables.integer(row, column, required)
        found = among.get(key)
        if key is not None and found is None:
            self.tables.report(row, column, "There is no row with this id.")
        return found

    def _report_lost_parents(self) -> None:
        for value in self.values.values():
            if value.parent_id is not None and value.parent_id not in self.values:
                self.tables.report(
                    value.row, "parent_id", "There is no row with this id."
                )

    # === WALKING === #

    def roles_of(self, provider_ids: set[int]) -> _Roles:
        """Say what each level is in the chains through these providers."""
        found = _Roles()
        for key, value in self.values.items():
            if value.provider_id in provider_ids:
                self._walk(key, value, found)
        return found

    def _walk(self, key: int, value: _Value, found: _Roles) -> None:
        found.roles[value.level.code] = "provider"
        ancestors = self._ancestors(value)
        found.name = found.name or (ancestors or [value])[-1].name
        for ancestor in ancestors:
            found.roles.setdefault(ancestor.level.code, "constant")
            found.constants.setdefault(ancestor.level.code, ancestor.code)
        selects, typed = self._below(key, value)
        for level in typed:
            found.roles.setdefault(level.code, "typed")
        for level in selects:
            last = level is selects[-1]
            found.roles.setdefault(level.code, "branch" if last else "typed")

    def _ancestors(self, value: _Value) -> list[_Value]:
        """Return the values chosen before ``value``; a circle ends the way up."""
        found: list[_Value] = []
        parent = self.values.get(value.parent_id)
        while parent is not None and parent not in found:
            found.append(parent)
            parent = self.values.get(parent.parent_id)
        return found

    def _below(self, key: int, value: _Value) -> tuple[list[_Level], list[_Level]]:
        """Return the levels asked after ``value``: chosen ones, typed ones."""
        selects: list[_Level] = []
        typed: list[_Level] = []
        seen = {key}
        frontier = {key: value}
        while frontier:
            for level in (one.next_level for one in frontier.values()):
                known = typed if level and level.typed else selects
                if level and level not in known:
                    known.append(level)
            frontier = {
                child: self.values[child]
                for parent in frontier
                for child in self.children.get(parent, ())
                if child not in seen
            }
            seen |= frontier.keys()
        return selects, typed

    # === ROWS === #

    def provider_of(self, value: _Value) -> Row | None:
        """Return the provider above a value, None when there is none."""
        for ancestor in self._ancestors(value):
            if ancestor.provider_id is not None:
                return self.providers.get(ancestor.provider_id)
        return None

    def branches(self, result: Conversion) -> None:
        """Add the values below providers as branches."""
        for key, value in self.values.items():
            provider = self.provider_of(value)
            if (
                provider is None
                or value.provider_id is not None
                or key in self.children
            ):
                continue
            result.branches.append(
                BranchRow(
                    value.row,
                    provider.cells.get("code", ""),
                    value.code,
                    value.name,
                    "",
                    "",
                    value.active,
                )
            )


def convert_chains(
    tables: TableSet,
    result: Conversion,
    strategies: dict[int, tuple[Row, CompiledStrategy]],
) -> None:
    """Turn providers, levels and values into rows of the registry.

    :param strategies: the address strategies of the dump, by number
    """
    chains = Chains(tables)
    by_strategy: dict[int, set[int]] = {}
    for key, row in chains.providers.items():
        number = tables.integer(row, "strategy_id")
        if number is not None and number not in strategies:
            tables.report(row, "strategy_id", "There is no row with this id.")
        by_strategy.setdefault(number, set()).add(key)
    taken: dict[str, dict[str, str]] = {}
    kinds = {
        number: _convert_strategy(
            chains, result, taken, number, entry, by_strategy.get(number, set())
        )
        for number, entry in strategies.items()
    }
    for row in chains.providers.values():
        kind = kinds.get(tables.integer(row, "strategy_id"), OTHER_KIND)
        result.providers.append(read_provider(tables, row, kind))
    chains.branches(result)


def read_provider(tables: TableSet, row: Row, kind: str) -> ProviderRow:
    """Read a provider as SPAR 1.0 and 1.1 keep it.

    :param kind: code of the kind of provider, told by the rows around it
    """
    return ProviderRow(
        row,
        tables.code(row, "code"),
        tables.text(row, "name"),
        kind,
        "",
        tables.text(row, "description", required=False),
        tables.active(row),
    )


def _convert_strategy(
    chains: Chains,
    result: Conversion,
    taken: dict[str, dict[str, str]],
    number: int,
    entry: tuple[Row, CompiledStrategy],
    provider_ids: set[int],
) -> str:
    """Add one strategy and its parts; return the kind of its providers.

    :param taken: constants which each address type has so far
    """
    row, compiled = entry
    found = chains.roles_of(provider_ids)
    names = compiled.part_names
    typed = [name for name in names if found.roles.get(name, "typed") == "typed"]
    code = guess_fa_type(typed) or _own_code(found, number)
    if taken.setdefault(code, found.constants) != found.constants:
        code = _own_code(found, number)
        taken[code] = found.constants
    kind = KIND_OF_TYPE.get(code, OTHER_KIND)
    labels = {level.code: level for level in chains.levels.values()}
    if code not in KIND_OF_TYPE:
        result.fa_types.append(FaTypeRow(row, code, code.title(), kind))
    result.parts.extend(
        _part(row, code, name, found, labels.get(name), name == typed[0])
        if typed
        else _part(row, code, name, found, labels.get(name), False)
        for name in names
    )
    result.strategies.append(
        StrategyRow(
            row,
            number,
            found.name or compiled.template,
            code,
            compiled.template,
            chains.tables.text(row, "deconstruct_strategy", required=False),
            chains.tables.active(row),
        )
    )
    return kind


def _own_code(found: _Roles, number: int) -> str:
    """Return a code for a type of its own: that of the first value of its chain."""
    for value in found.constants.values():
        return value.upper()
    return f"TYPE_{number}"


def _part(
    row: Row, fa_type: str, name: str, found: _Roles, level: _Level | None, main: bool
) -> PartRow:
    """Describe one part of a template.

    :param main: whether this is the typed part which gives the type its meaning
    """
    role = found.roles.get(name, "typed")
    known = CANONICAL.get(fa_type, {})
    canonical = known.get(role, name) if role != "typed" or main else name
    return PartRow(
        row,
        fa_type,
        name,
        canonical,
        level.name if level else name,
        role,
        found.constants.get(name, "") if role == "constant" else "",
        level.pattern if level else "",
    )

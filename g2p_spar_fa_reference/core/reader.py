"""One strategy with everything about it worked out in advance.

An address is read millions of times between two changes of the reference data,
so each question that depends on the rules alone is answered once, here.
"""

from collections.abc import Callable, Mapping

from .checks import make_checker
from .errors import InvalidPart, MissingPart
from .rules import PartRule, StrategyRule


class StrategyReader:
    """Reads and writes the addresses of one strategy, in canonical part names.

    Templates of several product generations call one part by several names
    (``account_no``, ``account_number``). Inside, each part has the one name of
    its rule.
    """

    __slots__ = (
        "_by_template",
        "_checkers",
        "_constants",
        "_deconstruct",
        "_renamed",
        "_required",
        "branch",
        "provider",
        "rule",
    )

    def __init__(self, rule: StrategyRule):
        by_name = names_of(rule.parts)
        self.rule = rule
        self._by_template = {
            name: by_name[name.casefold()]
            for name in rule.compiled.part_names
            if name.casefold() in by_name
        }
        used = self._by_template.values()
        self._deconstruct = rule.compiled.deconstruct
        self._renamed = any(name != part.name for name, part in self._items())
        self._constants = tuple(
            (name, frozenset(value.casefold() for value in part.constants))
            for name, part in self._items()
            if part.source == "constant"
        )
        self._required = tuple(
            (part.name, part.label) for part in used if part.required
        )
        self._checkers = tuple(
            (part.name, checker) for part in used if (checker := checker_of(part))
        )
        self.provider = name_of_source(used, "provider")
        self.branch = name_of_source(used, "branch")

    def _items(self):
        return self._by_template.items()

    def read(self, text: str) -> dict[str, str] | None:
        """Return the parts of ``text`` by canonical name, None if it does not fit.

        :raise MissingPart: the form fits, but a required part is empty
        :raise InvalidPart: the form fits, but a typed part fails its check
        """
        parts = self._deconstruct(text)
        if parts is None:
            return None
        for name, accepted in self._constants:
            if parts[name].casefold() not in accepted:
                return None
        if self._renamed:
            parts = self.canonical(parts)
        for name, label in self._required:
            if not parts[name]:
                raise MissingPart("The %(part)s is missing.", part=label)
        for name, checker in self._checkers:
            if parts[name]:
                checker(parts[name])
        return parts

    def canonical(self, parts: Mapping[str, str]) -> dict[str, str]:
        """Rename parts of the template to the names of their rules."""
        known = self._by_template
        return {
            known[name].name if name in known else name: value
            for name, value in parts.items()
        }

    def write(self, parts: Mapping[str, str]) -> str:
        """Write canonical ``parts`` in the form of this strategy.

        Absent parts are written empty, constants as their rule says.

        :raise AmbiguousPart: the result could not be read back
        """
        return self.rule.compiled.construct(
            {name: self._value(name, parts) for name in self.rule.compiled.part_names}
        )

    def _value(self, name: str, parts: Mapping[str, str]) -> str:
        part = self._by_template.get(name)
        if part is None:
            return parts.get(name) or ""
        if part.source == "constant":
            return part.constants[0]
        return parts.get(part.name) or ""

    def lacks(self, parts: Mapping[str, str]) -> list[str]:
        """Return the labels of required parts which ``parts`` does not give."""
        return [label for name, label in self._required if not parts.get(name)]


def names_of(parts: tuple[PartRule, ...]) -> dict[str, PartRule]:
    """Return the rules by each of their names, casefolded."""
    return {
        name.casefold(): part for part in parts for name in (part.name, *part.aliases)
    }


def name_of_source(parts, source: str) -> str | None:
    """Return the name of the part which takes its value from ``source``."""
    return next((part.name for part in parts if part.source == source), None)


def checker_of(part: PartRule) -> Callable[[str], str] | None:
    """Return the check of a part, None when there is nothing to check."""
    if part.source == "constant" or part.check == "none":
        return None
    return make_checker(part.check, part.pattern, part.label.lower())


def check_parts(
    rules: tuple[PartRule, ...], given: Mapping[str, str]
) -> dict[str, str]:
    """Return ``given`` by canonical name, each part in its normal form.

    Empty parts are dropped: clients send every key they know.

    :raise InvalidPart: a name which the type does not have, or a failed check
    """
    by_name = names_of(rules)
    checked = {}
    for name, value in given.items():
        if value is None or value == "":
            continue
        if not isinstance(value, str):
            raise InvalidPart("The %(part)s must be a text.", part=name)
        rule = by_name.get(name.casefold())
        if rule is None:
            raise InvalidPart("This type has no part named %(part)s.", part=name)
        checker = checker_of(rule)
        checked[rule.name] = checker(value) if checker else value.strip()
        _check_constant(rule, checked)
    return checked


def _check_constant(rule: PartRule, checked: dict[str, str]) -> None:
    """Refuse another value than a constant part has, and write it as the rule does."""
    if rule.source != "constant":
        return
    accepted = [value.casefold() for value in rule.constants]
    if checked[rule.name].casefold() not in accepted:
        raise InvalidPart("The %(part)s has another value.", part=rule.label.lower())
    checked[rule.name] = rule.constants[0]

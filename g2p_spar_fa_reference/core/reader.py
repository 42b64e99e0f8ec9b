"""One strategy with everything about it worked out in advance.

An address is read millions of times between two changes of the reference data,
so each question that depends on the rules alone is answered once, here.
"""

from collections.abc import Callable, Collection, Mapping

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
        "_answer_check",
        "_constants",
        "_demands",
        "_names",
        "_required",
        "_rules",
        "_split",
        "branch",
        "provider",
        "rule",
    )

    def __init__(self, rule: StrategyRule):
        by_name = names_of(rule.parts)
        names = rule.compiled.part_names
        self.rule = rule
        self._split = rule.compiled.split
        self._rules = [by_name.get(name.casefold()) for name in names]
        self._names = [
            part.name if part else name
            for name, part in zip(names, self._rules, strict=True)
        ]
        known = [(index, part) for index, part in enumerate(self._rules) if part]
        self._constants = [
            (index, frozenset(value.casefold() for value in part.constants))
            for index, part in known
            if part.source == "constant"
        ]
        self._required = [part for _index, part in known if part.required]
        self._demands = [
            (index, part, check)
            for index, part in known
            if (check := checker_of(part)) or part.required
        ]
        self._answer_check = None
        if rule.answer_check != "none":
            self._answer_check = make_checker(rule.answer_check, part="address")
        used = [part for _index, part in known]
        self.provider = name_of_source(used, "provider")
        self.branch = name_of_source(used, "branch")

    def read(self, text: str) -> dict[str, str] | None:
        """Return the parts of ``text`` by canonical name, None if it does not fit.

        :raise MissingPart: the form fits, but a required part is empty
        :raise InvalidPart: the form fits, but a typed part fails its check
        """
        values = self._split(text)
        if values is None:
            return None
        for index, accepted in self._constants:
            value = values[index]
            if value not in accepted and value.casefold() not in accepted:
                return None
        for index, part, check in self._demands:
            if not values[index]:
                if part.required:
                    raise _missing(part)
            elif check:
                check(values[index])
        return dict(zip(self._names, values, strict=True))

    def write(self, parts: Mapping[str, str]) -> str:
        """Write canonical ``parts`` in the form of this strategy.

        Absent parts are written empty, constants as their rule says.

        :raise AmbiguousPart: the result could not be read back
        """
        names = self.rule.compiled.part_names
        return self.rule.compiled.construct(
            {name: self._value(index, parts) for index, name in enumerate(names)}
        )

    def show(self, parts: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """Write canonical ``parts`` for somebody who wants this form.

        :return: the address, and the parts that it tells, no other ones
        :raise AmbiguousPart: the result could not be read back
        :raise InvalidPart: it is not what this form promises, such as an IBAN
        """
        text = self.write(parts)
        if self._answer_check:
            text = self._answer_check(text)
            if len(self._names) == 1:
                return text, {self._names[0]: text}
        told = {
            name: self._value(place, parts) for place, name in enumerate(self._names)
        }
        return text, told

    def show_opaque(self, text: str) -> tuple[str, dict[str, str]]:
        """Say an address which no strategy reads, where it is what this form promises.

        :raise InvalidPart: it is not, or this form promises nothing in particular
        """
        if not self._answer_check or len(self._names) != 1:
            raise InvalidPart(
                "The %(part)s does not have the expected form.", part="address"
            )
        text = self._answer_check(text)
        return text, {self._names[0]: text}

    def _value(self, index: int, parts: Mapping[str, str]) -> str:
        rule = self._rules[index]
        if rule is not None and rule.source == "constant":
            return rule.constants[0]
        return parts.get(self._names[index]) or ""

    def check_complete(self, parts: Mapping[str, str]) -> None:
        """Refuse ``parts`` when one is absent which this form must carry.

        :raise MissingPart: names the first absent part
        """
        for part in self._required:
            if not parts.get(part.name):
                raise _missing(part)


def index_readers(
    readers: Collection[StrategyReader],
) -> dict[str, tuple[StrategyReader, ...]]:
    """Return, by the head of an address, the strategies that may fit it, in order.

    The empty head stands for all others. Most strategies are told apart by their
    first word, so that an address is not tried with each of them.
    """
    readers = [reader for reader in readers if not reader.rule.answers_only]
    heads = {reader.rule.compiled.head for reader in readers} | {""}
    return {
        head: tuple(r for r in readers if r.rule.compiled.head in (head, ""))
        for head in heads
    }


def _missing(part: PartRule) -> MissingPart:
    return MissingPart("The %(part)s is missing.", part=part.label.lower())


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

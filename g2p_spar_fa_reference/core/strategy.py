"""Strategies: one template turns named parts into an address, and back.

A template is literal text with parts in braces::

    account:{account_number}@{branch_code}.{bank_code}.bank

Reading derives from writing, so the two cannot disagree. An address is read from
right to left: each literal is looked for at its last place. That is linear in
the length of the text, and it is what the greedy patterns of earlier SPAR
versions do, with two consequences worth knowing: the first part may contain
separators (an e-mail address has dots), the later ones may not. A value which
would come back differently is refused when it is written.

>>> strategy = compile_strategy("email:{email}.{type}")
>>> strategy.construct({"email": "a.b@c.org", "type": "mpesa"})
'email:a.b@c.org.mpesa'
>>> strategy.deconstruct("email:a.b@c.org.mpesa")
{'email': 'a.b@c.org', 'type': 'mpesa'}
"""

import re
from collections.abc import Mapping

from .errors import AmbiguousPart, MissingPart, StrategyError
from .pattern import MAX_INPUT, compile_safe

MAX_TEMPLATE = 500

_PIECE = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
# Values for which a hand-written pattern must give back what was written: one of
# each kind found in real addresses, and the empty one of optional parts.
_SAMPLES = ("1234567890", "Ab12", "x")
# Values in which patterns and templates could differ.
_ODD_SAMPLES = ("", "a.b", "a@b", "a:b", "a.b@c.d", "a b", "A-b_c")


class CompiledStrategy:
    """A template ready for use in both directions.

    Instances are immutable and may be shared between threads.

    :ivar str template: the template as written
    :ivar part_names: names of the parts, in the order of the template
    """

    __slots__ = ("_lead", "_steps", "_tail", "part_names", "template")

    def __init__(self, template: str, names: tuple[str, ...], literals: list[str]):
        self.template = template
        self.part_names = names
        self._lead = literals[0].lower()
        self._tail = literals[-1].lower()
        # From right to left: (literal before the part, its length, the part).
        self._steps = tuple(
            (literals[index].lower(), len(literals[index]), index)
            for index in range(len(names) - 1, 0, -1)
        )

    def construct(self, parts: Mapping[str, str]) -> str:
        """Write the address made of ``parts``.

        :param parts: at least a value, possibly empty, for each part name
        :raise MissingPart: a part of the template has no value
        :raise AmbiguousPart: reading the result would give other parts
        """
        text = self.fill(parts)
        if self.deconstruct(text) != {name: parts[name] for name in self.part_names}:
            raise AmbiguousPart(
                "A value contains separators of the address form, so the address "
                "could not be read back."
            )
        return text

    def fill(self, parts: Mapping[str, str]) -> str:
        """Put ``parts`` into the template without looking at the result."""
        missing = [name for name in self.part_names if name not in parts]
        if missing:
            raise MissingPart("The %(part)s is missing.", part=missing[0])
        return _PIECE.sub(lambda match: parts[match[1]], self.template)

    @property
    def head(self) -> str:
        """What every address of this form begins with, up to the first colon.

        In small letters; empty when the form does not begin so.
        """
        return self._lead[: self._lead.find(":") + 1]

    def deconstruct(self, text: str) -> dict[str, str] | None:
        """Read the parts of ``text``; None when it does not have this form."""
        values = self.split(text)
        if values is None:
            return None
        return dict(zip(self.part_names, values, strict=True))

    def split(self, text: str) -> list[str] | None:
        """Return the values of the parts in the order of the template.

        Literals are compared without regard to case, values keep theirs.
        """
        low = text.lower()
        end = len(text)
        if not low.startswith(self._lead) or end > MAX_INPUT:
            return None
        if self._tail:
            if not low.endswith(self._tail):
                return None
            end -= len(self._tail)
        if len(low) != len(text):
            # A letter whose small form is two letters: positions would shift.
            low = text
        values = [""] * len(self.part_names)
        for literal, length, index in self._steps:
            at = low.rfind(literal, 0, end)
            if at < 0:
                return None
            values[index] = text[at + length : end]
            end = at
        start = len(self._lead)
        values[0] = text[start:end]
        return values if start <= end else None


class PatternStrategy(CompiledStrategy):
    """A template whose reading is a hand-written regular expression."""

    __slots__ = ("_pattern",)
    #: The expression may read what the template would not write.
    head = ""

    def __init__(
        self,
        template: str,
        names: tuple[str, ...],
        literals: list[str],
        pattern: re.Pattern[str],
    ):
        super().__init__(template, names, literals)
        self._pattern = pattern

    def split(self, text: str) -> list[str] | None:
        """Return the values of the parts; the pattern must fit all of ``text``."""
        match = self._pattern.fullmatch(text) if len(text) <= MAX_INPUT else None
        if match is None:
            return None
        return [match[name] or "" for name in self.part_names]


def compile_strategy(template: str) -> CompiledStrategy:
    """Check ``template`` and derive its reader.

    :raise StrategyError: the template has no parts, unbalanced braces, a name
        twice, or two parts with nothing between them
    """
    names, literals = _split(template)
    return CompiledStrategy(template, names, literals)


def compile_pattern(template: str, pattern: str) -> PatternStrategy:
    """Pair ``template`` with a hand-written pattern and try the round trip.

    :param str pattern: a regular expression with one named group for each part
        of the template, as earlier SPAR versions keep in ``deconstruct_strategy``
    :raise StrategyError: the template or pattern is unusable, they name different
        parts, or sample values do not come back as they went in
    """
    names, literals = _split(template)
    regex = compile_safe(pattern)
    groups = set(regex.groupindex)
    if not set(names) <= groups:
        raise StrategyError(
            "The pattern has no group for the part %(part)s.",
            part=sorted(set(names) - groups)[0],
        )
    strategy = PatternStrategy(template, names, literals, regex)
    _try_samples(strategy)
    return strategy


def needs_pattern(template: str, pattern: str, fixed: Mapping[str, str]) -> bool:
    """Tell whether a hand-written pattern reads what the template alone would not.

    Reading by the template is faster and cannot be led astray, so a pattern which
    adds nothing is better left out.

    :param fixed: values of the parts which never have another one
    :raise StrategyError: the template or pattern is unusable
    """
    written = compile_pattern(template, pattern)
    derived = compile_strategy(template)
    usual = {name: fixed.get(name, "x") for name in derived.part_names}
    for name in usual.keys() - fixed.keys():
        for sample in _ODD_SAMPLES:
            parts = usual | {name: sample}
            text = written.fill(parts)
            if written.deconstruct(text) == parts != derived.deconstruct(text):
                return True
    return False


def _try_samples(strategy: PatternStrategy) -> None:
    """Write and read back sample values of several shapes."""
    for shift in range(len(_SAMPLES)):
        parts = {
            name: _SAMPLES[(index + shift) % len(_SAMPLES)]
            for index, name in enumerate(strategy.part_names)
        }
        if strategy.deconstruct(strategy.fill(parts)) != parts:
            raise StrategyError(
                "The pattern does not read back what the template writes."
            )


def _split(template: str) -> tuple[tuple[str, ...], list[str]]:
    """Return the names of the parts and the literals around them.

    There is one literal more than names: before the first part, between parts,
    behind the last one; the outer two may be empty.
    """
    if not template or len(template) > MAX_TEMPLATE or template != template.strip():
        raise StrategyError(
            "The template must have 1 to %(limit)s characters, and no blanks around.",
            limit=MAX_TEMPLATE,
        )
    if not (template.isascii() and template.isprintable()):
        raise StrategyError("The template must be written in ASCII characters.")
    pieces = _PIECE.split(template)
    literals, names = pieces[::2], tuple(pieces[1::2])
    if any("{" in literal or "}" in literal for literal in literals):
        raise StrategyError("The braces of the template do not balance.")
    _check_names(names)
    if "" in literals[1:-1]:
        raise StrategyError("Two parts of the template have nothing between them.")
    return names, literals


def _check_names(names: tuple[str, ...]) -> None:
    """Refuse a template without parts, with odd names or with one name twice."""
    if not names:
        raise StrategyError("The template has no part in braces.")
    for name in names:
        if not _NAME.fullmatch(name):
            raise StrategyError(
                "A part in braces must be named with letters, digits and underscores."
            )
    if len(set(names)) != len(names):
        raise StrategyError("The template names one part twice.")

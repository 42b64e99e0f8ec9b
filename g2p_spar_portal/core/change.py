"""The way through a change of account: which steps there are, and which is next.

Which steps a person is led through follows from the parts of the chosen type of
address, as the reference data have them; no kind of account is known here by name.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from odoo.addons.g2p_spar_fa_reference.core.reference import Reference
from odoo.addons.g2p_spar_fa_reference.core.rules import FaTypeRule, PartRule

_OF_PROVIDER = frozenset({"provider", "provider_name"})
_OF_BRANCH = frozenset({"branch", "branch_name"})


class Step(StrEnum):
    """A page of the way. The values are parts of addresses and last for ever."""

    PROVIDER = "provider"
    BRANCH = "branch"
    NUMBER = "number"
    REVIEW = "review"


class Named(NamedTuple):
    """A provider or branch that was chosen: its code and its name."""

    code: str
    name: str


class Choice(NamedTuple):
    """What a person has chosen and typed so far.

    :ivar has_branches: whether the chosen provider has branches to choose from
    :ivar typed: checked values of typed parts by part name; none: not typed yet
    """

    provider: Named | None = None
    branch: Named | None = None
    has_branches: bool = False
    typed: Mapping[str, str] | None = None

    def with_provider(self, provider: Named, has_branches: bool) -> "Choice":
        """Choose a provider; with another one, its branch and number are gone."""
        if self.provider and self.provider.code == provider.code:
            return self._replace(provider=provider, has_branches=has_branches)
        return Choice(provider, None, has_branches)

    def with_branch(self, branch: Named) -> "Choice":
        """Choose a branch. The number stays: banks keep it when one moves."""
        return self._replace(branch=branch)

    def with_typed(self, typed: Mapping[str, str]) -> "Choice":
        """Take over what was typed, all parts at once."""
        return self._replace(typed=dict(typed))

    def dump(self) -> dict[str, Any]:
        """Return plain data, for JSON."""
        return {
            "provider": self.provider and list(self.provider),
            "branch": self.branch and list(self.branch),
            "has_branches": self.has_branches,
            "typed": None if self.typed is None else dict(self.typed),
        }

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> "Choice":
        """Return what :meth:`dump` made data of."""
        return cls(
            Named(*data["provider"]) if data["provider"] else None,
            Named(*data["branch"]) if data["branch"] else None,
            data["has_branches"],
            data["typed"],
        )


def steps_of(fa_type: FaTypeRule, has_branches: bool) -> tuple[Step, ...]:
    """Return the pages for a type of address, in order.

    :param has_branches: whether the chosen provider has any; of one that has none,
        nobody can choose one
    """
    sources = {part.source for part in fa_type.parts}
    wanted = {
        Step.PROVIDER: bool(sources & (_OF_PROVIDER | _OF_BRANCH)),
        Step.BRANCH: has_branches and bool(sources & _OF_BRANCH),
        Step.NUMBER: bool(typed_parts(fa_type)),
        Step.REVIEW: True,
    }
    return tuple(step for step in Step if wanted[step])


def typed_parts(fa_type: FaTypeRule) -> tuple[PartRule, ...]:
    """Return what a person types, what must be given first."""
    typed = [part for part in fa_type.parts if part.source == "typed"]
    return tuple(sorted(typed, key=lambda part: not part.required))


def open_step(fa_type: FaTypeRule, choice: Choice) -> Step:
    """Return the first step that is not done yet; the review when all are."""
    done = {
        Step.PROVIDER: choice.provider is not None,
        Step.BRANCH: choice.branch is not None,
        Step.NUMBER: choice.typed is not None,
        Step.REVIEW: False,
    }
    return next(s for s in steps_of(fa_type, choice.has_branches) if not done[s])


def may_show(fa_type: FaTypeRule, choice: Choice, step: Step) -> bool:
    """Whether a step can be shown: it belongs to the way, and those before are done.

    Steps that are done may be shown again: that is how one goes back.
    """
    way = steps_of(fa_type, choice.has_branches)
    return step in way and way.index(step) <= way.index(open_step(fa_type, choice))


def parts_of(fa_type: FaTypeRule, choice: Choice) -> dict[str, str]:
    """Return the named parts of the new address, for ``Reference.build_address``."""
    chosen = {
        "provider": choice.provider and choice.provider.code,
        "provider_name": choice.provider and choice.provider.name,
        "branch": choice.branch and choice.branch.code,
        "branch_name": choice.branch and choice.branch.name,
    }
    parts = {
        part.name: value for part in fa_type.parts if (value := chosen.get(part.source))
    }
    typed = choice.typed or {}
    return parts | {name: value for name, value in typed.items() if value}


def offered_types(reference: Reference) -> tuple[FaTypeRule, ...]:
    """Return the types of address a person can choose now.

    One which no strategy writes, or which nobody is there to hold, is a dead end and
    not offered.
    """
    written = {s.fa_type_id for s in reference.strategies if not s.answers_only}
    kinds = {rule.kind_code for rule in reference.providers_by_code.values()}
    types = {rule.id: rule for rule in reference.fa_types_by_code.values()}
    return tuple(
        rule for rule in types.values() if rule.id in written and _is_held(rule, kinds)
    )


def _is_held(fa_type: FaTypeRule, kinds: Collection[str | None]) -> bool:
    needs_provider = Step.PROVIDER in steps_of(fa_type, has_branches=False)
    return not needs_provider or fa_type.kind_code in kinds


def group_digits(text: str) -> list[str]:
    """Cut a number into groups of four, as it is read aloud.

    The last group is not shorter than two, unless there is no other.

    >>> group_digits("123456789")
    ['1234', '567', '89']
    >>> group_digits("12345678")
    ['1234', '5678']
    """
    groups = [text[start : start + 4] for start in range(0, len(text), 4)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        last = groups[-2] + groups[-1]
        groups[-2:] = [last[:3], last[3:]]
    return groups

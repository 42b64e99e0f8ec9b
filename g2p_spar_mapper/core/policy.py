"""Which changes of an address wait, for how long, and who has to agree.

An address that is paid today is worth stealing, so a registry may say that a
change of it is not made at once. A policy is a condition and an effect; the first
one that fits decides, and a change that no policy fits is made at once. The first
address of an ID never waits: whoever has none would only be paid later.

The officers' test box calls the same functions as the service.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from .life import Life


class Effect(StrEnum):
    """What a policy does with a change."""

    NONE = "none"
    WAIT = "wait"
    APPROVE = "approve"


class Policy(NamedTuple):
    """One rule of a registry. An empty set fits everything.

    :param id: database id
    :param hours: for a change that waits, how long
    :param pays_old: whether the old address is paid until the change is made;
        otherwise nothing is paid
    :param provider_ids: providers of the new address
    :param changes: how many earlier changes of the address there must have been,
        within the last ``days``; 0: does not matter
    """

    id: int
    effect: str
    hours: int = 0
    pays_old: bool = True
    id_type_ids: frozenset[int] = frozenset()
    provider_ids: frozenset[int] = frozenset()
    channels: frozenset[str] = frozenset()
    changes: int = 0
    days: int = 0


class Facts(NamedTuple):
    """What is known of a change that is asked for.

    :param is_first: the ID never had an address
    :param provider_id: provider of the new address
    :param past: moments of earlier changes of the address, naive UTC
    :param now: naive UTC
    """

    is_first: bool
    id_type_id: int | None
    provider_id: int | None
    channel: str
    now: datetime
    past: Sequence[datetime] = ()


class Rules(NamedTuple):
    """What a registry has decided about changes, and what they depend on.

    :param policies: in the order in which they are asked
    :param past: moments of earlier changes of addresses, by ID key
    :param lives: how long links of an ID type last, by its id (``core.life``)
    """

    policies: Sequence[Policy] = ()
    past: Mapping[str, Sequence[datetime]] = {}
    lives: Mapping[int, Life] = {}


#: Nothing waits and no link ends.
NO_RULES = Rules()


def first_fit(policies: Iterable[Policy], facts: Facts) -> Policy | None:
    """The policy which decides about a change; none: no policy fits it."""
    return next((one for one in policies if fits(one, facts)), None)


def judge(policies: Iterable[Policy], facts: Facts) -> Policy | None:
    """The policy because of which a change waits; none: it is made at once."""
    if facts.is_first:
        return None
    policy = first_fit(policies, facts)
    return None if policy is None or policy.effect == Effect.NONE else policy


def fits(policy: Policy, facts: Facts) -> bool:
    """Whether all conditions of a policy hold."""
    return (
        _allows(policy.id_type_ids, facts.id_type_id)
        and _allows(policy.provider_ids, facts.provider_id)
        and _allows(policy.channels, facts.channel)
        and count_recent(facts.past, policy.days, facts.now) >= policy.changes
    )


def _allows(wanted: frozenset, value: object) -> bool:
    return not wanted or value in wanted


def count_recent(past: Iterable[datetime], days: int, now: datetime) -> int:
    """How many moments lie within the last days."""
    since = now - timedelta(days=days)
    return sum(since < moment <= now for moment in past)


def due_at(policy: Policy, now: datetime) -> datetime | None:
    """When a change that waits is made; none: when somebody has agreed."""
    if policy.effect == Effect.APPROVE:
        return None
    return now + timedelta(hours=policy.hours)


def longest_memory(policies: Iterable[Policy]) -> int:
    """Over how many days earlier changes must be known; 0: over none."""
    return max((one.days for one in policies if one.changes), default=0)


# === IN WORDS === #


class Say(StrEnum):
    """The sentences of which a policy's summary is made; models have the words."""

    ANY_CHANGE = "any_change"
    ID_TYPES = "id_types"
    PROVIDERS = "providers"
    CHANNELS = "channels"
    PAST = "past"
    AT_ONCE = "at_once"
    WAITS = "waits"
    NEEDS_OTHER = "needs_other"
    PAYS_OLD = "pays_old"
    PAYS_NOTHING = "pays_nothing"
    FIRST_NEVER = "first_never"


class Part(NamedTuple):
    """One sentence of a summary.

    :param values: what it is filled with: ids, channels or numbers
    """

    say: Say
    values: tuple = ()


def describe(policy: Policy) -> list[Part]:
    """What a policy will do, for a summary in plain words: when, then what."""
    conditions = [
        Part(say, tuple(sorted(values)))
        for say, values in (
            (Say.ID_TYPES, policy.id_type_ids),
            (Say.PROVIDERS, policy.provider_ids),
            (Say.CHANNELS, policy.channels),
        )
        if values
    ]
    if policy.changes:
        conditions.append(Part(Say.PAST, (policy.changes, policy.days)))
    return [*(conditions or [Part(Say.ANY_CHANGE)]), *_describe_effect(policy)]


def _describe_effect(policy: Policy) -> list[Part]:
    if policy.effect == Effect.NONE:
        return [Part(Say.AT_ONCE)]
    effect = Part(Say.NEEDS_OTHER)
    if policy.effect == Effect.WAIT:
        effect = Part(Say.WAITS, (policy.hours,))
    payment = Part(Say.PAYS_OLD if policy.pays_old else Say.PAYS_NOTHING)
    return [effect, payment, Part(Say.FIRST_NEVER)]

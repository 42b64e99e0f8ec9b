from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..core.policy import (
    Effect,
    Facts,
    Policy,
    Say,
    count_recent,
    describe,
    due_at,
    first_fit,
    fits,
    judge,
    longest_memory,
)
from .pure import HOUR, NOW

DAY = timedelta(days=1)
CHANNELS = ("api", "portal", "staff", "agent", "import")


def facts(**values):
    """A change by the portal to provider 31 of an ID of type 41."""
    usual = {
        "is_first": False,
        "id_type_id": 41,
        "provider_id": 31,
        "channel": "portal",
        "now": NOW,
    }
    return Facts(**usual | values)


_SETS = st.frozensets(st.integers(1, 3), max_size=2)
_POLICIES = st.builds(
    Policy,
    id=st.integers(1, 9),
    effect=st.sampled_from(Effect),
    hours=st.integers(0, 100),
    pays_old=st.booleans(),
    id_type_ids=_SETS,
    provider_ids=_SETS,
    channels=st.frozensets(st.sampled_from(CHANNELS), max_size=2),
    changes=st.integers(0, 3),
    days=st.integers(0, 5),
)
_FACTS = st.builds(
    Facts,
    is_first=st.booleans(),
    id_type_id=st.integers(1, 3),
    provider_id=st.none() | st.integers(1, 3),
    channel=st.sampled_from(CHANNELS),
    now=st.just(NOW),
    past=st.lists(st.integers(-9, 2).map(lambda n: NOW + n * DAY), max_size=4),
)


class TestPolicy(BaseCase):
    def test_conditions_table(self):
        two_changes = {"past": (NOW - DAY, NOW - 2 * DAY)}
        table = [
            # policy, facts -> fits
            ({}, {}, True),
            ({"id_type_ids": {41, 42}}, {}, True),
            ({"id_type_ids": {42}}, {}, False),
            ({"provider_ids": {31}}, {}, True),
            ({"provider_ids": {32}}, {}, False),
            ({"provider_ids": {31}}, {"provider_id": None}, False),
            ({"channels": {"portal", "api"}}, {}, True),
            ({"channels": {"staff"}}, {}, False),
            ({"changes": 1, "days": 30}, {}, False),
            ({"changes": 2, "days": 30}, two_changes, True),
            ({"changes": 3, "days": 30}, two_changes, False),
            ({"changes": 2, "days": 2}, two_changes, False),
            ({"changes": 1, "days": 2}, two_changes, True),
            ({"id_type_ids": {41}, "channels": {"staff"}}, {}, False),
        ]
        for number, (wanted, given_facts, expected) in enumerate(table):
            with self.subTest(number):
                policy = Policy(1, Effect.WAIT, **wanted)
                self.assertEqual(fits(policy, facts(**given_facts)), expected)

    def test_the_first_that_fits_decides(self):
        other = Policy(1, Effect.APPROVE, channels=frozenset({"staff"}))
        none = Policy(2, Effect.NONE, channels=frozenset({"portal"}))
        wait = Policy(3, Effect.WAIT)
        table = [
            ([other, none, wait], {}, 2, None),
            ([other, wait, none], {}, 3, 3),
            ([other, none, wait], {"channel": "staff"}, 1, 1),
            ([other, none, wait], {"channel": "api"}, 3, 3),
            ([other, none], {"channel": "api"}, None, None),
            ([wait], {"is_first": True}, 3, None),
        ]
        for policies, given_facts, fit, judged in table:
            with self.subTest(facts=given_facts, policies=[one.id for one in policies]):
                asked = facts(**given_facts)
                found, because = first_fit(policies, asked), judge(policies, asked)
                self.assertEqual(found and found.id, fit)
                self.assertEqual(because and because.id, judged)

    @given(st.lists(_POLICIES, max_size=4), _FACTS)
    def test_nothing_waits_without_a_policy_that_fits(self, policies, asked):
        policy = judge(policies, asked)
        if policy is None:
            fit = first_fit(policies, asked)
            self.assertTrue(asked.is_first or not fit or fit.effect == Effect.NONE)
        else:
            self.assertTrue(fits(policy, asked))
            self.assertNotEqual(policy.effect, Effect.NONE)
            earlier = policies[: policies.index(policy)]
            self.assertFalse(any(fits(one, asked) for one in earlier))

    @given(st.lists(_POLICIES, max_size=4), _FACTS)
    def test_a_first_link_never_waits(self, policies, asked):
        self.assertIsNone(judge(policies, asked._replace(is_first=True)))

    @given(_POLICIES, _FACTS)
    def test_more_conditions_never_fit_more(self, policy, asked):
        wider = policy._replace(channels=frozenset(), changes=0)
        self.assertLessEqual(fits(policy, asked), fits(wider, asked))

    def test_count_recent_excludes_the_far_end_and_the_future(self):
        past = [NOW - 2 * DAY, NOW - DAY, NOW, NOW + HOUR]
        self.assertEqual(count_recent(past, 2, NOW), 2)
        self.assertEqual(count_recent(past, 0, NOW), 0)

    def test_due_at(self):
        wait = Policy(1, Effect.WAIT, hours=24)
        self.assertEqual(due_at(wait, NOW), NOW + 24 * HOUR)
        self.assertIsNone(due_at(wait._replace(effect=Effect.APPROVE), NOW))

    def test_longest_memory(self):
        policies = [
            Policy(1, Effect.WAIT, changes=2, days=30),
            Policy(2, Effect.WAIT, days=400),
        ]
        self.assertEqual(longest_memory(policies), 30)
        self.assertEqual(longest_memory([]), 0)

    def test_describe_table(self):
        table = [
            ({"effect": Effect.NONE}, [Say.ANY_CHANGE, Say.AT_ONCE]),
            (
                {"effect": Effect.WAIT, "channels": frozenset({"portal"})},
                [Say.CHANNELS, Say.WAITS, Say.PAYS_OLD, Say.FIRST_NEVER],
            ),
            (
                {"effect": Effect.APPROVE, "pays_old": False, "changes": 2},
                [Say.PAST, Say.NEEDS_OTHER, Say.PAYS_NOTHING, Say.FIRST_NEVER],
            ),
        ]
        for values, expected in table:
            with self.subTest(values):
                said = [part.say for part in describe(Policy(1, **values))]
                self.assertEqual(said, expected)

    @given(_POLICIES)
    def test_each_condition_and_the_effect_are_told(self, policy):
        said = {part.say for part in describe(policy)}
        self.assertEqual(Say.ID_TYPES in said, bool(policy.id_type_ids))
        self.assertEqual(Say.PROVIDERS in said, bool(policy.provider_ids))
        self.assertEqual(Say.CHANNELS in said, bool(policy.channels))
        self.assertEqual(Say.PAST in said, bool(policy.changes))
        effects = said & {Say.AT_ONCE, Say.WAITS, Say.NEEDS_OTHER}
        self.assertEqual(len(effects), 1)

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..core.commands import Origin
from ..core.policy import Rules
from ..core.reason import Cause
from ..core.rows import changes_between, make_changes
from ..core.state import ChangeState, State, Step
from .pure import (
    FA,
    HOUR,
    ID,
    NOW,
    OTHER_FA,
    Registry,
    link_item,
    report_item,
    resolve_item,
    rollback_item,
    step_item,
    unlink_item,
    waiting_item,
)
from .pure_change import (
    ASKER,
    DAY,
    FOUR_EYES,
    OTHER,
    PAYS_NOTHING,
    PAYS_OLD,
    THIRD_FA,
    registry,
    waits,
)


class TestPropose(BaseCase):
    def test_the_first_link_never_waits(self):
        self.assertEqual(registry().row.state, State.ACTIVE)
        self.assertEqual(registry().versions[-1].step, Step.LINK)

    def test_a_change_waits_and_the_old_address_is_paid(self):
        stored = registry()
        (outcome,) = stored.run(Step.UPDATE, link_item(fa=OTHER_FA))
        self.assertEqual(outcome.cause, Cause.WAITING)
        self.assertTrue(outcome.payable)
        self.assertEqual(outcome.due_at, NOW + 24 * HOUR)
        self.assertEqual(stored.resolve(resolve_item())[0].fa, FA)
        version = stored.versions[-1]
        self.assertEqual((version.step, version.after.version), (Step.PROPOSE, 2))
        self.assertTrue(stored.row.change_waits)

    def test_a_change_waits_and_nothing_is_paid(self):
        stored = registry(PAYS_NOTHING)
        (outcome,) = stored.run(Step.UPDATE, link_item(fa=OTHER_FA))
        self.assertEqual((outcome.cause, outcome.payable), (Cause.WAITING, False))
        self.assertEqual(stored.row.state, State.ON_HOLD)
        self.assertIsNone(stored.resolve(resolve_item())[0].fa)

    def test_what_keeps_the_address_does_not_wait(self):
        stored = registry()
        causes = stored.causes(Step.UPDATE, link_item(fa=None, name="Amina W"))
        self.assertEqual((causes, stored.row.name), ([Cause.DONE], "Amina W"))

    def test_asked_again_while_one_waits(self):
        table = [
            # policy, step, item -> cause
            (PAYS_OLD, Step.UPDATE, link_item(fa=OTHER_FA), Cause.WAITING),
            (PAYS_OLD, Step.UPDATE, link_item(fa=THIRD_FA), Cause.CHANGE_WAITS),
            (PAYS_OLD, Step.UPDATE, link_item(fa=FA), Cause.UNCHANGED),
            (PAYS_OLD, Step.UPDATE, link_item(fa=None, name="B"), Cause.DONE),
            (PAYS_OLD, Step.LINK, link_item(fa=FA), Cause.UNCHANGED),
            (PAYS_OLD, Step.LINK, link_item(fa=OTHER_FA), Cause.WAITING),
            (PAYS_OLD, Step.LINK, link_item(fa=THIRD_FA), Cause.CHANGE_WAITS),
            (PAYS_NOTHING, Step.UPDATE, link_item(fa=OTHER_FA), Cause.WAITING),
            (PAYS_NOTHING, Step.UPDATE, link_item(fa=THIRD_FA), Cause.CHANGE_WAITS),
            (PAYS_NOTHING, Step.UPDATE, link_item(fa=FA), Cause.PROTECTED),
            (PAYS_NOTHING, Step.UPDATE, link_item(fa=None, name="B"), Cause.PROTECTED),
            (PAYS_NOTHING, Step.UNLINK, unlink_item(), Cause.PROTECTED),
            (PAYS_NOTHING, Step.RELEASE, step_item(), Cause.CHANGE_WAITS),
        ]
        for policy, step, item, expected in table:
            with self.subTest(policy=policy.pays_old, step=step, item=item):
                stored = waits(policy)
                self.assertEqual(stored.causes(step, item), [expected])
                self.assertIsNotNone(stored.waiting)

    def test_a_policy_taken_away_lets_no_change_past_the_one_that_waits(self):
        stored = waits()
        stored.rules = Rules()
        causes = stored.causes(Step.UPDATE, link_item(fa=THIRD_FA))
        self.assertEqual(causes, [Cause.CHANGE_WAITS])

    def test_unlinking_first_is_no_way_round(self):
        stored = registry()
        stored.run(Step.UNLINK, unlink_item())
        self.assertEqual(
            stored.causes(Step.LINK, link_item(fa=OTHER_FA)), [Cause.WAITING]
        )
        self.assertEqual(stored.row.state, State.UNLINKED)
        stored = registry()
        stored.run(Step.UNLINK, unlink_item())
        self.assertEqual(stored.causes(Step.LINK, link_item()), [Cause.DONE])

    def test_waiting_for_the_end_of_the_link_is_no_way_round(self):
        stored = Registry(Rules((PAYS_OLD,)))
        stored.run(Step.LINK, link_item(valid_until=NOW + HOUR))
        causes = stored.causes(Step.LINK, link_item(fa=OTHER_FA), now=NOW + DAY)
        self.assertEqual(causes, [Cause.WAITING])
        self.assertFalse(stored.row.state == State.ON_HOLD)

    def test_past_changes_are_judged(self):
        policy = PAYS_OLD._replace(changes=1, days=30)
        for past, expected in (((), Cause.DONE), ((NOW - DAY,), Cause.WAITING)):
            with self.subTest(past=past):
                stored = registry(policy)
                key = stored.row.id_key
                stored.rules = stored.rules._replace(past={key: past})
                causes = stored.causes(Step.UPDATE, link_item(fa=OTHER_FA))
                self.assertEqual(causes, [expected])

    def test_twice_in_one_batch(self):
        items = [
            link_item(reference_id="a", fa=OTHER_FA),
            link_item(reference_id="b", fa=OTHER_FA),
            link_item(reference_id="c", fa=THIRD_FA),
        ]
        causes = registry().causes(Step.UPDATE, *items)
        expected = [Cause.WAITING, Cause.WAITING, Cause.CHANGE_WAITS]
        self.assertEqual(causes, expected)


class TestDecide(BaseCase):
    def decide(self, stored, step=Step.APPLY, user_id=OTHER, now=NOW, **values):
        """Decide about the change that waits. :return: the cause"""
        item = waiting_item(**values)
        return stored.causes(step, item, user_id=user_id, now=now)[0]

    def test_who_may_apply_and_when(self):
        due = NOW + 24 * HOUR
        table = [
            # policy, user, item, now -> cause
            (PAYS_OLD, OTHER, {}, NOW, Cause.DONE),
            (PAYS_OLD, ASKER, {}, NOW, Cause.OWN_CHANGE),
            (PAYS_OLD, ASKER, {}, due, Cause.OWN_CHANGE),
            (PAYS_OLD, ASKER, {"is_due": True}, due, Cause.DONE),
            (PAYS_OLD, ASKER, {"is_due": True}, due - HOUR, Cause.NOT_POSSIBLE),
            (PAYS_NOTHING, OTHER, {"is_due": True}, due, Cause.DONE),
            (FOUR_EYES, OTHER, {}, NOW, Cause.DONE),
            (FOUR_EYES, ASKER, {}, NOW, Cause.OWN_CHANGE),
            (FOUR_EYES, OTHER, {"is_due": True}, due, Cause.NOT_POSSIBLE),
            (PAYS_OLD, OTHER, {"pending_id": 7}, NOW, Cause.DONE),
            (PAYS_OLD, OTHER, {"pending_id": 8}, NOW, Cause.NOT_POSSIBLE),
        ]
        for policy, user, item, now, expected in table:
            with self.subTest(policy=policy, user=user, item=item):
                stored = waits(policy)
                cause = self.decide(stored, user_id=user, now=now, **item)
                self.assertEqual(cause, expected)
                is_made = expected == Cause.DONE
                self.assertEqual(stored.row.fa_value, OTHER_FA if is_made else FA)
                self.assertEqual(stored.waiting is None, is_made)
                self.assertEqual(stored.row.change_waits, None if is_made else True)

    def test_what_is_made_is_paid(self):
        for policy in (PAYS_OLD, PAYS_NOTHING, FOUR_EYES):
            with self.subTest(policy=policy):
                stored = waits(policy)
                self.decide(stored)
                self.assertEqual(stored.resolve(resolve_item())[0].fa, OTHER_FA)
                self.assertEqual(stored.versions[-1].step, Step.APPLY)
                self.assertEqual(stored.ended, [ChangeState.APPLIED])

    def test_what_changed_meanwhile_stays(self):
        stored = waits()
        stored.run(Step.UPDATE, link_item(fa=None, name="Amina W"))
        self.decide(stored)
        self.assertEqual((stored.row.fa_value, stored.row.name), (OTHER_FA, "Amina W"))

    def test_withdrawn_everything_is_as_before(self):
        for policy in (PAYS_OLD, PAYS_NOTHING, FOUR_EYES):
            with self.subTest(policy=policy):
                stored = waits(policy)
                cause = self.decide(stored, Step.WITHDRAW, ASKER)
                self.assertEqual(cause, Cause.DONE)
                self.assertEqual(stored.resolve(resolve_item())[0].fa, FA)
                self.assertEqual(stored.ended, [ChangeState.WITHDRAWN])
                self.assertIsNone(stored.waiting)

    def test_nothing_waits_nothing_is_decided(self):
        for step in (Step.APPLY, Step.WITHDRAW):
            self.assertEqual(self.decide(registry(), step), Cause.NOT_POSSIBLE)

    def test_a_dispute_ends_it_and_stops_payments(self):
        for policy in (PAYS_OLD, PAYS_NOTHING):
            stored = waits(policy)
            stored.run(Step.SUSPEND, step_item())
            self.assertEqual(stored.ended, [ChangeState.DISPUTED])
            self.assertEqual(stored.row.state, State.SUSPENDED)
            self.assertEqual(self.decide(stored), Cause.NOT_POSSIBLE)

    def test_unlinked_meanwhile(self):
        stored = waits()
        stored.run(Step.UNLINK, unlink_item())
        self.assertEqual(stored.ended, [ChangeState.WITHDRAWN])

    def test_a_hold_of_staff_is_stronger_than_the_clock(self):
        stored = waits()
        stored.run(Step.HOLD, step_item())
        later = NOW + 2 * DAY
        self.assertEqual(self.decide(stored, is_due=True, now=later), Cause.PROTECTED)
        self.assertEqual(self.decide(stored), Cause.PROTECTED)
        stored.run(Step.RELEASE, step_item())
        self.assertEqual(self.decide(stored, is_due=True, now=later), Cause.DONE)

    def test_a_new_link_that_waited_is_a_new_link(self):
        stored = registry()
        stored.run(Step.UNLINK, unlink_item())
        stored.run(Step.LINK, link_item(fa=OTHER_FA, phone_number=None))
        self.assertEqual(self.decide(stored), Cause.DONE)
        row = stored.row
        self.assertEqual((row.state, row.fa_value), (State.ACTIVE, OTHER_FA))
        self.assertEqual((row.name, row.phone), (None, None))
        self.assertEqual(stored.relinked, {row.id_key})

    @given(
        st.lists(
            st.sampled_from(
                [
                    (Step.UPDATE, link_item(fa=OTHER_FA)),
                    (Step.UPDATE, link_item(fa=THIRD_FA)),
                    (Step.UPDATE, link_item(fa=FA)),
                    (Step.LINK, link_item(fa=THIRD_FA)),
                    (Step.UNLINK, unlink_item()),
                    (Step.HOLD, step_item()),
                    (Step.RELEASE, step_item()),
                    (Step.SUSPEND, step_item()),
                    (Step.REINSTATE, step_item()),
                    (Step.WITHDRAW, waiting_item()),
                    (Step.ROLLBACK, rollback_item()),
                    (Step.REPORT, report_item()),
                ]
            ),
            max_size=8,
        ),
        st.sampled_from([PAYS_OLD, PAYS_NOTHING, FOUR_EYES]),
    )
    def test_no_way_round_a_policy(self, steps, policy):
        """Whatever is asked, another address is paid only after it was applied."""
        stored = registry(policy)
        for step, item in steps:
            stored.run(step, item)
            row = stored.row
            self.assertEqual(row.fa_value, FA)
            self.assertEqual(stored.waiting is None, row.change_waits is None)
            if stored.waiting and stored.waiting.held and row.state == State.ACTIVE:
                self.fail("a hold ended without a decision")
        versions = [version.after.version for version in stored.versions]
        self.assertEqual(versions, list(range(1, len(versions) + 1)))


class TestChanges(BaseCase):
    def test_there_and_back(self):
        stored = Registry()
        stored.run(Step.LINK, link_item(name="A"))
        before = stored.row
        stored.run(
            Step.UPDATE,
            link_item(fa=OTHER_FA, name="B", valid_until=NOW + DAY),
            origin=Origin(reason="Why"),
        )
        after = stored.row
        changes = changes_between(before, after)
        made = make_changes(before, changes)
        self.assertEqual(made._replace(version=2, reason="Why"), after)
        self.assertNotIn("state", changes)
        self.assertEqual(changes_between(before, before), {})

    def test_nothing_else_can_be_brought(self):
        row = registry().row
        forged = {"id_key": "x", "state": "active", "version": 9}
        self.assertEqual(make_changes(row, forged), row)
        self.assertEqual(row.id_key, ID.split("@")[0] + "@nationalid")

"""Any steps in any order, by two persons, as time goes by: what always holds."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..core.commands import Origin, StoredKey
from ..core.erasure import KEY_MARK
from ..core.life import Life
from ..core.plan import Plan, plan_link
from ..core.plan_change import plan_erase
from ..core.reading import Reader
from ..core.reason import Cause
from ..core.rows import Stored
from ..core.state import State, Step, effective_state
from .pure import (
    BRANCHES,
    FA,
    HOUR,
    NOW,
    OTHER_FA,
    REFERENCE,
    link_item,
    renew_item,
    report_item,
    rollback_item,
    step_item,
    unlink_item,
    waiting_item,
)
from .pure_change import DAY, FOUR_EYES, PAYS_NOTHING, PAYS_OLD, THIRD_FA, registry

_ADDRESSES = st.sampled_from([FA, OTHER_FA, THIRD_FA])
_ENDS = st.sampled_from([None, NOW + DAY, NOW + 5 * DAY])


def _of(step, make, *values):
    return st.builds(lambda *found: (step, make(*found)), *values)


_STEPS = st.one_of(
    _of(
        Step.LINK, lambda fa, end: link_item(fa=fa, valid_until=end), _ADDRESSES, _ENDS
    ),
    _of(
        Step.UPDATE, lambda fa, name: link_item(fa=fa, name=name), _ADDRESSES, st.text()
    ),
    _of(Step.HOLD, lambda end: step_item(hold_until=end), _ENDS),
    _of(Step.APPLY, lambda due: waiting_item(is_due=due), st.booleans()),
    _of(Step.ROLLBACK, lambda n: rollback_item(version=n), st.integers(1, 4)),
    _of(Step.UNLINK, unlink_item),
    _of(Step.RELEASE, step_item),
    _of(Step.SUSPEND, step_item),
    _of(Step.REINSTATE, step_item),
    _of(Step.WITHDRAW, waiting_item),
    _of(Step.RENEW, renew_item),
    _of(Step.REPORT, report_item),
    _of(Step.ERASE, step_item),
)
_COURSES = st.lists(
    st.tuples(_STEPS, st.integers(1, 2), st.sampled_from([0, 0, 1, 25, 200])),
    max_size=10,
)
_POLICIES = st.sampled_from([None, PAYS_OLD, PAYS_NOTHING, FOUR_EYES])
_LIVES = st.sampled_from([None, Life(5, 3, (1,))])


class TestAnySteps(BaseCase):
    @given(_COURSES, _POLICIES, _LIVES)
    def test_what_always_holds(self, course, policy, life):
        stored, now = registry(policy, life), NOW
        for (step, item), user_id, hours in course:
            now += timedelta(hours=hours)
            before, waited = stored.row, stored.waiting
            [outcome] = stored.run(step, item, now=now, user_id=user_id)
            row, waiting = stored.row, stored.waiting
            state = effective_state(row.state, row.hold_until, row.valid_until, now)
            if outcome.succeeded:
                self.assertEqual(
                    (outcome.state, outcome.payable), (state, state == State.ACTIVE)
                )
            if row.fa_key != before.fa_key:
                self.assertEqual(row.version, before.version + 1)
                self.assertTrue(policy is None or step == Step.APPLY)
            if step == Step.APPLY and outcome.cause == Cause.DONE:
                self.check_made(item, user_id, now, waited, waiting)
            self.assertEqual(waiting is None, row.change_waits is None)
            if waiting is not None and waiting.held:
                self.assertNotEqual(state, State.ACTIVE)
        versions = [version.after.version for version in stored.versions]
        self.assertEqual(versions, list(range(1, len(versions) + 1)))

    def check_made(self, item, user_id, now, waited, waiting):
        """A change is made once, in time or by somebody else than who asked."""
        self.assertIsNone(waiting)
        if item.is_due:
            self.assertLessEqual(waited.due_at, now)
        else:
            self.assertNotEqual(waited.user_id, user_id)

    @given(
        _COURSES,
        _POLICIES,
        st.sampled_from([Step.LINK, Step.UPDATE]),
        st.lists(_ADDRESSES, min_size=2, max_size=4),
    )
    def test_a_batch_is_its_items_one_after_the_other(
        self, course, policy, step, addresses
    ):
        at_once, apart = registry(policy), registry(policy)
        for (earlier, item), user_id, _hours in course:
            at_once.run(earlier, item, user_id=user_id)
            apart.run(earlier, item, user_id=user_id)
        items = [
            link_item(reference_id=str(n), fa=fa) for n, fa in enumerate(addresses)
        ]
        causes = [apart.causes(step, item)[0] for item in items]
        self.assertEqual(at_once.causes(step, *items), causes)
        self.assertEqual(at_once.row, apart.row)
        self.assertEqual(at_once.ended, apart.ended)


class TestEnds(BaseCase):
    def test_an_end_that_has_come_is_refused(self):
        table = [
            (Step.HOLD, lambda end: step_item(hold_until=end)),
            (Step.UPDATE, lambda end: link_item(name="B", valid_until=end)),
            (
                Step.LINK,
                lambda end: link_item(id="token:b@nationalId", valid_until=end),
            ),
        ]
        for step, item_of in table:
            for end, expected in (
                (NOW - HOUR, Cause.END_PAST),
                (NOW, Cause.END_PAST),
                (NOW + HOUR, Cause.DONE),
            ):
                with self.subTest(step=step, end=end):
                    causes = registry(None).causes(step, item_of(end))
                    self.assertEqual(causes, [expected])


class TestKeyAlone(BaseCase):
    """A key stands for an ID only as long as there is somebody whose it is."""

    def plan(self, planner, item, stored):
        """Plan one item. :return: the cause"""
        reader = Reader(REFERENCE, Origin())
        entry = reader.link(0, item) if planner is plan_link else reader.step(0, item)
        plan = Plan(stored, BRANCHES, Origin(), NOW)
        planner(plan, entry)
        self.assertEqual(plan.written, {})
        return plan.outcomes[0].cause

    def test_nobody_is_linked_by_a_key_that_is_not_there(self):
        item = link_item(id=StoredKey("token:gone@nationalid"))
        self.assertEqual(self.plan(plan_link, item, {}), Cause.NOT_POSSIBLE)

    def test_an_erased_person_is_neither_linked_nor_erased_again(self):
        key = StoredKey(f"{KEY_MARK}erased:x")
        found = registry(None)
        found.run(Step.UNLINK, unlink_item())
        stored = {key: Stored(1, found.row._replace(id_key=str(key)))}
        item = link_item(id=key)
        self.assertEqual(self.plan(plan_link, item, stored), Cause.NOT_POSSIBLE)
        item = step_item(id=key)
        self.assertEqual(self.plan(plan_erase, item, stored), Cause.ID_UNKNOWN)

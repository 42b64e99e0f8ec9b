from odoo.tests import BaseCase

from ..core.life import Life
from ..core.policy import Rules
from ..core.reason import Cause
from ..core.state import ChangeState, State, Step, is_payable
from .pure import (
    FA,
    NOW,
    OTHER_FA,
    link_item,
    renew_item,
    report_item,
    resolve_item,
    rollback_item,
    step_item,
    unlink_item,
    waiting_item,
)
from .pure_change import (
    DAY,
    FOUR_EYES,
    OTHER,
    PAYS_NOTHING,
    PAYS_OLD,
    registry,
    waits,
)


class TestRollback(BaseCase):
    def test_an_earlier_version_comes_back(self):
        stored = registry(None)
        stored.run(Step.UPDATE, link_item(fa=OTHER_FA, name="Thief"))
        self.assertEqual(stored.causes(Step.ROLLBACK, rollback_item()), [Cause.DONE])
        row = stored.row
        self.assertEqual((row.fa_value, row.name), (FA, "Amina"))
        self.assertEqual((row.phone, row.version), ("+254712345678", 3))

    def test_it_ends_a_dispute(self):
        stored = registry(None)
        stored.run(Step.UPDATE, link_item(fa=OTHER_FA))
        stored.run(Step.SUSPEND, step_item())
        self.assertEqual(stored.causes(Step.ROLLBACK, rollback_item()), [Cause.DONE])
        self.assertEqual(stored.resolve(resolve_item())[0].fa, FA)

    def test_refusals(self):
        table = [
            ([], rollback_item(version=9), Cause.NOT_POSSIBLE),
            ([], rollback_item(), Cause.UNCHANGED),
            ([], rollback_item(id="token:other@nationalId"), Cause.ID_UNKNOWN),
            ([(Step.UNLINK, unlink_item())], rollback_item(), Cause.ID_UNKNOWN),
        ]
        for steps, item, expected in table:
            with self.subTest(item=item, steps=steps):
                stored = registry(None)
                for step in steps:
                    stored.run(*step)
                self.assertEqual(stored.causes(Step.ROLLBACK, item), [expected])

    def test_it_waits_where_a_policy_says_so(self):
        stored = registry(None)
        stored.run(Step.UPDATE, link_item(fa=OTHER_FA))
        stored.run(Step.SUSPEND, step_item())
        stored.rules = Rules((FOUR_EYES,))
        self.assertEqual(stored.causes(Step.ROLLBACK, rollback_item()), [Cause.WAITING])
        self.assertEqual(stored.row.state, State.SUSPENDED)
        causes = stored.causes(Step.APPLY, waiting_item(), user_id=OTHER)
        self.assertEqual(causes, [Cause.DONE])
        self.assertEqual(stored.resolve(resolve_item())[0].fa, FA)

    def test_it_ends_what_waits(self):
        stored = waits(PAYS_NOTHING)
        self.assertEqual(stored.causes(Step.ROLLBACK, rollback_item()), [Cause.DONE])
        self.assertEqual(stored.ended, [ChangeState.WITHDRAWN])
        self.assertEqual(stored.row.state, State.ACTIVE)

    def test_it_is_the_decision_about_a_hold_too(self):
        table = [(FOUR_EYES, {}, NOW), (PAYS_OLD, {"is_due": True}, NOW + DAY)]
        for policy, values, now in table:
            with self.subTest(policy):
                stored = registry(None)
                stored.run(Step.UPDATE, link_item(fa=OTHER_FA))
                stored.run(Step.HOLD, step_item())
                stored.rules = Rules((policy,))
                causes = stored.causes(Step.ROLLBACK, rollback_item())
                self.assertEqual(causes, [Cause.WAITING])
                self.assertEqual(stored.row.state, State.ON_HOLD)
                item = waiting_item(**values)
                causes = stored.causes(Step.APPLY, item, user_id=OTHER, now=now)
                self.assertEqual(causes, [Cause.DONE])
                self.assertEqual(stored.resolve(resolve_item())[0].fa, FA)

    def test_one_that_waits_and_is_ended_in_the_same_batch_was_never_kept(self):
        stored = registry(None)
        stored.run(Step.UPDATE, link_item(fa=OTHER_FA))
        stored.run(Step.SUSPEND, step_item())
        stored.rules = Rules((PAYS_OLD,))
        items = [rollback_item(reference_id=f"r{n}", version=n) for n in (1, 2)]
        causes = stored.causes(Step.ROLLBACK, *items)
        self.assertEqual(causes, [Cause.WAITING, Cause.DONE])
        self.assertEqual((stored.waiting, stored.ended), (None, []))
        self.assertEqual(stored.proposed, {})


class TestRenew(BaseCase):
    LIFE = Life(365, 30, (30, 7))

    def test_a_link_begins_its_life(self):
        stored = registry(None, self.LIFE)
        self.assertEqual(stored.row.valid_until, NOW + 365 * DAY)

    def test_renew_table(self):
        table = [
            # days after the link -> cause
            (0, Cause.UNCHANGED),
            (300, Cause.DONE),
            (365, Cause.DONE),
            (394, Cause.DONE),
            (395, Cause.ID_EXPIRED),
        ]
        for days, expected in table:
            with self.subTest(days):
                stored, now = registry(None, self.LIFE), NOW + days * DAY
                causes = stored.causes(Step.RENEW, renew_item(), now=now)
                self.assertEqual(causes, [expected])
                if expected == Cause.DONE:
                    row = stored.row
                    self.assertEqual(row.valid_until, now + 365 * DAY)
                    self.assertTrue(is_payable(row.state, None, row.valid_until, now))
                    self.assertEqual(row.fa_value, FA)

    def test_refusals(self):
        stored = registry(None)
        self.assertEqual(stored.causes(Step.RENEW, renew_item()), [Cause.NOT_POSSIBLE])
        stored = registry(None, self.LIFE)
        stored.run(Step.SUSPEND, step_item())
        self.assertEqual(stored.causes(Step.RENEW, renew_item()), [Cause.PROTECTED])
        item = renew_item(id="token:other@nationalId")
        self.assertEqual(stored.causes(Step.RENEW, item), [Cause.ID_UNKNOWN])

    def test_not_while_nothing_is_to_be_paid(self):
        """The old address would be paid, against the policy."""
        later = NOW + 370 * DAY
        table = [(PAYS_OLD, Cause.DONE, FA), (PAYS_NOTHING, Cause.CHANGE_WAITS, None)]
        for policy, expected, paid in table:
            with self.subTest(policy):
                stored = registry(policy, self.LIFE)
                causes = stored.causes(Step.LINK, link_item(fa=OTHER_FA), now=later)
                self.assertEqual(causes, [Cause.WAITING])
                causes = stored.causes(Step.RENEW, renew_item(), now=later)
                self.assertEqual(causes, [expected])
                self.assertEqual(stored.resolve(resolve_item(), now=later)[0].fa, paid)


class TestReport(BaseCase):
    def test_it_stops_payments(self):
        for fa in (None, FA):
            stored = registry()
            causes = stored.causes(Step.REPORT, report_item(fa=fa))
            self.assertEqual(causes, [Cause.DONE])
            self.assertEqual(stored.row.state, State.SUSPENDED)

    def test_refusals(self):
        table = [
            (report_item(fa=OTHER_FA), Cause.FA_DIFFERS),
            (report_item(reason="because"), Cause.FAILURE_INVALID),
            (report_item(reason=None), Cause.FAILURE_INVALID),
            (report_item(id="token:other@nationalId"), Cause.ID_UNKNOWN),
        ]
        for item, expected in table:
            with self.subTest(item=item):
                stored = registry()
                self.assertEqual(stored.causes(Step.REPORT, item), [expected])
                self.assertEqual(stored.row.state, State.ACTIVE)

    def test_told_twice_is_told_once(self):
        stored = registry()
        items = [report_item(reference_id=ref) for ref in "ab"]
        causes = stored.causes(Step.REPORT, *items)
        self.assertEqual(causes, [Cause.DONE, Cause.UNCHANGED])


class TestReportBesideAChange(BaseCase):
    """A payment to the old address fails while a change to another waits."""

    def reported(self, policy):
        stored = waits(policy)
        self.assertEqual(stored.causes(Step.REPORT, report_item()), [Cause.DONE])
        self.assertEqual(stored.row.state, State.SUSPENDED)
        self.assertIsNotNone(stored.waiting)
        self.assertIsNone(stored.resolve(resolve_item())[0].fa)
        return stored

    def test_the_clock_does_not_make_it(self):
        for policy in (PAYS_OLD, PAYS_NOTHING):
            stored = self.reported(policy)
            item = waiting_item(is_due=True)
            causes = stored.causes(Step.APPLY, item, now=NOW + 2 * DAY)
            self.assertEqual(causes, [Cause.PROTECTED])

    def returning(self, policy, *before):
        """A registry in which a return to the first address waits."""
        stored = registry(None)
        stored.run(Step.UPDATE, link_item(fa=OTHER_FA))
        for step, item in before:
            stored.run(step, item)
        stored.rules = Rules((policy,))
        causes = stored.causes(Step.ROLLBACK, rollback_item())
        self.assertEqual(causes, [Cause.WAITING])
        return stored

    def test_nor_does_it_go_back_to_an_earlier_version(self):
        for policy in (PAYS_OLD, PAYS_NOTHING):
            with self.subTest(policy):
                stored = self.returning(policy)
                stored.run(Step.REPORT, report_item())
                self.assertEqual(stored.row.state, State.SUSPENDED)
                item, later = waiting_item(is_due=True), NOW + 2 * DAY
                causes = stored.causes(Step.APPLY, item, now=later)
                self.assertEqual(causes, [Cause.PROTECTED])
                causes = stored.causes(Step.APPLY, waiting_item(), user_id=OTHER)
                self.assertEqual(causes, [Cause.DONE])

    def test_the_clock_makes_what_was_asked_while_payments_were_stopped(self):
        """It is the decision of the dispute, or of the report."""
        for step, item in (
            (Step.SUSPEND, step_item()),
            (Step.REPORT, report_item()),
        ):
            with self.subTest(step):
                stored = self.returning(PAYS_OLD, (step, item))
                self.assertEqual(stored.row.state, State.SUSPENDED)
                item, later = waiting_item(is_due=True), NOW + 2 * DAY
                causes = stored.causes(Step.APPLY, item, now=later)
                self.assertEqual(causes, [Cause.DONE])
                self.assertEqual(stored.row.fa_value, FA)

    def test_somebody_else_may_agree_to_it(self):
        for policy in (PAYS_OLD, PAYS_NOTHING, FOUR_EYES):
            with self.subTest(policy):
                stored = self.reported(policy)
                causes = stored.causes(Step.APPLY, waiting_item(), user_id=1)
                self.assertEqual(causes, [Cause.OWN_CHANGE])
                causes = stored.causes(Step.APPLY, waiting_item(), user_id=OTHER)
                self.assertEqual(causes, [Cause.DONE])
                self.assertEqual(stored.resolve(resolve_item())[0].fa, OTHER_FA)

    def test_given_up_it_leaves_payments_stopped(self):
        for policy in (PAYS_OLD, PAYS_NOTHING):
            stored = self.reported(policy)
            causes = stored.causes(Step.WITHDRAW, waiting_item())
            self.assertEqual(causes, [Cause.DONE])
            self.assertEqual(stored.row.state, State.SUSPENDED)

    def test_payments_go_on_only_where_the_policy_pays_the_old_address(self):
        table = [(PAYS_OLD, Cause.DONE), (PAYS_NOTHING, Cause.CHANGE_WAITS)]
        dispute = (Step.SUSPEND, step_item())
        for policy, expected in table:
            for stored in (self.reported(policy), self.returning(policy, dispute)):
                with self.subTest(policy):
                    causes = stored.causes(Step.REINSTATE, step_item())
                    self.assertEqual(causes, [expected])
                    is_paid = stored.resolve(resolve_item())[0].payable
                    self.assertEqual(is_paid, expected == Cause.DONE)

    def test_a_hold_lasts_until_staff_release_it_where_nothing_is_to_be_paid(self):
        hold = (Step.HOLD, step_item(hold_until=NOW + DAY))
        for policy, is_paid in ((PAYS_OLD, True), (PAYS_NOTHING, False)):
            with self.subTest(policy):
                stored = self.returning(policy, hold)
                [outcome] = stored.resolve(resolve_item(), now=NOW + 2 * DAY)
                self.assertEqual(outcome.payable, is_paid)
                stored.run(Step.WITHDRAW, waiting_item())
                self.assertEqual(stored.row.state, State.ON_HOLD)

from freezegun import freeze_time
from psycopg2.errors import ForeignKeyViolation, UniqueViolation

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.g2p_spar_fa_reference.core.mask import mask_address

from ..core.commands import LinkItem, Origin, UnlinkItem
from ..core.reason import Cause
from .change_common import ChangeCase
from .common import BANK_FA, NATIONAL_ID, STAFF, account_of

PENDING = "g2p.spar.pending.change"
PORTAL = Origin(channel="portal", transaction_id="txn-9", reason="Asked by holder")
NOON, NEXT_NOON = "2026-03-01 12:00:00", "2026-03-02 12:00:00"


@tagged("post_install", "-at_install")
class TestChangeWaits(ChangeCase):
    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time(NOON))
        self.link("ana", name="Ana", phone_number="+639171234567")
        self.old = BANK_FA % account_of("ana")

    # === ASKING === #

    def test_a_change_waits_and_is_written_down(self):
        policy = self.policy()
        outcome = self.update("ana", "777", origin=PORTAL)
        self.assertEqual(outcome.cause, Cause.WAITING)
        self.assertEqual(outcome.due_at, fields.Datetime.to_datetime(NEXT_NOON))
        self.assertRecordValues(
            self.waiting("ana"),
            [
                {
                    "mapping_id": self.mapping("ana").id,
                    "version": 2,
                    "step": "update",
                    "state": "waiting",
                    "held": False,
                    "due_at": fields.Datetime.to_datetime(NEXT_NOON),
                    "policy_id": policy.id,
                    "user_id": self.api_user.id,
                    "channel": "portal",
                    "transaction_id": "txn-9",
                    "reference_id": "ref-ana",
                    "reason": "Asked by holder",
                    "fa_new": BANK_FA % "777",
                    "is_sandbox": False,
                }
            ],
        )
        mapping = self.mapping("ana")
        self.assertTrue(mapping.change_waits)
        self.assertEqual(mapping.version_ids[0].step, "propose")
        self.assertEqual(self.paid("ana"), self.old)

    def test_nothing_is_paid_where_the_policy_says_so(self):
        self.policy(payment="stop")
        self.update("ana", "777")
        self.assertIsNone(self.paid("ana"))
        self.assertIn(
            "A change of the address waits", self.mapping("ana").state_sentence
        )
        self.assertTrue(self.waiting("ana").held)

    def test_conditions_are_those_of_the_record(self):
        other = self.env["g2p.spar.provider"].create(
            {"name": "Other", "code": "otherbank", "kind_id": self.kind.id}
        )
        table = [
            ({"by_portal": True}, Cause.DONE),
            ({"by_api": True}, Cause.WAITING),
            ({"by_staff": True, "by_api": True}, Cause.WAITING),
            ({"provider_ids": [(6, 0, other.ids)]}, Cause.DONE),
            ({"provider_ids": [(6, 0, self.provider.ids)]}, Cause.WAITING),
            ({"id_type_ids": [(6, 0, self.mapping("ana").id_type_id.ids)]}, 2),
            ({"effect": "none"}, Cause.DONE),
            ({"active": False}, Cause.DONE),
        ]
        for number, (values, expected) in enumerate(table):
            with self.subTest(values=values):
                policy = self.policy(**values)
                self.link(f"p{number}")
                outcome = self.update(f"p{number}", f"55{number}")
                self.assertEqual(outcome.cause, expected)
                policy.active = False

    def test_earlier_changes_count(self):
        self.update("ana", "111")
        self.update("ana", "222")
        policy = self.policy(changes=2, days=30)
        self.link("bea")
        self.assertEqual(self.update("bea", "333").cause, Cause.DONE)
        self.assertEqual(self.update("ana", "444").cause, Cause.WAITING)
        policy.changes = 3
        self.decide("withdraw", "ana")
        self.assertEqual(self.update("ana", "444").cause, Cause.DONE)

    def test_earlier_changes_are_forgotten(self):
        self.update("ana", "111")
        self.policy(changes=1, days=30)
        with freeze_time("2026-04-15 12:00:00"):
            self.assertEqual(self.update("ana", "222").cause, Cause.DONE)
            self.assertEqual(self.update("ana", "333").cause, Cause.WAITING)

    def test_unlinking_is_no_way_round(self):
        self.policy()
        self.mapper().unlink([UnlinkItem("1", NATIONAL_ID % "ana")])
        (outcome,) = self.link("ana", fa=BANK_FA % "777")
        self.assertEqual(outcome.cause, Cause.WAITING)
        self.assertIsNone(self.paid("ana"))
        with freeze_time(NEXT_NOON):
            self.apply_due()
            self.assertEqual(self.paid("ana"), BANK_FA % "777")
            mapping = self.mapping("ana")
            self.assertEqual(mapping.linked_at, fields.Datetime.to_datetime(NEXT_NOON))

    def test_a_batch_asks_as_often_as_one(self):
        self.policy(changes=0)
        names = [f"n{n}" for n in range(20)]
        self.link(*names)
        items = [
            LinkItem(name, NATIONAL_ID % name, BANK_FA % f"88{n}")
            for n, name in enumerate(names)
        ]
        service = self.mapper()
        service.update([items[0]])
        before = self.env.cr.sql_log_count
        service.update([items[1]])
        one = self.env.cr.sql_log_count - before
        service.update(items[2:])
        self.assertEqual(self.env.cr.sql_log_count - before - one, one)

    def test_the_database_keeps_one_waiting_change(self):
        self.policy()
        self.update("ana", "777")
        self.env.flush_all()
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.env.cr.execute(
                SQL(
                    "INSERT INTO g2p_spar_pending_change (mapping_id, version, step,"
                    " changes, state, requested_at, user_id, channel)"
                    " SELECT mapping_id, version, step, changes, state, requested_at,"
                    " user_id, channel FROM g2p_spar_pending_change"
                )
            )

    # === DECIDING === #

    def test_the_clock_makes_it(self):
        self.policy(payment="stop")
        self.update("ana", "777", origin=PORTAL)
        self.apply_due()
        self.assertIsNone(self.paid("ana"))
        pending = self.waiting("ana")
        with freeze_time(NEXT_NOON):
            self.apply_due()
        self.assertEqual(self.paid("ana"), BANK_FA % "777")
        self.assertEqual(pending.state, "applied")
        self.assertEqual(pending.fa_old_masked, mask_address(self.old))
        mapping = self.mapping("ana")
        self.assertFalse(mapping.change_waits)
        self.assertEqual(
            (mapping.version_ids[0].step, mapping.channel, mapping.reason),
            ("apply", "portal", "Asked by holder"),
        )
        self.assertEqual(mapping.name, "Ana")

    def test_the_clock_makes_many_of_several_channels(self):
        self.policy()
        names = [f"n{n}" for n in range(6)]
        self.link(*names)
        for n, name in enumerate(names):
            origin = Origin(channel=("api", "portal", "staff")[n % 3])
            self.update(name, f"90{n}", origin=origin)
        with freeze_time(NEXT_NOON):
            self.assertEqual(self.env["g2p.spar.mapper"].apply_due(), (6, None))
            self.assertEqual(self.env["g2p.spar.mapper"].apply_due(), (0, None))
        self.assertEqual(self.mapping("n4").channel, "portal")

    def test_a_hold_of_staff_stops_the_clock(self):
        self.policy()
        self.update("ana", "777")
        self.step("hold", "ana")
        with freeze_time(NEXT_NOON):
            self.apply_due()
            self.assertTrue(self.waiting("ana"))
            self.step("release", "ana", user=self.manager)
            self.apply_due()
            self.assertEqual(self.paid("ana"), BANK_FA % "777")

    def test_four_eyes(self):
        self.policy(effect="approve")
        self.update("ana", "777", user=self.officer, origin=STAFF)
        pending = self.waiting("ana")
        self.assertFalse(pending.due_at)
        self.assertTrue(pending.with_user(self.officer).is_mine)
        self.assertEqual(self.decide("apply", "ana").cause, Cause.OWN_CHANGE)
        with freeze_time("2027-03-01"):
            self.apply_due()
        self.assertEqual(self.paid("ana"), self.old)
        outcome = self.decide("apply", "ana", user=self.manager)
        self.assertEqual(outcome.cause, Cause.DONE)
        self.assertEqual(self.paid("ana"), BANK_FA % "777")
        self.assertRecordValues(
            pending,
            [
                {
                    "state": "applied",
                    "decided_by_id": self.manager.id,
                    "decision": STAFF.reason,
                }
            ],
        )

    def test_given_up_and_asked_again(self):
        self.policy(payment="stop")
        self.update("ana", "777")
        self.assertEqual(self.decide("withdraw", "ana").cause, Cause.DONE)
        self.assertEqual(self.paid("ana"), self.old)
        self.assertFalse(self.waiting("ana"))
        self.assertEqual(self.update("ana", "888").cause, Cause.WAITING)

    def test_a_dispute_stops_payments_at_once(self):
        self.policy()
        self.update("ana", "777")
        pending = self.waiting("ana")
        self.step("suspend", "ana")
        self.assertIsNone(self.paid("ana"))
        self.assertEqual(pending.state, "disputed")
        with freeze_time(NEXT_NOON):
            self.apply_due()
        self.assertEqual(self.mapping("ana").fa_value, self.old)

    def test_the_dialog_decides_what_was_seen(self):
        self.policy(effect="approve")
        self.update("ana", "777")
        pending = self.waiting("ana").with_user(self.officer)
        action = pending.action_apply()
        dialog = self.env[action["res_model"]].with_user(self.officer)
        dialog = dialog.with_context(**action["context"]).create({"reason": "Called"})
        self.assertIn("*", dialog.fa_waiting)
        self.decide("withdraw", "ana")
        self.update("ana", "888")
        with self.assertRaisesRegex(UserError, "changed by somebody else"):
            dialog.action_apply()
        self.assertEqual(self.paid("ana"), self.old)

    def test_a_page_that_is_old_decides_nothing(self):
        """Another change waits by now, which nobody has looked at."""
        self.policy(effect="approve")
        self.update("ana", "777")
        seen = self.waiting("ana").with_user(self.officer)
        self.decide("withdraw", "ana")
        self.update("ana", "888")
        for action in (seen.action_apply, seen.action_withdraw, seen.action_dispute):
            with self.assertRaisesRegex(UserError, "not wait any more"):
                action()

    def test_what_a_change_names_is_there_when_it_is_made(self):
        self.policy()
        bank = self.env["g2p.spar.provider"].create(
            {"name": "Other", "code": "otherbank", "kind_id": self.kind.id}
        )
        fa = "account:777@indigo.otherbank.testacc"
        self.mapper().update([LinkItem("1", NATIONAL_ID % "ana", fa)])
        self.assertEqual(self.waiting("ana").provider_id, bank)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(ForeignKeyViolation),
            self.cr.savepoint(),
        ):
            bank.unlink()
        with freeze_time(NEXT_NOON):
            self.apply_due()
        self.assertEqual(self.mapping("ana").provider_id, bank)

    # === ROLLING BACK === #

    def test_any_version_comes_back(self):
        self.update("ana", "777", name="Thief")
        self.step("suspend", "ana")
        self.assertEqual(self.rollback("ana", 1).cause, Cause.DONE)
        mapping = self.mapping("ana")
        self.assertEqual(self.paid("ana"), self.old)
        self.assertEqual((mapping.name, mapping.phone), ("Ana", "+639171234567"))
        self.assertEqual(mapping.branch_id, self.branch)
        self.assertEqual(mapping.fa_parts["number"], account_of("ana"))
        self.assertEqual(mapping.version_ids[0].step, "rollback")
        self.assertEqual(self.rollback("ana", 99).cause, Cause.NOT_POSSIBLE)

    def test_rolling_back_needs_four_eyes_too(self):
        self.update("ana", "777")
        self.policy(effect="approve", by_staff=True)
        self.assertEqual(self.rollback("ana", 1).cause, Cause.WAITING)
        self.assertEqual(self.paid("ana"), BANK_FA % "777")
        self.assertEqual(self.decide("apply", "ana").cause, Cause.DONE)
        self.assertEqual(self.paid("ana"), self.old)

    def test_the_button_of_a_version(self):
        self.update("ana", "777")
        first = self.mapping("ana").version_ids[-1].with_user(self.manager)
        action = first.action_rollback()
        dialog = self.env[action["res_model"]].with_user(self.manager)
        dialog = dialog.with_context(**action["context"]).create({"reason": "Fraud"})
        self.assertEqual(dialog.fa_returning, first.fa_after_masked)
        self.assertIn("*", dialog.fa_returning)
        dialog.action_apply()
        self.assertEqual(self.paid("ana"), self.old)

    # === SANDBOX === #

    def test_a_sandbox_is_emptied_of_what_waits(self):
        self.policy(payment="stop")
        red = Origin(sandbox="red", transaction_id="sam")
        self.link("sam", origin=red)
        self.update("sam", "777", origin=red)
        of_sam = [("transaction_id", "=", "sam")]
        self.assertFalse(self.env[PENDING].search(of_sam))
        inside = self.env[PENDING].with_context(sandbox_test=False)
        inside = inside.search(of_sam)
        self.assertTrue(inside.is_sandbox)
        service = self.mapper(self.manager)
        self.assertEqual(service.empty_sandbox("red", "Begin anew"), 1)
        self.assertEqual(inside.state, "withdrawn")

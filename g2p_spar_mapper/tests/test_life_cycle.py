from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..core.commands import Origin, UnlinkItem
from ..core.reason import Cause
from .change_common import ChangeCase
from .common import BANK_FA, NATIONAL_ID, account_of

NOON = "2026-03-01 12:00:00"


@tagged("post_install", "-at_install")
class TestLifeCycle(ChangeCase):
    def test_a_link_ends_is_renewed_and_taken_away(self):
        with freeze_time(NOON):
            self.set_life()
            self.link("ana")
        with freeze_time("2027-03-01 12:00:00"):
            self.assertIsNone(self.paid("ana"))
            self.remind()
            self.assertEqual(self.mapping("ana").state, "active")
            self.assertEqual(self.renew("ana").cause, Cause.DONE)
            self.assertEqual(self.renew("ana").cause, Cause.UNCHANGED)
            self.assertEqual(self.paid("ana"), BANK_FA % account_of("ana"))
        with freeze_time("2028-02-28"):
            self.assertTrue(self.paid("ana"))
        with freeze_time("2028-03-29"):
            self.remind()
            mapping = self.mapping("ana")
            self.assertEqual((mapping.state, mapping.channel), ("active", "staff"))
        with freeze_time("2028-03-30 12:00:00"):
            self.assertEqual(self.renew("ana").cause, Cause.ID_EXPIRED)
            self.remind()
            mapping = self.mapping("ana")
            self.assertEqual((mapping.state, mapping.channel), ("unlinked", "registry"))

    def test_reminders_are_made_once(self):
        with freeze_time(NOON):
            self.set_life()
            self.link("ana")
        reminders = self.env["g2p.spar.reminder"]
        table = [
            # day -> reminders of ana so far
            ("2027-01-29", []),
            ("2027-01-30", [30]),
            ("2027-02-10", [30]),
            ("2027-02-22", [7, 30]),
            ("2027-03-01", [0, 7, 30]),
            ("2027-03-20", [0, 7, 30]),
        ]
        for day, expected in table:
            with self.subTest(day), freeze_time(f"{day} 12:00:01"):
                self.remind()
                found = reminders.search([("mapping_id", "=", self.mapping("ana").id)])
                self.assertEqual(sorted(found.mapped("days")), expected)

    def test_nobody_is_reminded_of_a_sandbox_or_of_what_is_gone(self):
        with freeze_time(NOON):
            self.set_life()
            self.link("sam", origin=Origin(sandbox="red"))
            self.link("gone", "stays")
            self.mapper().unlink([UnlinkItem("1", NATIONAL_ID % "gone")])
        with freeze_time("2027-02-10"):
            self.env["g2p.spar.mapper"].remind()
            found = self.env["g2p.spar.reminder"].search([])
            self.assertEqual(found.mapping_id, self.mapping("stays"))

    def test_disputed_links_are_not_taken_away(self):
        with freeze_time(NOON):
            self.set_life()
            self.link("ana")
            self.step("suspend", "ana")
        with freeze_time("2030-01-01"):
            self.remind()
            self.assertEqual(self.mapping("ana").state, "suspended")

    def test_days_of_reminders_are_checked(self):
        id_type = self.set_life()
        for text in ("0", "x", "7, 7"):
            with self.subTest(text), self.assertRaises(UserError):
                id_type.warn_days = text

    # === REPORTS === #

    def test_a_failed_payment_stops_the_next(self):
        self.link("ana")
        outcome = self.report("ana", failed_on=date(2026, 2, 27))
        self.assertEqual(outcome.cause, Cause.DONE)
        self.assertIsNone(self.paid("ana"))
        mapping = self.mapping("ana")
        self.assertRecordValues(
            self.env["g2p.spar.failure.report"].search(
                [("mapping_id", "=", mapping.id)]
            ),
            [
                {
                    "mapping_id": mapping.id,
                    "version": 2,
                    "failure": "closed",
                    "failed_on": date(2026, 2, 27),
                    "user_id": self.api_user.id,
                }
            ],
        )
        self.assertEqual(mapping.version_ids[0].step, "report")

    def test_an_old_failure_is_not_why_a_later_dispute_stops_payments(self):
        self.link("ana")
        self.report("ana", "deceased")
        self.assertTrue(self.mapping("ana").failure_text)
        self.step("reinstate", "ana", user=self.manager)
        self.update("ana", "777")
        self.step("suspend", "ana")
        self.assertFalse(self.mapping("ana").failure_text)
        self.step("reinstate", "ana", user=self.manager)
        self.report("ana")
        self.assertIn("closed", self.mapping("ana").failure_text)

    def test_a_report_about_another_address_changes_nothing(self):
        self.link("ana")
        outcome = self.report("ana", fa=BANK_FA % "1")
        self.assertEqual(outcome.cause, Cause.FA_DIFFERS)
        self.assertEqual(self.report("ana", "bored").cause, Cause.FAILURE_INVALID)
        self.assertTrue(self.paid("ana"))
        found = [("mapping_id", "=", self.mapping("ana").id)]
        self.assertFalse(self.env["g2p.spar.failure.report"].search(found))

    def test_nobody_writes_reports_and_reminders(self):
        self.link("ana")
        self.report("ana")
        report = self.env["g2p.spar.failure.report"].search([], limit=1)
        for operation in (
            lambda: report.create({}),
            lambda: report.write({"failure": "invalid"}),
            report.unlink,
        ):
            with self.assertRaises(AccessError):
                operation()

from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, NATIONAL_ID

from .common import IntakeCase

NAMES = "id,fa,captured at,device"
BEFORE, CHANGED, AFTER = "2026-03-01T09:00Z", "2026-03-01 10:00", "2026-03-01T11:00Z"
LATER = "2026-03-02 08:00"


@tagged("post_install", "-at_install")
class TestCapture(IntakeCase):
    """What agents captured without a network comes late, and undoes nothing newer."""

    def setUp(self):
        super().setUp()
        # Another addon may know the devices, and refuse those of this test.
        intakes = type(self.env["g2p.spar.intake"])
        every_device = patch.object(intakes, "_refuse_devices", return_value=set())
        self.startPatcher(every_device)

    def captured(self, *cells, operation="update"):
        """Bring in a list of (person, account, time, device) on the day after."""
        rows = [
            ",".join([NATIONAL_ID % name, BANK_FA % number, at, device])
            for name, number, at, device in cells
        ]
        intake = self.upload(*rows, names=NAMES)
        intake.operation = operation
        return intake

    def test_older_capture_does_not_overwrite_a_newer_change(self):
        with freeze_time(CHANGED):
            self.link("a", "b")
        with freeze_time(LATER):
            intake = self.captured(
                ("a", "77", BEFORE, "tab-1"), ("b", "88", AFTER, "tab-1")
            )
            lines = intake.action_preview()["res_id"]
            lines = self.env["g2p.spar.intake.preview"].browse(lines).line_ids
            self.assertEqual(lines.mapped("is_refused"), [True, False])
            self.run_all(intake)

        self.assertEqual(intake.tally, {"changed_since": 1, "DONE": 1})
        [row] = self.refused(intake)
        self.assertIn("changed this person after captured at", row.popitem()[1])
        self.assertEqual(self.mapping("a").version, 1)
        self.assertEqual(self.mapping("b").fa_value, BANK_FA % "88")

    def test_trial_says_what_the_run_does(self):
        with freeze_time(CHANGED):
            self.link("a")
        with freeze_time(LATER):
            intake = self.captured(("a", "77", BEFORE, ""), ("a2", "1", BEFORE, "t"))
            intake.action_try()
            self.work_off()
            tried = intake.tally
            self.run_all(intake)
        self.assertEqual(tried, {"changed_since": 1, "ID_UNKNOWN": 1})
        self.assertEqual(intake.tally, tried)

    def test_what_is_stored_already_is_no_conflict(self):
        with freeze_time(CHANGED):
            self.link("a", fa=BANK_FA % "77")
        with freeze_time(LATER):
            intake = self.captured(("a", "77", BEFORE, "tab-1"), operation="link")
            self.run_all(intake)
        self.assertEqual(intake.tally, {"UNCHANGED": 1})

    def test_history_says_agent_and_device(self):
        with freeze_time(LATER):
            intake = self.captured(
                ("a", "1", AFTER, "tab-1"),
                ("b", "2", AFTER, ""),
                ("c", "3", AFTER, "tab-2"),
                operation="link",
            )
            self.run_all(intake)
        told = [
            (version.channel, version.evidence)
            for name in "abc"
            for version in self.mapping(name).version_ids
        ]
        self.assertEqual(
            told,
            [("agent", "device tab-1"), ("import", False), ("agent", "device tab-2")],
        )

    def test_rows_of_a_device_that_is_locked_are_refused(self):
        refused = patch.object(
            type(self.env["g2p.spar.intake"]),
            "_refuse_devices",
            lambda _self, devices: devices & {"tab-2"},
        )
        with freeze_time(LATER), refused:
            intake = self.captured(
                ("a", "1", AFTER, "tab-1"),
                ("b", "2", AFTER, "tab-2"),
                operation="link",
            )
            self.run_all(intake)
        self.assertEqual(intake.tally, {"DONE": 1, "device_unknown": 1})
        self.assertFalse(self.mapping("b"))

    def test_row_without_a_time_is_refused_where_the_others_have_one(self):
        intake = self.captured(("a", "1", "", "tab-1"), operation="link")
        self.run_all(intake)
        self.assertEqual(intake.tally, {"captured_missing": 1})

    def test_days_of_capture_are_shown_and_say_which_of_day_and_month_is_first(self):
        intake = self.upload("x,20/11/2026", names="id,captured at")
        self.assertEqual(intake.date_order, "dmy")
        self.assertEqual(intake.column_ids[1].example, "20/11/2026")

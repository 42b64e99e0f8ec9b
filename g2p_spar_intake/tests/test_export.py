import csv
import io

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.g2p_spar_mapper.core.commands import Origin
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, NATIONAL_ID, account_of

from .common import IntakeCase


@tagged("post_install", "-at_install")
class TestExport(IntakeCase):
    """Lists out of the registry: masked, or whole with a right and a reason."""

    def setUp(self):
        super().setUp()
        self.link("a", phone_number="+639171234567", name="=cmd|x")
        self.link("b")

    def fetch(self, user=None, **vals):
        """Ask for a list and fetch it. :return: (its record, its rows)"""
        exports = self.env["g2p.spar.export"].with_user(user or self.officer)
        export = exports.create({"provider_id": self.provider.id, **vals})
        text = b"".join(export.open()).decode()
        export.invalidate_recordset()
        return export, list(csv.DictReader(io.StringIO(text, newline="")))

    def test_masked_list_is_recorded(self):
        auditor = new_test_user(
            self.env(su=True), "x_auditor", groups="g2p_spar_mapper.group_auditor"
        )
        for user in (self.officer, auditor):
            with self.subTest(user.login):
                export, rows = self.fetch(user)
                self.assertEqual([row["state"] for row in rows], ["active"] * 2)
                told = str(rows)
                self.assertNotIn("639171234567", told)
                self.assertNotIn(account_of("a"), told)
                self.assertEqual((export.user_id, export.count), (user, 2))
                self.assertTrue(export.finished_at and export.digest)

    def test_whole_list_can_be_brought_in_again(self):
        export, rows = self.fetch(is_whole=True, reason="Reconciliation")
        self.assertEqual(rows[0]["id"], NATIONAL_ID % "a")
        self.assertEqual(rows[0]["fa"], BANK_FA % account_of("a"))
        self.assertEqual(rows[0]["name"], "'=cmd|x")
        again = io.StringIO(newline="")
        writer = csv.DictWriter(again, rows[0])
        writer.writeheader()
        writer.writerows(rows)

        intake = self.upload(blocks=[again.getvalue().encode()])
        self.run_all(intake)

        self.assertEqual(intake.tally, {"UNCHANGED": 2})
        self.assertEqual(export.reason, "Reconciliation")

    def test_an_export_is_called_by_the_readers_time(self):
        export = self.env["g2p.spar.export"].with_user(self.officer).create({})
        self.officer.tz, self.manager.tz = "UTC", "Asia/Manila"
        here, there = (
            export.with_user(user).display_name for user in (self.officer, self.manager)
        )
        self.assertNotEqual(here, there)
        self.assertIn(str(export.exported_at.year), there)

    def test_whole_numbers_need_the_right_and_a_reason(self):
        exports = self.env["g2p.spar.export"]
        auditor = new_test_user(
            self.env(su=True), "y_auditor", groups="g2p_spar_mapper.group_auditor"
        )
        with self.assertRaisesRegex(AccessError, "whole numbers"):
            exports.with_user(auditor).create({"is_whole": True, "reason": "x"})
        with self.assertRaisesRegex(UserError, "Say why"):
            exports.with_user(self.officer).create({"is_whole": True, "reason": " "})

    def test_list_is_fetched_once_and_by_who_asked(self):
        export, _rows = self.fetch()
        with self.assertRaisesRegex(UserError, "already"):
            export.open()
        with self.assertRaisesRegex(AccessError, "Somebody else"):
            export.with_user(self.manager).open()
        with self.assertRaises(AccessError):
            export.with_user(self.viewer).open()

    def test_record_cannot_be_forged_or_changed(self):
        exports = self.env["g2p.spar.export"].with_user(self.officer)
        export = exports.create({"user_id": 1, "count": 7, "begun_at": "2020-01-01"})
        self.assertEqual(export.user_id, self.officer)
        self.assertFalse(export.count or export.begun_at)
        with self.assertRaises(AccessError):
            export.write({"is_whole": True})
        with self.assertRaises(AccessError):
            export.unlink()

    def test_filters_and_sandboxes(self):
        self.link("s", origin=Origin(channel="api", sandbox="pbms"))
        self.step("hold", "b")
        self.assertEqual(len(self.fetch()[1]), 2)
        _export, rows = self.fetch(state="on_hold")
        self.assertEqual(len(rows), 1)
        other = (
            self.env["g2p.spar.provider"]
            .sudo()
            .search([("id", "!=", self.provider.id)], limit=1)
        )
        if other:
            self.assertEqual(self.fetch(provider_id=other.id)[0].user_id, self.officer)

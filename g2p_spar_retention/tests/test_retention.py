from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.g2p_spar_mapper.core.commands import Origin, ReportItem
from odoo.addons.g2p_spar_mapper.tests.change_common import ChangeCase
from odoo.addons.g2p_spar_mapper.tests.common import NATIONAL_ID
from odoo.addons.g2p_spar_mapper.tests.roles import ROLES, create_users

from ..models import g2p_spar_retention_rule as module

API = Origin("api", sender="pbms-a")


@tagged("post_install", "-at_install")
class TestRetention(ChangeCase):
    """What is old and done with goes; the rest stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()

    def ago(self, days):
        return freeze_time(self.now - timedelta(days=days))

    def rule(self, target, days=400, **values):
        return self.env["g2p.spar.retention.rule"].create(
            {"target": target, "days": days, "legal_basis": "Act 7, section 3"} | values
        )

    def decided(self, name, asked, decided=None):
        """Let a change of a person wait, and be decided."""
        with self.ago(900):
            self.link(name)
        with self.ago(asked):
            self.update(name, f"77{len(name)}", origin=API)
        if decided is not None:
            with self.ago(decided):
                self.decide("apply", name)

    def test_decided_changes_go_and_history_stays(self):
        self.policy()
        self.decided("amina", 600, 500)
        self.decided("biru", 600, 300)
        self.decided("chala", 600)
        lines = self.mapping("amina").version_ids
        rule = self.rule("pending_change")
        self.assertEqual(rule.due_count, 1)
        self.assertEqual(rule._purge(), 1)
        left = self.env["g2p.spar.pending.change"].search([]).mapping_id
        self.assertNotIn(self.mapping("amina"), left)
        self.assertLessEqual(self.mapping("biru") | self.mapping("chala"), left)
        self.assertEqual(self.mapping("amina").version_ids, lines)
        self.assertEqual(rule.due_count, 0)
        self.assertEqual(rule._purge(), 0)

    def test_the_report_of_a_mapping_that_is_not_paid_stays(self):
        with self.ago(900):
            self.link("amina", "biru")
        with self.ago(800):
            for name in ("amina", "biru"):
                item = ReportItem("1", NATIONAL_ID % name, "closed")
                self.mapper().report([item], API)
        with self.ago(700):
            self.step("reinstate", "biru", user=self.manager)
        rule = self.rule("failure_report")
        self.assertEqual(rule.due_count, 1)
        rule._purge()
        left = self.env["g2p.spar.failure.report"].search([]).mapping_id
        self.assertIn(self.mapping("amina"), left)
        self.assertNotIn(self.mapping("biru"), left)

    def test_a_purge_is_recorded(self):
        self.policy()
        self.decided("amina", 600, 500)
        rule = self.rule("pending_change")
        rule.action_purge()
        (run,) = rule.run_ids
        self.assertEqual(
            (run.target, run.purged, run.days, run.legal_basis, run.user_id),
            ("pending_change", 1, 400, "Act 7, section 3", self.env.user),
        )
        for operation in (lambda: run.write({"purged": 0}), run.unlink):
            with self.assertRaises(AccessError):
                operation()
        rule.unlink()
        self.assertTrue(run.exists())

    def test_many_go_in_portions(self):
        self.patch(module, "AT_ONCE", 1)
        self.policy()
        for name in ("amina", "biru", "chala"):
            self.decided(name, 600, 500)
        rule = self.rule("pending_change")
        self.assertEqual(rule._purge(), 3)
        self.assertEqual(rule.run_ids.purged, 3)

    def test_the_job_purges_by_rules_that_are_switched_on(self):
        self.policy()
        self.decided("amina", 600, 500)
        rule = self.rule("pending_change")
        self.env["g2p.spar.retention.rule"]._cron_purge()
        self.assertEqual(rule.due_count, 1)
        rule.is_nightly = True
        self.env["g2p.spar.retention.rule"]._cron_purge()
        rule.invalidate_recordset()
        self.assertEqual(rule.due_count, 0)

    def test_rules_that_cannot_be(self):
        for days in (29, 0, -1, 36501):
            with self.subTest(days=days), self.assertRaises(ValidationError):
                self.rule("pending_change", days)
        self.rule("reminder")
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.rule("reminder")

    def test_every_kind_can_be_counted(self):
        for target in self.env["g2p.spar.retention.rule"]._targets():
            self.assertGreaterEqual(self.rule(target).due_count, 0)

    def test_who_may_what(self):
        users = create_users(self.env)
        rule = self.rule("reminder")
        operations = {
            "read": (("admin", "auditor"), lambda r: r.read(["due_count", "days"])),
            "write": (("admin",), lambda r: r.write({"days": 500})),
            "purge": (("admin",), lambda r: r.action_purge()),
            "runs": (
                ("admin", "auditor"),
                lambda r: r.env["g2p.spar.retention.run"].search([]),
            ),
            "forge": (
                (),
                lambda r: r.env["g2p.spar.retention.run"].create(
                    {"target": "x", "days": 1}
                ),
            ),
        }
        for label, (allowed, operation) in operations.items():
            for role in ROLES:
                mine = rule.with_user(users[role])
                mine.invalidate_recordset()
                with self.subTest(operation=label, role=role), self.cr.savepoint():
                    if role in allowed:
                        operation(mine)
                    else:
                        with self.assertRaises(AccessError):
                            operation(mine)

from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.g2p_spar_mapper.core.commands import Origin, ReportItem
from odoo.addons.g2p_spar_mapper.tests.change_common import ChangeCase
from odoo.addons.g2p_spar_mapper.tests.common import NATIONAL_ID
from odoo.addons.g2p_spar_mapper.tests.roles import ROLES, create_users

from ..core.keeping import Target
from ..models import g2p_spar_retention_rule as module

API = Origin("api", sender="pbms-a")
FAILURES = "g2p.spar.failure.report"

#: Columns that a record of a table cannot be without.
_NEEDED = """
    SELECT column_name, data_type FROM information_schema.columns
    WHERE table_name = %s AND is_nullable = 'NO' AND column_default IS NULL
    AND is_identity = 'NO' AND column_name <> 'id'
"""
_TIES = """
    SELECT conname FROM pg_constraint
    WHERE conrelid = %s::regclass AND contype IN ('f', 'c')
"""
_FILLED = {
    "integer": 1,
    "bigint": 1,
    "boolean": False,
    "timestamp without time zone": "2026-01-01",
    "jsonb": "{}",
}
#: A state in which a record is done with, and one in which it is not.
_STATES = {
    "pending_change": ("applied", "waiting"),
    "notice": ("sent", "queued"),
    "consent": ("withdrawn", "active"),
    "intake": ("done", "running"),
    "agent_capture": ("refused", "approval"),
}


@tagged("post_install", "-at_install")
class TestRetention(ChangeCase):
    """What is old and done with goes; the rest stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()

    def setUp(self):
        super().setUp()
        self.let_run(60)

    def let_run(self, seconds):
        """Let jobs go on for so long behind each commit; a test commits nothing."""
        crons = self.registry["ir.cron"]
        self.patch(crons, "_commit_progress", lambda *args, **kwargs: seconds)

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
        words = run._fields["target"]._description_selection(self.env)
        self.assertEqual(dict(words)[run.target], rule.display_name)
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

    def test_a_job_that_has_no_more_time_keeps_what_it_did(self):
        self.patch(module, "AT_ONCE", 2)
        self.policy()
        for name in ("amina", "biru", "chala"):
            self.decided(name, 600, 500)
        rule = self.rule("pending_change", is_nightly=True)
        self.let_run(0)
        rule._cron_purge()
        self.assertEqual(rule.run_ids.mapped("purged"), [2])
        rule._cron_purge()
        self.assertEqual(rule.run_ids.mapped("purged"), [1, 2])

    def test_a_rule_whose_addon_is_gone_purges_nothing(self):
        self.policy()
        self.decided("amina", 600, 500)
        rules = self.rule("notice", is_nightly=True)
        rules |= self.rule("pending_change", is_nightly=True)
        known = rules._targets()
        known.pop("notice")
        self.patch(
            self.registry["g2p.spar.retention.rule"], "_targets", lambda _: known
        )
        rules.invalidate_recordset()
        self.assertEqual(rules.mapped("due_count"), [0, 1])
        rules._cron_purge()
        self.assertEqual(rules.run_ids.mapped("target"), ["pending_change"])

    def test_rules_that_cannot_be(self):
        for days in (29, 0, -1, 36501):
            with self.subTest(days=days), self.assertRaises(ValidationError):
                self.rule("pending_change", days)
        self.rule("reminder")
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.rule("reminder")

    def put(self, target, days, state):
        """Put a record of a kind there as old as that; its neighbours do not matter.

        :param state: of the record; none: the table has no states
        """
        kind = self.env["g2p.spar.retention.rule"]._targets()[target]
        # What other records it needs has nothing to do with its age.
        for (name,) in self.env.execute_query(SQL(_TIES, kind.table)):
            table, tie = SQL.identifier(kind.table), SQL.identifier(name)
            self.cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", table, tie))
        rows = self.env.execute_query(SQL(_NEEDED, kind.table))
        values = {name: _FILLED.get(form, f"x{days}") for name, form in rows}
        values[kind.moment] = self.now - timedelta(days=days)
        values |= {"state": state} if state else {}
        [[record_id]] = self.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES %s RETURNING id",
                SQL.identifier(kind.table),
                SQL(", ").join(map(SQL.identifier, values)),
                tuple(values.values()),
            )
        )
        return record_id

    def test_of_every_kind_only_what_is_old_and_done_with_goes(self):
        known = self.env["g2p.spar.retention.rule"]._targets()
        self.assertLessEqual({"pending_change", "failure_report"}, set(known))
        for target, kind in known.items():
            done, is_open = _STATES.get(target, (None, None))
            wanted = {
                self.put(target, 500, done): False,
                self.put(target, 380, done): True,
            }
            if is_open:
                wanted[self.put(target, 501, is_open)] = True
            rule = self.rule(target)
            with self.subTest(target=target):
                self.assertGreaterEqual(rule.due_count, 1)
                self.assertGreaterEqual(rule._purge(), 1)
                self.assertEqual(rule.due_count, 0)
                left = self.env.execute_query(
                    SQL(
                        "SELECT id FROM %s WHERE id = ANY(%s)",
                        SQL.identifier(kind.table),
                        list(wanted),
                    )
                )
                stays = {one for one, is_kept in wanted.items() if is_kept}
                self.assertEqual({row[0] for row in left}, stays)

    def test_files_go_with_their_records(self):
        """Here of a kind that has none: a rule does not ask which have."""
        record_id = self.put("failure_report", 500, None)
        target = Target("g2p_spar_failure_report", "reported_at", "true", 30, FAILURES)
        rules = self.registry["g2p.spar.retention.rule"]
        self.patch(rules, "_targets", lambda rule: {"failure_report": target})
        files = self.env["ir.attachment"].create(
            [
                {"name": "photo", "res_model": model, "res_id": record_id, **field}
                for model in (FAILURES, "res.partner")
                for field in ({"res_field": "photo"}, {})
            ]
        )
        self.rule("failure_report")._purge()
        left = files.exists().mapped("res_model")
        self.assertEqual(left, ["res.partner", "res.partner"])

    def test_files_of_nothing_stay(self):
        record_id = self.put("pending_change", 500, "applied")
        file = self.env["ir.attachment"].create({"name": "x", "res_id": record_id})
        self.rule("pending_change")._purge()
        self.assertTrue(file.exists())

    def test_the_newest_line_of_history_is_no_kind(self):
        tables = {
            kind.table
            for kind in self.env["g2p.spar.retention.rule"]._known_targets().values()
        }
        self.assertFalse(tables & {"g2p_spar_mapping", "g2p_spar_mapping_version"})

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

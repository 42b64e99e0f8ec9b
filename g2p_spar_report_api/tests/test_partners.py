import re
from datetime import date, datetime, timedelta
from pathlib import Path

from freezegun import freeze_time

from odoo import fields
from odoo.tests import TransactionCase, new_test_user, tagged

PAGE = Path(__file__).parents[1] / "readme" / "VIEWS.md"
NOON = datetime.fromisoformat("2026-05-04 12:00")


@tagged("post_install", "-at_install")
class TestPartners(TransactionCase):
    """Calls of partners in views, on the dashboard and in alerts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute("DELETE FROM g2p_spar_usage")
        cls.env["g2p.spar.alert.rule"].search([("active", "=", True)]).active = False
        cls.sender = cls.env["g2p.spar.sender"].create(
            {"name": "Cash programme", "mnemonic": "cash"}
        )
        cls.users = {
            role: new_test_user(
                cls.env, f"spar_{role}", groups=f"g2p_spar_mapper.group_{role}"
            )
            for role in ("viewer", "officer", "auditor", "admin")
        }

    def called(self, day, calls, refusals=0, sender=None, operation="resolve"):
        """Note calls of a day, as the job that gathers them does."""
        self.env.cr.execute(
            "INSERT INTO g2p_spar_usage (day, sender_id, operation, code, calls,"
            " refusals, items, succeeded, ms, last_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, 0, 5, %s)",
            [
                day,
                sender and sender.id,
                operation,
                "err.request.bad" if refusals else "",
                calls,
                refusals,
                calls * 10,
                datetime.combine(day, NOON.time()),
            ],
        )
        self.env["g2p.spar.usage"].invalidate_model()

    def test_the_view_is_as_the_page_says(self):
        self.env.cr.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_name = 'g2p_spar_report_api_traffic'"
            " ORDER BY ordinal_position"
        )
        told = PAGE.read_text().split("## g2p_spar_report_intake_row")[0]
        told = re.findall(r"^\| (\w+) \| ([\w ]+) \|", told, re.M)
        self.assertEqual(self.env.cr.fetchall(), told[1:])

    def test_sandboxes_are_left_out(self):
        self.called(NOON.date(), 5, sender=self.sender)
        self.env.cr.execute(
            "UPDATE g2p_spar_sender SET is_sandbox = true WHERE id = %s",
            [self.sender.id],
        )
        self.called(NOON.date(), 7)
        self.env.cr.execute("SELECT sum(calls) FROM g2p_spar_report_api_traffic")
        self.assertEqual(self.env.cr.fetchone()[0], 7)

    def test_the_dashboard_shows_calls(self):
        today = fields.Date.today()
        self.called(today, 5, sender=self.sender)
        self.called(today - timedelta(days=1), 4, 4)
        for role, user in self.users.items():
            board = self.env["g2p.spar.dashboard"].with_user(user)
            blocks = {b["title"]: b for b in board.get_figures(30)["blocks"]}
            lines = blocks["Calls of partners a day"]
            with self.subTest(role=role):
                self.assertEqual(lines["lines"][0]["values"][-2:], [4, 5])
                self.assertEqual(lines["lines"][1]["values"][-2:], [4, 0])
                bars = blocks["Items by partner"]["bars"]
                self.assertEqual(
                    [(bar["label"], bar["value"]) for bar in bars],
                    [("Cash programme", 50), ("Not recognised", 40)],
                )
                may_open = role in ("auditor", "admin")
                self.assertEqual(bool(lines["action"]), may_open)
                if may_open:
                    calls = self.env["g2p.spar.usage"].with_user(user)
                    found = calls.search(bars[0]["action"]["domain"])
                    self.assertEqual(found.sender_id, self.sender)

    def look(self, rule, at=NOON):
        with freeze_time(at):
            rule._look()
        found = [("rule_id", "=", rule.id)]
        return self.env["g2p.spar.alert"].search(found, order="id")

    def rule(self, threshold=10):
        return self.env["g2p.spar.alert.rule"].create(
            {"name": "Refused", "kind": "refusals", "threshold": threshold}
        )

    def test_refusals_are_found_once_a_day(self):
        rule = self.rule()
        self.called(NOON.date(), 6, 6, self.sender, "link")
        self.assertFalse(self.look(rule))
        self.called(NOON.date(), 9, 9, self.sender, "resolve")
        alert = self.look(rule)
        self.assertEqual(
            (alert.found_count, alert.sender, alert.subject_text), (15, "cash", "cash")
        )
        self.assertEqual(alert.sentence, "15 calls of this partner were refused.")
        self.assertEqual(self.look(rule, NOON + timedelta(hours=2)), alert)

    def test_unknown_callers_are_one_subject(self):
        rule = self.rule()
        self.called(NOON.date(), 40, 40)
        self.called(NOON.date() - timedelta(days=3), 40, 40)
        alert = self.look(rule)
        self.assertEqual(alert.period, date(2026, 5, 4).isoformat())
        self.assertEqual(alert.subject_text, "Calls that name no known partner")
        action = alert.action_open_subject()
        found = self.env["g2p.spar.usage"].search(action["domain"])
        self.assertEqual(found.mapped("refusals"), [40])

    def test_the_rule_says_what_it_does(self):
        self.assertEqual(
            self.rule(50).sentence,
            "Tells of a partner whose calls are refused 50 times or more on one day.",
        )
        delivered = self.env.ref("g2p_spar_report_api.rule_refusals")
        self.assertIn("50", delivered.sentence)
        self.assertTrue(delivered._look() >= 0)

import re
from pathlib import Path

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.g2p_spar_intake.tests.common import IntakeCase

PAGE = Path(__file__).parents[1] / "readme" / "VIEWS.md"
VIEW = "g2p_spar_report_intake_row"


@tagged("post_install", "-at_install")
class TestLists(IntakeCase):
    """Rows of lists in the view and on the dashboard."""

    def setUp(self):
        super().setUp()
        # Those of demonstration data are taken out of the counts.
        self.env.cr.execute("UPDATE g2p_spar_intake SET tally = NULL")

    def begin(self, *rows):
        """Upload a list and read it. :return: its intake"""
        intake = self.upload(*rows)
        self.work_off()
        return intake

    def found(self):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT outcome, is_refused, rows FROM %s ORDER BY 1",
                SQL.identifier(VIEW),
            )
        )
        return self.env.cr.fetchall()

    def test_the_view_is_as_the_page_says(self):
        self.env.cr.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_name = %s ORDER BY ordinal_position",
            [VIEW],
        )
        told = PAGE.read_text().split(f"## {VIEW}")[1]
        told = re.findall(r"^\| (\w+) \| ([\w ]+) \|", told, re.M)
        self.assertEqual(self.env.cr.fetchall(), told[1:])

    def test_what_is_only_tried_does_not_count(self):
        intake = self.begin(self.row("amina"), ",nobody")
        intake.action_try()
        self.work_off()
        self.assertEqual(intake.state, "checked")
        self.assertEqual(self.found(), [])
        intake.action_cancel()
        self.assertEqual(self.found(), [])

    def test_rows_count_by_outcome(self):
        intake = self.begin(self.row("amina"), self.row("biru"), ",nobody")
        intake.action_run()
        self.work_off()
        self.assertEqual(intake.state, "done")
        self.assertEqual(self.found(), [("DONE", False, 2), ("empty", True, 1)])

    def test_what_was_done_before_a_list_was_cancelled_counts(self):
        intake = self.begin(self.row("amina"))
        intake.action_run()
        intake.sudo().tally = {"DONE": 1}
        intake.action_cancel()
        self.assertEqual(self.found(), [("DONE", False, 1)])

    def test_the_dashboard_says_why(self):
        intake = self.begin(self.row("amina"), ",nobody", "no address,")
        intake.action_run()
        self.work_off()
        for user, may_open in ((self.manager, True), (self.officer, False)):
            board = self.env["g2p.spar.dashboard"].with_user(user)
            blocks = {b["title"]: b for b in board.get_figures(30)["blocks"]}
            lines = blocks["Rows of lists a day"]
            with self.subTest(user=user.login):
                self.assertEqual([n["values"][-1] for n in lines["lines"]], [1, 2])
                self.assertEqual(lines["days"][-1], fields.Date.today().isoformat())
                self.assertEqual(bool(lines["action"]), may_open)
                labels = [
                    bar["label"]
                    for bar in blocks["Why rows of lists were refused"]["bars"]
                ]
                self.assertEqual(len(labels), 2)
                self.assertIn("The column … is empty.", labels)
        action = lines["action"] or board.with_user(self.manager)._open_lists([])
        found = self.env["g2p.spar.intake"].with_user(self.manager)
        self.assertIn(intake, found.search(action["domain"]))

    def test_a_reason_of_old_stays_as_it_is(self):
        board = self.env["g2p.spar.dashboard"]
        self.assertEqual(board._say_refusal("of old"), "of old")

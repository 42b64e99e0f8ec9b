import re
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.tests import TransactionCase, new_test_user, tagged

PAGE = Path(__file__).parents[1] / "readme" / "VIEWS.md"


@tagged("post_install", "-at_install")
class TestLogins(TransactionCase):
    """Logins in the view and on the dashboard."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute("DELETE FROM g2p_spar_oidc_event")
        today = fields.Date.today()
        for day, outcome, hits in (
            (today, "succeeded", 5),
            (today - timedelta(days=1), "succeeded", 3),
            (today - timedelta(days=1), "state_unknown", 2),
        ):
            cls.env.cr.execute(
                "INSERT INTO g2p_spar_oidc_event"
                " (day, purpose, outcome, is_failure, hits)"
                " VALUES (%s, 'login', %s, %s, %s)",
                [day, outcome, outcome != "succeeded", hits],
            )
        cls.users = {
            role: new_test_user(
                cls.env, f"spar_{role}", groups=f"g2p_spar_mapper.group_{role}"
            )
            for role in ("viewer", "officer", "auditor", "manager")
        }

    def test_the_view_is_as_the_page_says(self):
        self.env.cr.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_name = 'g2p_spar_report_login' ORDER BY ordinal_position"
        )
        told = re.findall(r"^\| (\w+) \| ([\w ]+) \|", PAGE.read_text(), re.M)
        self.assertEqual(self.env.cr.fetchall(), told[1:])

    def test_the_dashboard_shows_logins(self):
        for role, user in self.users.items():
            board = self.env["g2p.spar.dashboard"].with_user(user)
            blocks = {b["title"]: b for b in board.get_figures(30)["blocks"]}
            block = blocks["Logins of beneficiaries a day"]
            with self.subTest(role=role):
                self.assertEqual(block["lines"][0]["values"][-3:], [0, 3, 5])
                self.assertEqual(block["lines"][1]["values"][-3:], [0, 2, 0])
                may_open = role in ("auditor", "manager")
                self.assertEqual(bool(block["action"]), may_open)
                if may_open:
                    logins = self.env["g2p.spar.oidc.event"].with_user(user)
                    found = logins.search(block["action"]["domain"])
                    self.assertEqual(sum(found.mapped("hits")), 10)

from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.core.commands import Origin, ReportItem
from odoo.addons.g2p_spar_mapper.tests.change_common import ChangeCase
from odoo.addons.g2p_spar_mapper.tests.common import NATIONAL_ID

from .common import ReportCase

API = Origin("api", sender="pbms-a")


@tagged("post_install", "-at_install")
class TestWaiting(ChangeCase, ReportCase):
    """Changes that wait, and failed payments."""

    def test_what_waits_and_what_came_of_it(self):
        before = len(self.rows("waiting_change"))
        self.policy(payment="stop")
        with self.on(4):
            self.link("amina", "biru")
        with self.on(3):
            self.update("amina", "77", origin=API)
            self.update("biru", "78", origin=API)
        day = self.today - timedelta(days=3)
        self.assertEqual(
            self.rows("waiting_change", where=f"day = '{day}'"),
            [
                {
                    "day": day,
                    "step": "update",
                    "channel": "api",
                    "needs_agreement": False,
                    "payment_stopped": True,
                    "changes": 2,
                }
            ],
        )
        with self.on(1):
            self.decide("apply", "amina")
            self.decide("withdraw", "biru")
        self.assertEqual(len(self.rows("waiting_change")), before)
        self.count()
        self.assertEqual(self.address_changes(), {"link": 0, "propose": 0, "apply": 1})

    def address_changes(self):
        """Changed addresses by what happened, at the test's provider."""
        rows = self.rows("change", where="provider_code = 'testbank'")
        return {
            row["step"]: row["address_changes"]
            for row in rows
            if row["step"] in ("link", "propose", "apply")
        }

    def test_states_of_what_waits(self):
        """A mapping whose payment stops is on hold until it is decided."""
        self.policy(payment="stop")
        with self.on(4):
            self.link("amina")
        with self.on(3):
            self.update("amina", "77", origin=API)
        with self.on(1):
            self.decide("apply", "amina")
        self.count()
        waiting = self.before.get("on_hold", 0)
        self.assertEqual(self.totals(3)["on_hold"], waiting + 1)
        self.assertEqual(self.totals(1)["on_hold"], waiting)

    def test_failed_payments(self):
        with self.on(3):
            self.link("amina")
        items = [ReportItem("1", NATIONAL_ID % "amina", "deceased")]
        with self.on(2):
            self.mapper().report(items, API)
        day = self.today - timedelta(days=2)
        self.assertEqual(
            self.rows("failed_payment", where=f"day = '{day}'"),
            [{"day": day, "failure": "deceased", "channel": "api", "reports": 1}],
        )
        self.count()
        (row,) = self.rows("dispute", where=f"day = '{day}'")
        self.assertEqual(row["opened"], 1)

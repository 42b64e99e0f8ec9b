from contextlib import nullcontext

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged

from .change_common import ChangeCase
from .common import BANK_FA, account_of


@tagged("post_install", "-at_install")
class TestLifeBrowser(HttpCase, ChangeCase):
    """A link from its beginning to its end, as an officer sees it in a browser.

    The server's clock stands at each moment; later than today, as a browser drops
    cookies of the past.
    """

    def enter_registry_test_mode(self):
        # A test of pages is in it from its beginning; Odoo complains of a second time.
        return nullcontext()

    def at(self, moment, tour=None):
        """Let the job run at a moment, and an officer look at the link."""
        with freeze_time(moment, tick=True):
            self.remind()
            if tour:
                path = f"/odoo/spar-mappings/{self.mapping('ana').id}"
                name = f"g2p_spar_mapper_life_{tour}"
                self.start_tour(path, name, login=self.officer.login)
            return self.paid("ana")

    def reminders(self):
        """How many days before the end reminders were noted, in their order."""
        found = [("mapping_id", "=", self.mapping("ana").id)]
        return self.env["g2p.spar.reminder"].search(found, order="id").mapped("days")

    def test_warning_end_grace_renewal_and_loss(self):
        address = BANK_FA % account_of("ana")
        with freeze_time("2040-03-01 12:00:00"):
            self.set_life()
            self.link("ana")

        self.assertEqual(self.at("2041-01-20 12:00:00", "runs"), address)
        self.assertEqual(self.reminders(), [])
        self.assertEqual(self.at("2041-02-01 12:00:00"), address)
        self.assertEqual(self.at("2041-02-24 12:00:00", "warns"), address)
        self.assertEqual(self.reminders(), [30, 7])
        self.assertIsNone(self.at("2041-03-05 12:00:00"))
        self.assertEqual(self.reminders(), [30, 7, 0])
        self.assertEqual(self.at("2041-03-20 12:00:00", "renew"), address)
        self.assertEqual(self.at("2042-03-19 12:00:00"), address)
        self.assertIsNone(self.at("2042-04-18 12:00:00"))
        self.assertIsNone(self.at("2042-04-20 12:00:00", "gone"))

        steps = self.mapping("ana").version_ids.sorted("id").mapped("step")
        self.assertEqual(steps, ["link", "renew", "unlink"])

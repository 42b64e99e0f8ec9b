from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.core.commands import Origin, ReportItem, RollbackItem
from odoo.addons.g2p_spar_mapper.tests.common import NATIONAL_ID, STAFF, MapperCase

from .contact_common import ContactMixin
from .waiting_common import NEW, WaitingMixin

PHONE = "+254712345678"


@tagged("post_install", "-at_install")
class TestNoticeLater(WaitingMixin, ContactMixin, MapperCase):
    """People are told of changes that wait, failed payments and ends of links."""

    def setUp(self):
        super().setUp()
        self.env["g2p.spar.notice"].search([]).unlink()
        self.link("amina")
        self.read()
        self.confirmed("amina", "phone", PHONE)

    def told(self):
        """Topics of what was told since the account was linked, and the texts."""
        self.read()
        self.read()
        found = self.notices("amina").sorted("id")
        found = found.filtered(lambda one: one.topic != "link")
        return found.mapped("topic"), found.mapped("body")

    def test_each_thing_is_told_once_with_its_own_words(self):
        self.policy()
        self.ask()
        self.decide("withdraw")
        self.ask()
        self.decide("apply")
        back = RollbackItem("1", NATIONAL_ID % "amina", 1)
        self.env["g2p.spar.change.policy"].search([]).active = False
        self.mapper(self.manager).rollback([back], STAFF)
        topics, texts = self.told()
        self.assertEqual(
            topics, ["proposed", "withdrawn", "proposed", "applied", "rolled_back"]
        )
        for text in texts[:3]:
            self.assertIn(f"****{NEW[-3:]}", text)
        self.assertIn("till then", texts[0])
        self.assertIn("the change to", texts[1])
        self.assertNotIn(NEW, "".join(texts))

    def test_old_and_new_contacts_are_told(self):
        """Whoever comes as a thief changes the phone first."""
        former = self.confirmed("amina", "email", "amina@example.org")
        former.write({"state": "ended", "ended_at": former.confirmed_at})
        self.policy(payment="stop")
        self.ask()
        self.read()
        told = self.notices("amina").filtered(lambda one: one.topic == "proposed")
        self.assertEqual(set(told.mapped("value")), {PHONE, "amina@example.org"})
        self.assertIn("no money till then", told[0].body)

    def test_a_failed_payment_is_told_with_its_reason(self):
        item = ReportItem("1", NATIONAL_ID % "amina", "closed")
        self.mapper().report([item], STAFF)
        topics, [text] = self.told()
        self.assertEqual(topics, ["failed"])
        self.assertIn("is closed, so we send no money now", text)

    def test_a_link_that_ran_out_is_told_by_the_registrys_channel(self):
        self.mapper().unlink(self.unlink_items("amina"), Origin(channel="registry"))
        topics, [text] = self.told()
        self.assertEqual(topics, ["expired"])
        self.assertIn("ran out", text)

    # === REMINDERS === #

    def test_each_reminder_is_told_once(self):
        for days in (20, 5, -1):
            self.ends_in(days)
            self.mapper().remind()
            self.mapper().remind()
            self.read()
        topics, texts = self.told()
        self.assertEqual(topics, ["ends", "ends", "ended"])
        self.assertIn("Still yours? Say so online.", texts[0])

    def test_who_renewed_meanwhile_is_not_reminded(self):
        self.ends_in(20)
        self.mapper().remind()
        self.ends_in(365)
        self.assertEqual(self.told()[0], [])

    def test_nobody_is_asked_to_renew_what_is_on_hold(self):
        """Its money does not come, and a hold cannot be renewed."""
        self.ends_in(20)
        self.step("hold", "amina")
        self.mapper().remind()
        self.assertEqual(self.told()[0], ["hold"])
        self.step("release", "amina", user=self.manager)
        self.mapper().remind()
        self.assertEqual(self.told()[0], ["hold", "release", "ends"])

    def test_reminders_are_of_the_registrys_channel(self):
        self.set("notified_channels", "staff")
        self.ends_in(20)
        self.mapper().remind()
        self.assertEqual(self.told()[0], [])

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.core.commands import LinkItem, Origin
from odoo.addons.g2p_spar_mapper.tests.common import (
    BANK_FA,
    NATIONAL_ID,
    MapperCase,
    account_of,
)

from .contact_common import ContactMixin

PORTAL = Origin(channel="portal", transaction_id="SPAR-7K3M9-Q2FXA")


@tagged("post_install", "-at_install")
class TestNotice(ContactMixin, MapperCase):
    """Who is told of which change, and by which words."""

    def change(self, *names, fa="999000111", origin=PORTAL, **values):
        """Update the accounts of some people."""
        items = [
            LinkItem(f"new-{name}", NATIONAL_ID % name, BANK_FA % fa, **values)
            for name in names
        ]
        return self.mapper().update(items, origin)

    def test_every_step_in_every_channel_is_told(self):
        self.confirmed("amina", "phone", "+254712345678")
        self.link("amina", origin=Origin(channel="api"))
        self.change("amina", origin=Origin(channel="agent"))
        self.step("hold", "amina")
        self.step("release", "amina", user=self.manager)
        self.step("suspend", "amina", origin=Origin(channel="portal"))
        self.step("reinstate", "amina", user=self.manager)
        self.mapper().unlink(self.unlink_items("amina"), Origin(channel="staff"))
        self.read()
        told = self.notices("amina").sorted("id")
        self.assertEqual(
            told.mapped("topic"),
            ["link", "update", "hold", "release", "suspend", "reinstate", "unlink"],
        )
        self.assertEqual(set(told.mapped("value")), {"+254712345678"})

    def test_the_text_says_what_when_and_what_to_do(self):
        self.set("help_phone", "+254 20 1234")
        self.set("short_url", "https://spar.example.org")
        self.confirmed("amina", "phone", "+254712345678")
        self.link("amina")
        self.change("amina")
        self.read()
        body = self.notices("amina").sorted("id")[-1].body
        for part in (
            "Test Bank ****111, not to Test Bank ****",
            "SPAR-7K3M9-Q2FXA",
            "online",
            "Call +254 20 1234 or see spar.example.org",
        ):
            self.assertIn(part, body)
        self.assertNotIn("999000111", body)
        self.assertNotIn(account_of("amina"), body)
        self.assertNotIn("Amina", body)

    def test_sms_and_mail_wait_in_the_queues_of_odoo(self):
        self.confirmed("amina", "phone", "+254712345678")
        self.confirmed("amina", "email", "amina@example.org")
        self.link("amina")
        self.read()
        sms = self.env["sms.sms"].search([("number", "=", "+254712345678")])
        mail = self.env["mail.mail"].search([("email_to", "=", "amina@example.org")])
        self.assertEqual(sms.state, "outgoing")
        self.assertEqual(mail.state, "outgoing")
        self.assertTrue(mail.auto_delete)
        self.assertIn("Test Bank ****", mail.body_html)
        self.assertEqual(
            mail.spar_notice_id,
            self.notices("amina").filtered(lambda one: one.kind == "email"),
        )

    def test_nothing_is_told_twice(self):
        self.confirmed("amina", "phone", "+254712345678")
        self.link("amina")
        self.read()
        self.read()
        self.assertEqual(len(self.notices("amina")), 1)

    def test_the_phone_of_the_mapping_is_told_before_and_after(self):
        self.link("amina", phone_number="+254712345678")
        self.change("amina", phone_number="+254798765432")
        self.read()
        told = self.notices("amina").sorted("id")
        self.assertEqual(
            [(one.topic, one.value) for one in told],
            [
                ("link", "+254712345678"),
                ("update", "+254712345678"),
                ("update", "+254798765432"),
            ],
        )

    def test_a_former_phone_of_the_mapping_is_told_for_some_days(self):
        self.link("amina", phone_number="+254712345678")
        self.change("amina", fa=account_of("amina"), phone_number="+254798765432")
        self.change("amina")
        self.read()
        last = self.notices("amina").filtered(lambda one: one.topic == "update")
        self.assertEqual(set(last.mapped("value")), {"+254712345678", "+254798765432"})

    def test_a_contact_that_ended_is_told_for_some_days(self):
        recent = self.confirmed("amina", "phone", "+254712345678")
        long_ago = self.confirmed("amina", "email", "amina@example.org")
        now = fields.Datetime.now()
        recent.write({"state": "ended", "ended_at": now - timedelta(days=29)})
        long_ago.write({"state": "ended", "ended_at": now - timedelta(days=31)})
        self.link("amina")
        self.read()
        self.assertEqual(self.notices("amina").mapped("value"), ["+254712345678"])

    def test_a_contact_that_waits_for_its_code_is_not_told(self):
        self.confirmed("amina", "phone", "+254712345678").state = "asked"
        self.link("amina")
        self.read()
        self.assertFalse(self.notices("amina"))

    def test_a_contact_confirmed_later_is_not_told_of_earlier_changes(self):
        self.link("amina")
        later = fields.Datetime.now() + timedelta(seconds=5)
        self.confirmed("amina", "phone", "+254712345678", confirmed_at=later)
        self.read()
        self.assertFalse(self.notices("amina"))

    def test_nobody_hears_of_another_person(self):
        self.confirmed("amina", "phone", "+254712345678")
        self.link("badu")
        self.read()
        self.assertFalse(self.notices("amina"))
        self.assertFalse(self.env["sms.sms"].search([("number", "like", "71234")]))

    def test_in_a_sandbox_nobody_is_told(self):
        self.link(
            "amina",
            origin=Origin(sandbox="pbms"),
            phone_number="+254712345678",
        )
        self.read()
        self.assertFalse(self.env["sms.sms"].search([("number", "like", "71234")]))

    def test_channels_may_be_left_out_but_not_the_portal(self):
        self.confirmed("amina", "phone", "+254712345678")
        self.link("amina", origin=Origin(channel="import"))
        self.read()
        self.assertFalse(self.notices("amina"), "imports are not told by default")
        self.set("notified_channels", "-")
        self.change("amina", fa="1110000", origin=Origin(channel="api"))
        self.change("amina", fa="2220000")
        self.read()
        self.assertEqual(self.notices("amina").mapped("channel"), ["portal"])

    def test_history_before_the_floor_is_not_told(self):
        self.confirmed("amina", "phone", "+254712345678")
        self.link("amina")
        self.env.cr.execute(
            "UPDATE g2p_spar_notice_reading SET floor_id ="
            " (SELECT max(id) FROM g2p_spar_mapping_version) WHERE source = 'change'"
        )
        self.read()
        self.assertFalse(self.notices("amina"))

    def test_a_phone_that_cannot_be_is_shown_as_failed(self):
        self.link("amina", phone_number="12345")
        self.read()
        notice = self.notices("amina")
        self.assertEqual(
            (notice.state, notice.failure), ("failed", "sms_number_format")
        )
        self.assertFalse(self.env["sms.sms"].search([("number", "=", "12345")]))

    def test_each_is_told_in_the_own_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.confirmed("amina", "phone", "+254712345678", lang="fr_FR")
        self.confirmed("badu", "phone", "+254798765432", lang="xx_XX")
        self.link("amina", "badu")
        self.read()
        self.assertEqual(self.notices("amina").lang, "fr_FR")
        self.assertEqual(self.notices("badu").lang, "en_US")

    # === WHAT BECOMES OF SENDING === #

    def test_a_gateway_that_is_down_is_tried_again(self):
        self.confirmed("amina", "phone", "+254712345678")
        self.link("amina")
        self.read()
        self.send_sms("server_error")
        notice = self.notices("amina")
        self.assertEqual((notice.state, notice.failure), ("failed", "sms_server"))
        self.assertEqual(notice.retry_at, fields.Datetime.now() + timedelta(minutes=5))
        with self.at(minutes=6):
            self.env["g2p.spar.notice"]._send_again_due()
            self.assertEqual((notice.state, notice.attempts), ("queued", 2))
            self.send_sms("success")
        self.assertEqual((notice.state, notice.failure), ("sent", False))
        self.assertEqual(len(self.sent), 2, "two attempts, not more")

    def test_a_wrong_number_is_not_tried_again(self):
        self.confirmed("amina", "phone", "+254712345678")
        self.link("amina")
        self.read()
        self.send_sms("wrong_number_format")
        notice = self.notices("amina")
        self.assertEqual((notice.state, notice.retry_at), ("failed", False))

    def test_a_report_of_delivery_is_noted(self):
        self.confirmed("amina", "phone", "+254712345678")
        self.link("amina")
        self.read()
        self.send_sms("success")
        notice = self.notices("amina")
        self.assertEqual(notice.state, "sent")
        tracker = self.env["sms.tracker"].search([("spar_notice_id", "=", notice.id)])
        tracker._action_update_from_sms_state("sent")
        self.assertEqual(notice.state, "delivered")
        tracker._action_update_from_sms_state("pending")
        self.assertEqual(notice.state, "delivered", "reports come in any order")

    def test_old_notices_forget_whom_they_told_what(self):
        self.confirmed("amina", "phone", "+254712345678")
        self.link("amina")
        self.read()
        notice = self.notices("amina")
        with self.at(days=181):
            notice._gc()
        self.assertFalse(notice.value or notice.body or notice.subject)
        self.read()
        self.assertEqual(len(self.notices("amina")), 1, "and are not told again")

    # === COST === #

    def test_the_number_of_statements_does_not_grow(self):
        counts = []
        for names in (
            ["aa", "ab"],
            [f"b{letter}" for letter in "abcdefghijklmnopqrst"],
        ):
            for name in names:
                number = f"+2547{sum(map(ord, name)):08d}"
                self.confirmed(name, "phone", number)
                self.confirmed(name, "email", f"{name}@example.org")
            self.link(*names)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.read()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            for name in names:
                self.assertEqual(len(self.notices(name)), 2)
        self.assertLessEqual(counts[1], counts[0])

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..core.notices import Topic
from ..core.sms import segments
from ..models.notice_words import Facts, code_text, notice_text

REFERENCE = "SPAR-7K3M9-Q2FXA"
SETTINGS = {
    "help_phone": "+254 20 123 4567",
    "short_url": "https://pay.example.org",
    "programme_name": "Cash for All",
}


@tagged("post_install", "-at_install")
class TestNoticeWords(TransactionCase):
    """Each topic has words, and they are few."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, value in SETTINGS.items():
            key = f"g2p_spar_portal.{name}"
            cls.env["ir.config_parameter"].set_param(key, value)

    def facts(self, topic, **values):
        now = fields.Datetime.to_datetime("2026-11-23 10:00:00")
        told = Facts(topic, "portal", now, REFERENCE, "Pink ****6789", "Blue ****1234")
        if topic in (Topic.CONTACT_SET, Topic.CONTACT_ENDED):
            told = told._replace(account="****78", kind="phone")
        return told._replace(**values)

    def sms(self, topic, lang="en_US", **values):
        env = self.env(context={"lang": lang})
        [text] = notice_text(env, self.facts(topic, **values), "phone").lines
        return text

    def test_every_topic_in_english_is_one_sms(self):
        for topic in Topic:
            with self.subTest(topic=topic.value):
                text = self.sms(topic)
                self.assertEqual(segments(text), 1, f"{len(text)}: {text}")
                self.assertIn(REFERENCE, text)
                self.assertIn("Call +254 20 123 4567 or see pay.example.org", text)

    def test_every_channel_has_words(self):
        for channel in ("portal", "staff", "agent", "api", "import"):
            with self.subTest(channel=channel):
                self.assertIn("Nov 23, 2026", self.sms(Topic.UPDATE, channel=channel))

    def test_a_hold_says_until_when(self):
        until = fields.Datetime.to_datetime("2026-11-23 23:30:00")
        self.assertIn("on hold.", self.sms(Topic.HOLD))
        self.assertIn("until Nov 23, 2026", self.sms(Topic.HOLD, until=until))
        self.env.company.partner_id.tz = "Asia/Manila"
        self.assertIn("until Nov 24, 2026", self.sms(Topic.HOLD, until=until))

    def test_a_mail_has_a_line_for_each_thing(self):
        text = notice_text(self.env, self.facts(Topic.UPDATE), "email")
        self.assertEqual(len(text.lines), 3)
        self.assertIn("https://pay.example.org", text.lines[-1])

    def test_without_a_help_phone_the_portal_is_named(self):
        self.env["ir.config_parameter"].set_param("g2p_spar_portal.help_phone", False)
        self.assertTrue(self.sms(Topic.LINK).endswith("Not you? See pay.example.org"))

    def test_numbers_keep_their_order_in_arabic(self):
        self.env["res.lang"]._activate_lang("ar_001")
        text = self.sms(Topic.LINK, lang="ar_001")
        self.assertIn("\u2066+254 20 123 4567\u2069", text)
        self.assertIn(f"\u2066{REFERENCE}\u2069", text)
        self.assertIn("\u2068Pink ****6789\u2069", text)

    def test_a_percent_sign_in_a_name_breaks_nothing(self):
        text = self.sms(Topic.LINK, account="100% Bank %(x)s ****1")
        self.assertIn("100% Bank %(x)s ****1", text)

    def test_a_code_is_said_with_what_it_is_for(self):
        [text] = code_text(self.env, "012345", "phone").lines
        self.assertTrue(text.startswith("012345 is your code for Cash for All."))
        self.assertEqual(segments(text), 1)
        self.assertNotIn("012345", code_text(self.env, "012345", "email").subject)

from itertools import product

from odoo import fields
from odoo.tests import TransactionCase, tagged

from odoo.addons.g2p_spar_mapper.core.failure import Failure

from ..core.notices import Topic
from ..core.settings import CHANNELS
from ..core.sms import segments
from ..models.contact_words import unreadable
from ..models.notice_words import Facts, code_text, notice_text
from ..models.person_words import FAILURES

REMINDERS = (Topic.ENDS, Topic.ENDED)
REFERENCE = "SPAR-7K3M9-Q2FXA"
SETTINGS = {
    "help_phone": "+254 20 123 4567",
    "short_url": "https://pay.example.org",
    "programme_name": "Cash for All",
}


#: Names as long as those of real banks, by language.
LONG_NAMES = {
    "en_US": "Development Bank of the Philippines",
    "fr_FR": "Banque Nationale de Développement Agricole",
    "tl_PH": "Development Bank of the Philippines",
    "ar_001": "بنك التنمية الصناعية والعمال المصري",
    "hi_IN": "राजस्थान मरुधरा ग्रामीण बैंक",
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
        if topic == Topic.LANGUAGE:
            told = told._replace(account="hi_IN")
        if topic == Topic.ENDS:
            told = told._replace(until=now)
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

    def test_no_notice_is_more_than_two_sms_in_any_language(self):
        day = fields.Datetime.to_datetime("2026-09-23 10:00:00")
        for lang, name in LONG_NAMES.items():
            self.env["res.lang"]._activate_lang(lang)
            told = {"account": f"{name} ****6789", "before": f"{name} ****1234"}
            for topic, channel in product(Topic, CHANNELS):
                kind = "phone" if topic.startswith("contact") else None
                text = self.sms(
                    topic,
                    lang,
                    channel=channel,
                    moment=day,
                    until=day,
                    kind=kind,
                    **told,
                )
                with self.subTest(lang, topic=topic.value, channel=channel):
                    self.assertLessEqual(segments(text), 2, f"{len(text)}: {text}")
                    self.assertIn(REFERENCE, text)
                    self.assertIn(SETTINGS["help_phone"], text)
                    if topic in (Topic.LINK, Topic.UPDATE, Topic.HOLD):
                        self.assertIn("****6789", text)

    def test_a_notice_that_fits_tells_all(self):
        text = self.sms(Topic.UPDATE)
        self.assertIn("goes to Pink ****6789, not to Blue ****1234.", text)
        self.env["res.lang"]._activate_lang("ar_001")
        self.assertIn("Pink ****6789", self.sms(Topic.UPDATE, "ar_001"))

    def test_no_code_is_more_than_one_sms_in_any_language(self):
        name = "Pantawid Pamilyang Pilipino Program of the Republic"
        self.env["ir.config_parameter"].set_param(
            "g2p_spar_portal.programme_name", name
        )
        for lang in LONG_NAMES:
            self.env["res.lang"]._activate_lang(lang)
            env = self.env(context={"lang": lang})
            [text] = code_text(env, "012345", "phone").lines
            with self.subTest(lang):
                self.assertEqual(segments(text), 1, f"{len(text)}: {text}")
                self.assertIn("012345", text)
                self.assertIn("Pantawid", text)

    def test_every_channel_has_words(self):
        for channel in CHANNELS:
            with self.subTest(channel=channel):
                self.assertIn("Nov 23", self.sms(Topic.UPDATE, channel=channel))

    def test_a_hold_says_until_when(self):
        until = fields.Datetime.to_datetime("2026-11-23 23:30:00")
        self.assertIn("on hold.", self.sms(Topic.HOLD))
        self.assertIn("until Nov 23.", self.sms(Topic.HOLD, until=until))
        self.env.company.partner_id.tz = "Asia/Manila"
        self.assertIn("until Nov 24.", self.sms(Topic.HOLD, until=until))

    def test_a_change_that_waits_says_when_and_what_is_paid(self):
        until = fields.Datetime.to_datetime("2026-12-01 10:00:00")
        for expected, values in (
            ("from Dec 1, Blue ****1234 till then", {"meanwhile": "paid"}),
            ("from Dec 1, no money till then", {"meanwhile": "held"}),
            ("paid till staff agree", {"meanwhile": "paid", "until": None}),
            ("No money till staff agree", {"until": None}),
        ):
            text = self.sms(Topic.PROPOSED, **{"until": until, **values})
            with self.subTest(expected):
                self.assertIn(expected, text)
                self.assertIn("Pink ****6789", text)

    def test_a_failed_payment_says_why_in_two_sms(self):
        for lang, name in LONG_NAMES.items():
            self.env["res.lang"]._activate_lang(lang)
            account, told = f"{name} ****6789", set()
            for failure in Failure:
                text = self.sms(Topic.FAILED, lang, failure=failure, account=account)
                told.add(text)
                with self.subTest(lang, failure=failure.value):
                    self.assertLessEqual(segments(text), 2, f"{len(text)}: {text}")
                    self.assertIn("****6789", text)
            self.assertEqual(len(told), len(Failure))

    def test_a_reminder_asks_nobody_whether_it_was_them(self):
        for topic in REMINDERS:
            text = self.sms(topic, channel="registry")
            self.assertNotIn("Not you", text)
            self.assertTrue(
                text.endswith("Call +254 20 123 4567 or see pay.example.org")
            )

    def test_a_mail_has_a_line_for_each_thing(self):
        text = notice_text(self.env, self.facts(Topic.UPDATE), "email")
        self.assertEqual(len(text.lines), 3)
        self.assertIn("Nov 23, 2026", text.lines[1])
        self.assertIn("https://pay.example.org", text.lines[-1])

    def test_without_a_help_phone_the_portal_is_named(self):
        self.env["ir.config_parameter"].set_param("g2p_spar_portal.help_phone", False)
        self.assertTrue(self.sms(Topic.LINK).endswith("Not you? See pay.example.org"))

    def test_numbers_keep_their_order_in_arabic(self):
        self.env["res.lang"]._activate_lang("ar_001")
        text = self.sms(Topic.LINK, lang="ar_001", account="البنك ****6789")
        self.assertIn("\u200e+254 20 123 4567", text)
        self.assertIn("البنك \u200e****6789", text)
        # Behind a Latin letter they do by themselves.
        self.assertIn(f" {REFERENCE}", text)
        self.assertIn(" Pink ****6789", self.sms(Topic.LINK, lang="ar_001"))

    def test_numbers_keep_their_order_in_a_sentence_and_a_receipt(self):
        self.env["res.lang"]._activate_lang("ar_001")
        env = self.env(context={"lang": "ar_001"})
        self.assertIn("\u200e+254 712", unreadable(env, "phone", "+254 712 123456"))
        self.assertNotIn("\u200e", unreadable(self.env, "phone", "+254 712 123456"))
        lines = [("رقم الحساب", "****6789")]
        account = {"kind": None, "provider": None, "branch": None, "lines": lines}
        receipt = {"account": account, "reference": REFERENCE, "when": ""}
        receipt["asked"] = None
        text = env["g2p.spar.change"].write_receipt(receipt)
        self.assertIn("رقم الحساب: \u200e****6789", text)

    def test_a_percent_sign_in_a_name_breaks_nothing(self):
        text = self.sms(Topic.LINK, account="100% Bank %(x)s ****1")
        self.assertIn("100% Bank %(x)s ****1", text)

    def test_a_code_is_said_with_what_it_is_for(self):
        [text] = code_text(self.env, "012345", "phone").lines
        self.assertTrue(text.startswith("012345 is your code for Cash for All."))
        self.assertEqual(segments(text), 1)
        self.assertNotIn("012345", code_text(self.env, "012345", "email").subject)

    def test_every_reason_of_a_failed_payment_has_words_on_the_pages(self):
        self.assertEqual(set(FAILURES), set(Failure))

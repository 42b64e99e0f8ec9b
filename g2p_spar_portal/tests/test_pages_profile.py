import re
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields, http
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..core import code
from .common import CLAIMS, PortalCase

PROFILE = "/my/benefit-account/profile"
PHONE, OTHER_PHONE = "+254712345678", "+254798765432"
HOSTILE = {
    "script": "<script>alert(1)</script>@example.org",
    "long": "7" * 10_000,
    "long mail": "a" * 10_000 + "@example.org",
    "marks": "+2547\u202e12345678\u2066",
    "header": "amina@example.org\r\nBcc: thief@example.org",
    "header in a word": "amina@example.org%0aBcc:thief@example.org",
    "two": "amina@example.org, thief@example.org",
    "named": "Amina <thief@example.org>",
    "quoted": '"amina@example.org\\"@thief"@example.org',
    "empty": "  ",
    "emoji": "📞📞📞📞📞📞📞",
    "premium": "tel:+254712345678;ext=99",
}


class ProfileCase(PortalCase):
    """A browser that fills in the forms, and the messages that leave."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.ke")
        # What the database of the run holds is not of these tests.
        for model in ("notice", "contact", "throttle"):
            cls.env[f"g2p.spar.{model}"].search([]).unlink()
        cls.env["sms.sms"].search([]).unlink()
        cls.env.cr.execute(
            "UPDATE g2p_spar_notice_reading SET floor_id ="
            " (SELECT COALESCE(max(id), 0) FROM g2p_spar_mapping_version)"
            " WHERE source = 'change'"
        )

    def post(self, path, **form):
        """Send a form, and follow where it leads."""
        form["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(PROFILE + path, data=form)

    def messages(self):
        """Texts that wait to be sent, the newest first, with where to."""
        sms = self.env["sms.sms"].search([("state", "=", "outgoing")])
        return [(one.number, one.body) for one in sms]

    def code_sent_to(self, number):
        bodies = [body for to, body in self.messages() if to == number]
        return re.search(r"\b(\d{6})\b", bodies[0])[1]

    def confirm(self, number=PHONE):
        """Set a phone, with the code that was sent to it."""
        self.post("/phone/set", value=number)
        return self.post("/phone/confirm", code=self.code_sent_to(number))

    def contacts(self, state="confirmed"):
        return self.env["g2p.spar.contact"].search([("state", "=", state)])


@tagged("post_install", "-at_install")
class TestProfilePages(ProfileCase):
    """Who I am, and how I am warned."""

    def test_name_and_birth_date_are_those_of_the_id(self):
        self.person("amina")
        page = self.url_open(PROFILE)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Amina Otieno", page.text)
        self.assertIn("November 25, 1987", page.text)
        self.assertNotIn(CLAIMS["phone_number"], page.text, "not confirmed")

    def test_nobody_sees_a_profile_without_a_login(self):
        for path in ("", "/phone", "/phone/code", "/email/remove"):
            response = self.url_open(PROFILE + path, allow_redirects=False)
            self.assertEqual(response.status_code, 303, path)
            self.assertIn("/spar/login", response.headers["Location"])

    def test_the_phone_of_the_login_is_only_suggested(self):
        self.person("amina")
        form = self.url_open(f"{PROFILE}/phone").text
        self.assertIn(f'value="{CLAIMS["phone_number"]}"', form)
        self.assertIn("This one is from your ID", form)
        self.assertFalse(self.contacts())

    def test_the_fields_say_what_they_are_for(self):
        self.person("amina")
        for path, wanted in (
            ("/phone", ('type="tel"', 'inputmode="tel"', 'autocomplete="tel"')),
            ("/email", ('type="email"', 'inputmode="email"', 'autocomplete="email"')),
        ):
            text = self.url_open(PROFILE + path).text
            for attribute in wanted:
                self.assertIn(attribute, text)
        self.post("/phone/set", value=PHONE)
        text = self.url_open(f"{PROFILE}/phone/code").text
        self.assertIn('autocomplete="one-time-code"', text)
        self.assertIn('inputmode="numeric"', text)

    def test_a_phone_counts_when_its_code_came_back(self):
        person = self.person("amina")
        page = self.post("/phone/set", value="0712 345 678")
        self.assertTrue(page.url.endswith("/phone/code"), page.url)
        self.assertIn(PHONE, page.text)
        self.assertFalse(self.contacts())
        page = self.post("/phone/confirm", code=self.code_sent_to(PHONE))
        self.assertTrue(page.url.endswith("/profile"))
        self.assertIn("****78", page.text)
        self.assertNotIn(PHONE, page.text)
        self.assertEqual(self.contacts().value, PHONE)
        self.assertEqual(self.contacts().identity_id.id, person.identity_id)

    def test_an_e_mail_address_counts_when_its_code_came_back(self):
        self.person("amina")
        self.post("/email/set", value=" Amina@Example.ORG ")
        mail = self.env["mail.mail"].search([("email_to", "=", "amina@example.org")])
        digits = re.search(r"\b(\d{6})\b", mail.body_html)[1]
        self.assertNotIn(digits, mail.subject, "subjects show on locked screens")
        self.post("/email/confirm", code=digits)
        self.assertEqual(self.contacts().value, "amina@example.org")

    def test_digits_of_any_script_are_understood(self):
        self.person("amina")
        self.post("/phone/set", value=PHONE)
        arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
        self.post("/phone/confirm", code=self.code_sent_to(PHONE).translate(arabic))
        self.assertTrue(self.contacts())

    def test_the_code_is_stored_as_a_keyed_hash_only(self):
        self.person("amina")
        self.post("/phone/set", value=PHONE)
        digits = self.code_sent_to(PHONE)
        self.env.flush_all()
        self.env.cr.execute("SELECT row_to_json(c)::text FROM g2p_spar_contact c")
        self.assertNotIn(digits, self.env.cr.fetchone()[0])

    def test_a_wrong_code_says_so_and_after_five_it_is_dead(self):
        self.person("amina")
        self.post("/phone/set", value=PHONE)
        right = self.code_sent_to(PHONE)
        wrong = "000000" if right != "000000" else "000001"
        for _number in range(4):
            page = self.post("/phone/confirm", code=wrong)
            self.assertEqual(page.status_code, 422)
            self.assertIn("not the right code", page.text)
        self.assertIn(
            "too many wrong ones", self.post("/phone/confirm", code=wrong).text
        )
        self.assertIn(
            "too many wrong ones", self.post("/phone/confirm", code=right).text
        )
        self.assertFalse(self.contacts())

    def test_what_is_no_code_is_not_counted(self):
        self.person("amina")
        self.post("/phone/set", value=PHONE)
        for text in ("", "12345", "1234567", "abcdef", "9" * 10_000, "<b>12"):
            self.assertIn(
                "Type the 6 digits", self.post("/phone/confirm", code=text).text
            )
        self.post("/phone/confirm", code=self.code_sent_to(PHONE))
        self.assertTrue(self.contacts())

    def test_a_code_ends_after_ten_minutes(self):
        self.person("amina")
        self.post("/phone/set", value=PHONE)
        asked = self.contacts("asked")
        asked.sudo().code_expires_at = fields.Datetime.now() - timedelta(seconds=1)
        page = self.post("/phone/confirm", code=self.code_sent_to(PHONE))
        self.assertIn("too old", page.text)
        self.assertFalse(self.contacts())

    def test_a_new_code_ends_the_one_before(self):
        self.person("amina")
        with patch.object(code, "new_code", side_effect=["111111", "222222"]):
            self.post("/phone/set", value=PHONE)
            self.post("/phone/again")
        self.post("/phone/confirm", code="111111")
        self.assertFalse(self.contacts())
        self.post("/phone/confirm", code="222222")
        self.assertTrue(self.contacts())

    def test_three_codes_an_hour_for_a_person(self):
        self.person("amina")
        for last in "123":
            self.post("/phone/set", value=PHONE[:-1] + last)
        page = self.post("/phone/set", value=PHONE[:-1] + "4")
        self.assertEqual(page.status_code, 429)
        self.assertIn("Wait", page.text)
        self.assertEqual(len(self.messages()), 3)

    def test_nine_codes_an_hour_for_a_phone_whoever_asks(self):
        for number in range(9):
            self.person(f"amina{number}")
            self.post("/phone/set", value=PHONE)
        self.person("dede")
        page = self.post("/phone/set", value=PHONE)
        self.assertEqual(page.status_code, 429)
        self.assertEqual(len(self.messages()), 9)

    def test_nobody_alone_keeps_others_from_their_phone(self):
        self.person("thief")
        for _time in range(10):
            self.post("/phone/set", value=PHONE)
        self.assertEqual(len(self.messages()), 3)
        self.person("amina")
        self.confirm()
        self.assertEqual(self.contacts().value, PHONE)

    def test_the_phone_of_somebody_else_is_taken_alike(self):
        self.person("amina")
        self.confirm()
        self.person("badu")
        self.confirm()
        self.assertEqual(self.contacts().mapped("value"), [PHONE, PHONE])

    def test_the_code_of_one_person_does_not_serve_another(self):
        self.person("amina")
        with patch.object(code, "new_code", side_effect=["111111", "222222"]):
            self.post("/phone/set", value=PHONE)
            self.person("badu")
            self.post("/phone/set", value=PHONE)
        self.post("/phone/confirm", code="111111")
        self.assertFalse(self.contacts())

    def test_hostile_input_is_refused_and_shown_as_text(self):
        self.person("amina")
        for kind in ("phone", "email"):
            for label, text in HOSTILE.items():
                with self.subTest(kind=kind, text=label):
                    page = self.post(f"/{kind}/set", value=text)
                    self.assertEqual(page.status_code, 422)
                    self.assertNotIn("<script>alert", page.text)
                    self.assertLess(len(page.text), 20_000)
        self.assertFalse(self.contacts("asked"))
        self.assertFalse(self.messages())

    def test_a_form_of_another_site_does_nothing(self):
        self.person("amina")
        for path in ("/phone/set", "/phone/confirm", "/phone/removed", "/language"):
            with mute_logger("odoo.http"):
                response = self.url_open(PROFILE + path, data={"value": PHONE})
            self.assertEqual(response.status_code, 400, path)
        self.assertFalse(self.contacts("asked"))

    def test_a_double_click_is_harmless(self):
        self.person("amina")
        self.post("/phone/set", value=PHONE)
        digits = self.code_sent_to(PHONE)
        for _click in range(2):
            page = self.post("/phone/confirm", code=digits)
            self.assertTrue(page.url.endswith("/profile"))
        self.assertEqual(len(self.contacts()), 1)
        for _click in range(2):
            self.assertEqual(self.post("/phone/removed").status_code, 200)
        self.assertEqual(len(self.contacts("ended")), 1)

    def test_the_same_phone_again_needs_no_code(self):
        self.person("amina")
        self.confirm()
        before = len(self.messages())
        page = self.post("/phone/set", value=PHONE)
        self.assertIn("use this phone already", page.text)
        self.assertEqual(len(self.messages()), before)

    def test_another_phone_can_be_tried_instead(self):
        self.person("amina")
        self.post("/phone/set", value=PHONE)
        page = self.post("/phone/cancel")
        self.assertTrue(page.url.endswith("/profile/phone"))
        self.assertFalse(self.contacts("asked"))

    def test_the_language_is_kept_for_notices(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        person = self.person("amina")
        self.confirm()
        page = self.post("/language", lang="fr_FR")
        self.assertIn("/fr", page.url)
        identity = self.env["g2p.spar.identity"].browse(person.identity_id)
        self.assertEqual(identity.partner_id.lang, "fr_FR")
        self.assertEqual(self.contacts().lang, "fr_FR")

    def test_a_language_that_is_none_is_refused(self):
        self.person("amina")
        for lang in ("xx_XX", "", "../..", "de_DE"):
            self.assertEqual(self.post("/language", lang=lang).status_code, 404)


@tagged("post_install", "-at_install")
class TestContactsOfThief(ProfileCase):
    """A thief who can log in changes the phone first and the account afterwards."""

    def link_before(self, **values):
        """Link the person an hour ago."""
        with freeze_time(fields.Datetime.now() - timedelta(hours=1)):
            self.link("amina", **values)

    def told(self):
        notices = self.env["g2p.spar.notice"].search([], order="id")
        return [(one.topic, one.value) for one in notices]

    def test_the_phone_before_hears_of_both(self):
        self.link_before()
        self.person("amina")
        self.confirm(PHONE)
        self.assertEqual(self.told(), [], "nobody to tell")
        self.confirm(OTHER_PHONE)
        self.assertEqual(self.told(), [("contact_set", PHONE)])
        text = self.env["g2p.spar.notice"].search([]).body
        self.assertIn("****32", text)
        self.assertNotIn(OTHER_PHONE, text)
        self.mapper().unlink(self.unlink_items("amina"))
        self.env["g2p.spar.notice.reading"]._read(lambda: True)
        self.assertEqual(
            sorted(self.told()[1:]), [("unlink", PHONE), ("unlink", OTHER_PHONE)]
        )

    def test_a_phone_that_is_removed_hears_of_it_and_of_what_follows(self):
        self.link_before()
        self.person("amina")
        self.confirm(PHONE)
        page = self.url_open(f"{PROFILE}/phone/remove")
        self.assertIn("cannot warn you", page.text)
        self.post("/phone/removed")
        self.assertEqual(self.told(), [("contact_ended", PHONE)])
        self.mapper().unlink(self.unlink_items("amina"))
        self.env["g2p.spar.notice.reading"]._read(lambda: True)
        self.assertEqual(self.told()[1:], [("unlink", PHONE)])

    def test_another_language_is_told_in_the_one_before(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.link_before(phone_number=OTHER_PHONE)
        self.person("amina")
        self.confirm(PHONE)
        self.env["g2p.spar.notice"].search([]).unlink()
        for lang in ("fr_FR", "fr_FR", "en_US", "fr_FR"):
            self.post("/language", lang=lang)
        told = self.env["g2p.spar.notice"].search([], order="id")
        self.assertEqual(
            told.mapped("lang"), ["en_US", "en_US", "fr_FR", "fr_FR", "en_US", "en_US"]
        )
        self.assertEqual(set(told.mapped("value")), {PHONE, OTHER_PHONE})
        self.assertIn("now come in French", told[0].body)

    def test_a_phone_that_ended_is_spoken_to_as_before(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.person("amina")
        self.confirm(PHONE)
        self.confirm(OTHER_PHONE)
        self.post("/language", lang="fr_FR")
        self.assertEqual(self.contacts("ended").lang, "en_US")
        self.assertEqual(self.contacts().lang, "fr_FR")

    def test_the_language_cannot_be_changed_to_and_fro_for_ever(self):
        self.person("amina")
        for _time in range(10):
            self.assertEqual(self.post("/language", lang="en_US").status_code, 200)
        self.assertEqual(self.post("/language", lang="en_US").status_code, 429)

    def test_the_phone_of_the_registry_hears_of_a_first_contact(self):
        self.link_before(phone_number=OTHER_PHONE)
        self.person("amina")
        self.confirm(PHONE)
        self.assertIn(("contact_set", OTHER_PHONE), self.told())

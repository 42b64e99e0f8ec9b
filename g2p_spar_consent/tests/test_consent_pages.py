import json
from time import time as clock
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..const import ASK, CONSENTS
from .common import BACK, ConsentCase

#: A PNG of one point.
PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)


def path_of(page):
    """Path of the page of a request."""
    return f"{ASK}/{page.url.split('/')[-1]}"


@tagged("post_install", "-at_install")
class TestAskPage(ConsentCase):
    """An application asks, a person answers."""

    def setUp(self):
        super().setUp()
        self.link("amina")
        self.amina = self.person("amina")

    def consents(self):
        return self.env["g2p.spar.consent"].search([("sender_id", "=", self.app.id)])

    def test_the_page_says_who_what_for_what_and_until_when(self):
        page = self.page()
        for words in (
            "logged in as Amina Otieno",
            "School Fees Online",
            "To pay back your fees",
            "Your whole account number",
            "Then it ends by itself",
            "Your ID number, your name",
        ):
            self.assertIn(words, page.words)
        self.assertNotIn("u-17", page.text)
        self.assertNotIn("request=", page.url)
        self.assertFalse(self.consents())

    def test_yes_keeps_a_consent_and_leads_back(self):
        told = self.told(self.say(self.page()))
        consent = self.consents()
        self.assertEqual(told["result"], "agreed")
        self.assertEqual(told["state"], "xyz")
        self.assertEqual(told["consent"], consent.reference)
        self.assertEqual((consent.until - consent.since).days, 90)
        self.assertEqual(consent.disclosure, "address")
        self.assertIn("To pay back your fees", consent.text)
        self.assertIn("generated-code", consent.proof)
        self.assertEqual(
            consent.person_masked, "token:*@nationalid".replace("*", "****a")
        )

    def test_the_token_is_kept_as_a_hash_only(self):
        self.agree(app_token="very-special-token")
        for model in ("g2p.spar.consent", "g2p.spar.consent.request"):
            rows = self.env[model].search([]).read()
            self.assertNotIn("very-special-token", json.dumps(rows, default=str))

    def test_no_allows_nothing_and_leads_back(self):
        told = self.told(self.say(self.page(), "no"))
        self.assertEqual(told, {"result": "refused", "state": "xyz"})
        self.assertFalse(self.consents())

    def test_a_double_click_is_harmless(self):
        page = self.page()
        first, second = self.say(page), self.say(page)
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        self.assertEqual(len(self.consents()), 1)

    def test_no_after_yes_changes_nothing(self):
        page = self.page()
        self.say(page)
        self.assertEqual(self.told(self.say(page, "no"))["result"], "agreed")
        self.assertEqual(self.consents().state, "active")

    def test_what_was_not_seen_is_not_agreed_to(self):
        page = self.page()
        self.purpose.consent_text = "To buy everything"
        answer = self.say(page)
        self.assertTrue(answer.headers["Location"].endswith(path_of(page)))
        self.assertFalse(self.consents())
        self.assertIn(
            "read it again", self.get(f"{ASK}/{page.url.split('/')[-1]}").words
        )

    def test_what_tells_more_by_now_is_not_agreed_to(self):
        self.purpose.disclosure = "payable"
        page = self.page()
        self.purpose.disclosure = "address"
        self.say(page)
        self.assertFalse(self.consents())

    @mute_logger("odoo.http")
    def test_a_form_of_another_site_does_nothing(self):
        page = self.page()
        answer = self.say(page, csrf_token="x")
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.consents())

    def test_the_form_may_lead_to_the_application_and_nowhere_else(self):
        policy = self.policy(self.page())
        [targets] = [p for p in policy.split("; ") if p.startswith("form-action")]
        self.assertIn("https://school.example.org", targets.split())
        other = self.policy(self.get())
        self.assertNotIn("school.example.org", other)

    def test_nobody_puts_the_question_into_a_frame(self):
        page = self.page()
        finish = self.get(f"{path_of(page)}/finish")
        for one in (page, finish, self.get(CONSENTS), self.arrive("x")):
            self.assertIn("frame-ancestors 'none'", self.policy(one))
            self.assertEqual(one.headers["X-Frame-Options"], "DENY")
            self.assertEqual(one.headers["Referrer-Policy"], "no-referrer")
            self.assertEqual(one.headers["Cache-Control"], "no-store")

    def policy(self, answer):
        return answer.headers["Content-Security-Policy"]

    def test_who_is_not_logged_in_comes_back_after_the_login(self):
        self.authenticate(None, None)
        answer = self.arrive()
        path = answer.headers["Location"]
        page = self.url_open(path, allow_redirects=False)
        self.assertEqual(page.status_code, 303)
        self.assertIn(
            "/spar/login?return_path=%2Fspar%2Fconsent%2F", page.headers["Location"]
        )

    def test_an_answered_page_is_nobody_elses(self):
        page = self.page()
        self.say(page)
        self.person("bola")
        self.assertEqual(self.get(path_of(page)).status_code, 404)

    def test_a_request_that_waited_too_long_is_over(self):
        page = self.page()
        mine = [("sender_id", "=", self.app.id)]
        asked = self.env["g2p.spar.consent.request"].search(mine)
        asked.asked_at = "2020-01-01 00:00:00"
        asked.flush_recordset()
        answer = self.say(page)
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.consents())

    def test_an_application_that_lost_its_right_gets_no_consent(self):
        page = self.page()
        for values in (
            {"may_ask_consent": False},
            {"active": False},
            {"consent_days": 10},
            {"consent_redirects": "https://other.example.org"},
            {"purpose_ids": [(6, 0, self.make_purpose("other").ids)]},
        ):
            with self.subTest(values):
                before = {name: self.app[name] for name in values}
                self.app.write(values)
                self.assertEqual(self.say(page).status_code, 404)
                if "purpose_ids" in before:
                    before = {"purpose_ids": [(6, 0, self.purpose.ids)]}
                self.app.write(before)
        self.assertFalse(self.consents())
        self.assertEqual(self.told(self.say(page))["result"], "agreed")

    def test_a_second_consent_takes_the_place_of_the_first(self):
        first = self.agree()
        second = self.agree(period=5)
        self.assertEqual(first.state, "replaced")
        self.assertEqual(second.state, "active")

    def test_a_name_is_one_persons(self):
        first = self.agree()
        self.link("bola")
        self.person("bola")
        told = self.told(self.say(self.page()))
        self.assertEqual(told, {"result": "taken", "state": "xyz"})
        self.assertEqual(self.consents(), first)
        self.assertEqual(first.state, "active")

    def test_nobody_else_is_taken_from_the_browser(self):
        page = self.page()
        self.say(
            page, person="bola", id_key="token:bola@nationalid", until="2099-01-01"
        )
        consent = self.consents()
        self.assertEqual(consent.id_key, "token:amina@nationalid")
        self.assertEqual((consent.until - consent.since).days, 90)

    def test_a_second_login_where_the_application_demands_it(self):
        self.app.consent_step_up = True
        page = self.page()
        self.assertIn("log in once more", page.words)
        answer = self.say(page)
        self.assertIn("/spar/oidc/step-up/", answer.headers["Location"])
        self.assertFalse(self.consents())
        finish = f"{path_of(page)}/finish"
        self.assertIn("nothing was allowed", self.get(finish).words)
        self.say(page)
        proof = self.env["g2p.spar.step.up"].search([], limit=1, order="id desc")
        self.approve(self.amina, proof.digest)
        told = self.told(self.url_open(finish, allow_redirects=False))
        self.assertEqual(told["result"], "agreed")
        self.assertEqual(len(self.consents()), 1)


@tagged("post_install", "-at_install")
class TestConsentsPage(ConsentCase):
    """Who may ask."""

    def setUp(self):
        super().setUp()
        self.link("amina")
        self.person("amina")

    def test_nobody_yet(self):
        self.assertIn("Nobody may ask about your account now", self.get(CONSENTS).words)

    def test_each_is_shown_with_since_until_and_use(self):
        consent = self.agree()
        page = self.get(CONSENTS)
        for words in ("School Fees Online", "To pay back your fees", "Not yet"):
            self.assertIn(words, page.words)
        self.assertIn(consent.reference, page.words)
        self.ask()
        self.gather()
        self.assertNotIn("Not yet", self.get(CONSENTS).words)

    def gather(self):
        """Read the notes of this minute as if it was over."""
        later = "odoo.addons.g2p_spar_consent.models.g2p_spar_consent_use.time"
        with patch(later) as time:
            time.time.return_value = clock() + 600
            self.env["g2p.spar.consent"]._cron_gather_uses()

    def test_one_tap_ends_it(self):
        consent = self.agree()
        page = self.press(self.get(CONSENTS), "Stop this")
        self.assertIn("Stopped", page.doc.text_content())
        self.assertEqual(consent.state, "withdrawn")
        self.assertIn("Stopped by you", page.words)
        self.assertFalse(page.doc.xpath("//main//form"))

    def test_twice_is_harmless(self):
        consent = self.agree()
        path = f"{CONSENTS}/{consent.reference}/withdraw"
        self.post(path)
        ended = consent.ended_at
        self.post(path)
        self.assertEqual(consent.ended_at, ended)

    @mute_logger("odoo.http")
    def test_another_persons_is_not_found(self):
        consent = self.agree()
        self.person("bola")
        self.assertNotIn(consent.reference, self.get(CONSENTS).text)
        answer = self.post(f"{CONSENTS}/{consent.reference}/withdraw")
        self.assertEqual(answer.status_code, 404)
        self.assertEqual(consent.state, "active")
        for ending in ("txt", "json"):
            answer = self.get(f"{CONSENTS}/{consent.reference}.{ending}")
            self.assertEqual(answer.status_code, 404)

    @mute_logger("odoo.http")
    def test_a_link_from_elsewhere_ends_nothing(self):
        consent = self.agree()
        path = f"{CONSENTS}/{consent.reference}/withdraw"
        self.get(path)
        self.assertEqual(self.url_open(path, data={"a": "b"}).status_code, 400)
        self.assertEqual(consent.state, "active")

    def test_receipts_say_what_was_agreed_to(self):
        consent = self.agree()
        text = self.url_open(f"{CONSENTS}/{consent.reference}.txt")
        self.assertIn("attachment", text.headers["Content-Disposition"])
        for words in (consent.reference, "To pay back your fees", consent.text_hash):
            self.assertIn(words, text.text)
        told = self.url_open(f"{CONSENTS}/{consent.reference}.json").json()
        self.assertEqual(told["application"], "School Fees Online")
        self.assertEqual(told["state"], "active")
        self.assertEqual(told["text_sha256"], consent.text_hash)
        self.assertNotIn("amina", json.dumps(told))

    def test_what_is_over_is_shown_as_over_before_the_job_comes(self):
        consent = self.agree()
        consent.until = "2020-01-01 00:00:00"
        consent.flush_recordset()
        page = self.get(CONSENTS)
        self.assertIn("the time has passed", page.words)
        self.assertFalse(page.doc.xpath("//main//form"))

    def test_names_full_of_script_stay_names(self):
        self.app.consent_name = "<script>alert(1)</script>"
        self.assertNotIn("<script>alert", self.page().text)
        self.assertNotIn(BACK, self.get(CONSENTS).text)

    def test_the_logo_is_everybodys_as_long_as_one_may_be_asked(self):
        path = f"/spar/application-logo/{self.app.id}"
        self.assertEqual(self.url_open(path).status_code, 404)
        self.app.consent_logo = PICTURE
        with self.program():
            answer = self.url_open(path)
        self.assertEqual(answer.headers["Content-Type"], "image/png")
        self.assertIn("sandbox", answer.headers["Content-Security-Policy"])
        self.assertTrue(self.page().doc.xpath(f"//img[@src='{path}']"))
        self.app.may_ask_consent = False
        for nobodys in (path, "/spar/application-logo/99999999999999999999"):
            self.assertEqual(self.url_open(nobodys).status_code, 404)

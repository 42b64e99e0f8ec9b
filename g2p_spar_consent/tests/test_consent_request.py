import time
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.g2p_spar_connect_api.tests.jose_samples import encode

from ..const import ASK
from .common import ConsentCase

LOG = "odoo.addons.g2p_spar_consent.models.g2p_spar_consent_request"


@tagged("post_install", "-at_install")
class TestConsentRequest(ConsentCase):
    """Which requests are taken; nobody needs to be logged in to be refused."""

    def asked(self):
        mine = [("sender_id", "=", self.app.id)]
        return self.env["g2p.spar.consent.request"].search(mine)

    def assert_refused(self, answer, code):
        self.assertIn(answer.status_code, (400, 404), answer.text)
        self.assertIn("Nothing was allowed", answer.words)
        self.assertIn(f"this word: {code}", answer.words)
        self.assertNotIn("Location", answer.headers)

    def test_a_right_one_leads_to_a_page_without_it(self):
        answer = self.arrive()
        self.assertEqual(answer.status_code, 303)
        self.assertIn(f"{ASK}/", answer.headers["Location"])
        self.assertNotIn("?", answer.headers["Location"])

    def test_wrong_ones_are_refused_and_lead_nowhere(self):
        right = self.jwt()
        head, payload, signature = right.split(".")
        unsigned = f"{encode({'alg': 'none'})}.{payload}."
        secret = f"{encode({'alg': 'HS256'})}.{payload}.{signature}"
        changed = f"{head}.{encode({'iss': self.app.client_id})}.{signature}"
        cases = [
            ("malformed", ""),
            ("malformed", "x"),
            ("malformed", "a.b.c"),
            ("malformed", unsigned),
            ("malformed", right + "x" * 5000),
            ("signature", secret),
            ("signature", changed),
            ("signature", self.jwt(key="ec-other")),
            ("application", self.jwt(iss="nobody")),
            ("audience", self.jwt(aud="g2p-spar-mapper")),
            ("time", self.jwt(exp=int(time.time()) - 1)),
            ("time", self.jwt(exp=int(time.time()) + 3600)),
            ("name", self.jwt(jti=None)),
            ("redirect", self.jwt(redirect_uri="https://evil.example")),
            ("purpose", self.jwt(purpose="other")),
            ("period", self.jwt(period=366)),
            ("token", self.jwt(app_token="a@b")),
        ]
        for code, text in cases:
            with self.subTest(code, text=text[-40:]):
                self.assert_refused(self.arrive(text), code)
        self.assertFalse(self.asked())

    def test_each_is_good_once(self):
        text = self.jwt()
        self.arrive(text)
        self.assert_refused(self.arrive(text), "used")
        self.assert_refused(self.arrive(jti=self.asked().name), "used")
        self.assertEqual(len(self.asked()), 1)

    def test_who_only_looks_uses_nothing_up(self):
        text = self.jwt()
        for method, headers in (
            ("HEAD", {}),
            ("GET", {"Sec-Purpose": "prefetch;prerender"}),
            ("GET", {"Purpose": "prefetch"}),
        ):
            answer = self.url_open(
                f"{ASK}?request={text}",
                method=method,
                headers=headers,
                allow_redirects=False,
            )
            self.assertEqual(answer.status_code, 503)
            self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertFalse(self.asked())
        self.assertEqual(self.arrive(text).status_code, 303)

    def test_two_applications_may_use_the_same_names(self):
        other = self.make_application("rsa")
        self.arrive(jti="same")
        answer = self.arrive(self.jwt(key="rsa", app=other, jti="same"))
        self.assertEqual(answer.status_code, 303)

    def test_a_key_of_another_application_is_none(self):
        self.make_application("rsa")
        self.assert_refused(self.arrive(self.jwt(key="rsa")), "signature")

    def test_who_may_not_ask_is_refused(self):
        for values in (
            {"may_ask_consent": False},
            {"active": False},
            {"valid_until": "2020-01-01 00:00:00"},
        ):
            with self.subTest(values):
                app = self.make_application("rsa")
                app.write(values)
                answer = self.arrive(self.jwt(key="rsa", app=app))
                self.assert_refused(answer, "application")
                app.key_ids.unlink()

    def test_a_purpose_without_words_cannot_be_asked_for(self):
        self.purpose.consent_text = False
        self.assert_refused(self.arrive(), "purpose")

    def test_a_page_of_nobody_is_not_found(self):
        self.person("amina")
        self.assert_refused(self.get(f"{ASK}/unknown"), "used")

    def test_nothing_personal_is_logged(self):
        with patch(f"{LOG}._logger") as logger:
            self.arrive(period=0, app_token="very-special")
        [call] = logger.info.call_args_list
        self.assertEqual(call.args[1], "period")
        self.assertNotIn("very-special", str(call))

import json
import time

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..core.oidc.callback import digest_state
from ..core.oidc.errors import OidcError
from ..core.person import SESSION_KEY
from .login_common import LoginCase


@tagged("post_install", "-at_install")
class TestLogin(LoginCase):
    """From the button to the page."""

    def test_the_whole_way(self):
        answer = self.start(return_path="/my/benefit-account/history")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(
            answer.headers["Location"], "https://id.example.org/authorize?n=0"
        )
        answer = self.back()
        self.assertEqual(self.path_of(answer), "/my/benefit-account/history")
        session = self.session_now()
        identity = self.env["g2p.spar.identity"].search([("subject", "=", "amina")])
        self.assertEqual(session.uid, identity.user_id.id)
        self.assertEqual(session[SESSION_KEY]["identity"], identity.id)
        self.assertEqual(self.events(), {("login", "succeeded"): 1})

    def test_what_was_kept_for_the_protocol_comes_back(self):
        self.log_in()
        [(pending, params)] = self.finished
        self.assertEqual(pending.nonce, "nonce-0")
        self.assertEqual(pending.code_verifier, "verifier-0")
        self.assertEqual(pending.extra, {"number": 0})
        self.assertEqual(pending.state_digest, digest_state("state-0000000000000000"))
        self.assertEqual(pending.redirect_uri, self.began[0][2])
        self.assertEqual(params["code"], ["c0de"])

    def test_the_session_keeps_no_token_and_few_claims(self):
        self.log_in()
        facts = self.session_now()[SESSION_KEY]
        self.assertEqual(set(facts), {"identity", "claims", "acr", "at", "seen"})
        self.assertEqual(
            set(facts["claims"]), {"name", "birthdate", "phone", "email", "lang", "id"}
        )
        self.assertNotIn("c0de", json.dumps(dict(self.session_now())))

    def test_showing_the_login_page_begins_nothing(self):
        answer = self.get("/spar/login?return_path=/my/benefit-account/history")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Log in with Test ID", answer.text)
        self.assertIn('value="/my/benefit-account/history"', answer.text)
        self.assertEqual(self.began, [])
        self.assertFalse(self.env["g2p.spar.oidc.login"].search_count([]))

    def test_who_is_logged_in_goes_on(self):
        self.log_in()
        answer = self.get("/spar/login?return_path=/my/benefit-account/history")
        self.assertEqual(self.path_of(answer), "/my/benefit-account/history")

    def test_two_tabs_at_once(self):
        self.start(return_path="/my/benefit-account")
        self.start(return_path="/my/benefit-account/history")
        second = self.back(1)
        self.assertEqual(self.path_of(second), "/my/benefit-account/history")
        first = self.back(0)
        self.assertEqual(self.path_of(first), "/my/benefit-account")

    def test_a_login_that_took_too_long(self):
        self.start()
        self.env["g2p.spar.oidc.login"].search([]).ends_at = time.time() - 1
        self.assert_failed(self.back(), "expired")
        self.assert_failed(self.back(), "state_mismatch")

    def test_every_end_is_counted(self):
        self.subject = OidcError("acr_too_low", "test")
        self.assert_failed(self.log_in(), "acr_too_low")
        self.assert_failed(self.log_in(), "acr_too_low")
        self.assertEqual(self.events(), {("login", "acr_too_low"): 2})

    def test_log_out_ends_the_session(self):
        self.log_in()
        answer = self.url_open(
            "/spar/logout",
            data={"csrf_token": self.csrf_token()},
            allow_redirects=False,
        )
        self.assertEqual(self.path_of(answer), "/spar/ended")
        self.assertIsNone(self.session_now().uid)
        self.assertNotIn(SESSION_KEY, self.session_now())
        self.assertIn("You are logged out", self.get("/spar/ended").text)

    def test_a_link_cannot_log_out(self):
        self.log_in()
        self.assertEqual(self.get("/spar/logout").status_code, 405)
        with mute_logger("odoo.http"):
            answer = self.url_open("/spar/logout", data={"x": 1})
        self.assertEqual(answer.status_code, 400)
        self.assertIsNotNone(self.session_now().uid)

import json
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.http import root
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..core.person import SESSION_KEY
from .login_common import LoginCase

FORGED = "odoo.addons.auth_oauth.controllers.main"


@tagged("post_install", "-at_install")
class TestLoginWeaknesses(LoginCase):
    """Weaknesses of earlier login addons which concern browser, session and user.

    Those of tokens and keys are tried in ``tests/core/oidc``.
    """

    # === G5, C1: LOGIN CSRF AND CODE INJECTION === #

    def test_weakness_g5_a_callback_belongs_to_the_browser_that_began(self):
        self.start()
        self.another_browser()
        self.assert_failed(self.back(), "state_mismatch")
        self.assertEqual(self.finished, [])

    def test_weakness_g5_another_browser_does_not_even_end_the_login(self):
        self.start()
        first = self.opener
        self.another_browser()
        self.back()
        self.opener = first
        self.assertEqual(self.path_of(self.back()), "/my/benefit-account")

    def test_weakness_g5_another_browser_that_began_a_login_of_its_own(self):
        self.start()
        self.another_browser()
        self.start()
        self.assert_failed(self.back(0), "state_mismatch")

    def test_weakness_g5_the_state_is_used_once(self):
        self.log_in()
        self.another_browser()
        self.assert_failed(self.back(), "state_mismatch")
        self.assertEqual(len(self.finished), 1)

    def test_weakness_g5_a_second_callback_of_the_same_browser(self):
        self.log_in()
        answer = self.back()
        self.assertEqual(self.path_of(answer), "/spar/login/failed/state_mismatch")
        self.assertEqual(len(self.finished), 1)
        self.assertEqual(self.session_now().uid, self.user().id)

    def test_weakness_g5_parameters_come_once(self):
        self.start()
        answer = self.get(
            "/spar/oidc/callback?state=state-0000000000000000&code=a&code=b"
        )
        self.assert_failed(answer, "callback_invalid")
        self.assertEqual(self.path_of(self.back()), "/my/benefit-account")

    @mute_logger("odoo.http")
    def test_weakness_g5_a_callback_is_a_get(self):
        self.start()
        answer = self.url_open(
            "/spar/oidc/callback",
            data={"state": "state-0000000000000000", "code": "c0de"},
        )
        self.assertEqual(answer.status_code, 405)
        self.assertEqual(self.finished, [])

    def test_weakness_g5_the_secret_of_the_browser_is_hidden_from_scripts(self):
        cookie = self.start().headers["Set-Cookie"]
        [part] = [one for one in cookie.split(", ") if "spar_browser=" in one]
        self.assertIn("HttpOnly", part)
        self.assertIn("SameSite=Lax", part)

    def test_weakness_g5_with_https_no_other_host_sets_the_secret(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "https://spar.test")
        cookie = self.start().headers["Set-Cookie"]
        [part] = [one for one in cookie.split(", ") if "spar_browser=" in one]
        self.assertTrue(part.startswith("__Host-spar_browser="))
        self.assertIn("Secure", part)
        self.assertIn("Path=/", part)
        self.assertNotIn("Domain", part)

    def test_weakness_c1_the_nonce_is_kept_for_each_login(self):
        self.start()
        self.start()
        self.back(1)
        self.back(0)
        self.assertEqual(
            [one[0].nonce for one in self.finished], ["nonce-1", "nonce-0"]
        )

    # === G6, S1: THE VERIFIER === #

    def test_weakness_s1_the_verifier_stays_on_the_server_and_is_sealed(self):
        answer = self.start()
        everything = f"{answer.headers} {answer.text} {dict(self.session_now())}"
        self.assertNotIn("verifier-0", everything)
        self.cr.execute("SELECT row_to_json(l)::text FROM g2p_spar_oidc_login l")
        [[stored]] = self.cr.fetchall()
        for secret in ("verifier-0", "nonce-0", "state-0000000000000000"):
            with self.subTest(secret=secret):
                self.assertNotIn(secret, stored)

    # === G9 - G12: WHAT CLAIMS MAY DO === #

    def test_weakness_g10_g11_claims_fill_in_nothing_of_the_user(self):
        self.claims = {
            "groups": ["base.group_system"],
            "group_ids": [1],
            "email": "admin@example.org",
            "login": "admin",
            "picture": "file:///etc/passwd",
            "active": False,
            "partner_id": 3,
        }
        self.log_in()
        user = self.user()
        self.assertEqual(user.group_ids, self.env.ref("base.group_portal"))
        self.assertFalse(user.email)
        self.assertTrue(user.login.startswith("spar-"))
        self.assertTrue(user.active)
        self.assertFalse(user._is_internal())

    def test_weakness_g11_the_rules_for_signing_up_stay_as_they_are(self):
        scope = "auth_signup.invitation_scope"
        self.env["ir.config_parameter"].set_param(scope, "b2b")
        self.log_in()
        self.assertEqual(self.env["ir.config_parameter"].get_param(scope), "b2b")
        self.assertNotEqual(
            self.user().partner_id,
            self.env.ref("base.template_portal_user_id").partner_id,
        )

    def test_weakness_g12_tokens_in_the_address_are_ignored(self):
        self.start()
        answer = self.get(
            "/spar/oidc/callback?state=state-0000000000000000"
            "&access_token=stolen&id_token=stolen"
        )
        self.assert_failed(answer, "callback_invalid")
        self.assertEqual(self.finished, [])

    # === G13: PROVIDERS ARE READ BY NOBODY === #

    @mute_logger("odoo.http")
    def test_weakness_g13_no_record_of_a_provider_over_rpc(self):
        self.log_in()
        for path in ("/web/dataset/call_kw/auth.oauth.provider/search_read",):
            answer = self.url_open(
                path,
                data=json.dumps(
                    {
                        "jsonrpc": "2.0",
                        "params": {
                            "model": "auth.oauth.provider",
                            "method": "search_read",
                            "args": [[]],
                            "kwargs": {},
                        },
                    }
                ),
                headers={"Content-Type": "application/json"},
            )
            self.assertNotIn("result", answer.json())

    def test_weakness_g13_the_login_pages_tell_no_settings(self):
        for path in ("/spar/login", "/web/login"):
            text = self.url_open(path).text
            for secret in ("spar-test", "id.example.org/token", "private", "sealed"):
                with self.subTest(path=path, secret=secret):
                    self.assertNotIn(secret, text)

    # === G14: WHAT THE BROWSER SAYS === #

    def test_weakness_g14_the_provider_comes_from_the_stored_login(self):
        other = self.login_provider(name="Other ID", client_id="other")
        self.start()
        self.back(p=other.id, provider=other.id, provider_id=other.id)
        identity = self.env["g2p.spar.identity"].search([("subject", "=", "amina")])
        self.assertEqual(identity.provider_id, self.oidc)

    def test_weakness_g14_failures_say_words_of_ours_only(self):
        self.start()
        answer = self.get(
            "/spar/oidc/callback?state=state-0000000000000000&error=access_denied"
            "&error_description=%3Cscript%3Ealert(1)%3C/script%3E&error_uri=//evil.example"
        )
        self.assertNotIn("script", answer.headers["Location"])
        for code in ("access_denied", "id_token_invalid", "too_many"):
            page = self.get(f"/spar/login/failed/{code}")
            self.assertEqual(page.status_code, 200)
            self.assertEqual(page.headers["Cache-Control"], "no-store")
            self.assertNotIn("Traceback", page.text)
            self.assertNotIn("alert", page.text)

    @mute_logger("odoo.http")
    def test_weakness_g14_no_page_for_a_code_of_others(self):
        for code in ("%3Cscript%3E", "x%00"):
            with self.subTest(code=code):
                answer = self.get(f"/spar/login/failed/{code}")
                self.assertEqual(answer.status_code, 404)
                self.assertIn("We did not find this page", answer.text)

    # === G15: WHO IS FOUND === #

    def test_weakness_g15_nobody_is_found_by_email_or_name(self):
        self.log_in()
        first = self.user()
        self.another_browser()
        self.subject = "somebody-else"
        self.log_in()
        self.assertNotEqual(self.user("somebody-else"), first)

    def test_weakness_g15_who_was_shut_out_stays_out(self):
        self.log_in()
        identity = self.env["g2p.spar.identity"].search([("subject", "=", "amina")])
        for record in (identity, identity.user_id):
            with self.subTest(record=record._name):
                record.active = False
                self.another_browser()
                self.assert_failed(self.log_in(), "shut_out")
                identity.active = True

    # === G16, K3: TOKENS === #

    def test_weakness_g16_k3_no_token_is_stored_with_the_user(self):
        self.log_in()
        user = self.user()
        self.assertFalse(user.oauth_uid or user.oauth_provider_id)
        self.cr.execute(
            "SELECT oauth_access_token, password FROM res_users WHERE id = %s",
            [user.id],
        )
        self.assertEqual(self.cr.fetchone(), (None, None))

    def test_weakness_k3_a_new_login_leaves_the_other_device_alone(self):
        self.log_in()
        phone = self.opener
        self.another_browser()
        self.log_in()
        self.opener = phone
        self.assertEqual(self.get("/my/benefit-account").status_code, 200)

    def test_weakness_g18_the_password_route_is_shut_not_only_hidden(self):
        """See also test_doors: the table is given a password there."""
        self.log_in()
        with mute_logger("odoo.addons.base.models.res_users"):
            answer = self.url_open(
                "/web/session/authenticate",
                data=json.dumps(
                    {
                        "params": {
                            "db": self.env.cr.dbname,
                            "login": self.user().login,
                            "password": "",
                        }
                    }
                ),
                headers={"Content-Type": "application/json"},
            )
        self.assertNotIn("result", answer.json())

    # === K1, K2: THE STATE AND THE PROVIDER === #

    def test_weakness_k1_a_provider_closed_on_the_way_lets_nobody_in(self):
        self.start()
        self.oidc.spar_enabled_for_portal = False
        self.assert_failed(self.back(), "provider_closed")
        self.assertEqual(self.finished, [])

    def test_weakness_k1_no_login_begins_at_a_closed_or_foreign_provider(self):
        foreign = self.env["auth.oauth.provider"].create(
            {
                "name": "Mail",
                "body": "Mail",
                "auth_endpoint": "https://mail.example.org",
                "validation_endpoint": "https://mail.example.org",
                "enabled": True,
            }
        )
        self.assert_failed(self.start(foreign), "provider_closed")
        self.oidc.spar_enabled_for_portal = False
        self.assert_failed(self.start(), "provider_closed")
        self.assert_failed(self.get("/spar/login/999999999"), "provider_closed")
        self.assertEqual(self.began, [])

    @mute_logger("odoo.http", FORGED)
    def test_weakness_k2_odoos_own_way_takes_no_token(self):
        """A token that the provider gave to anybody else would do there."""
        state = json.dumps({"d": self.env.cr.dbname, "p": self.oidc.id, "r": "/my"})
        users = type(self.env["res.users"])
        for name in ("access_token", "id_token"):
            with self.subTest(name=name), patch.object(users, "_auth_oauth_rpc") as rpc:
                answer = self.get(f"/auth_oauth/signin?{name}=stolen&state={state}")
                self.assertIn("oauth_error", answer.headers["Location"])
                self.assertIsNone(self.session_now().uid)
                rpc.assert_not_called()

    def test_weakness_k2_nobody_is_sent_away_for_a_token(self):
        for path in ("/web/login", "/web/signup", "/web/reset_password", "/spar/login"):
            with self.subTest(path=path):
                self.assertNotIn("id.example.org", self.url_open(path).text)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.oidc.enabled = True
            self.env.flush_all()

    # === C4, S2: ADDRESSES === #

    def test_weakness_c4_the_way_back_is_not_what_the_host_header_says(self):
        base = self.oidc.get_base_url()
        self.get(
            f"/spar/login/{self.oidc.id}",
            headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
        )
        self.oidc.spar_redirect_uri = "https://spar.test/spar/oidc/callback"
        self.start()
        self.assertEqual(
            [one[2] for one in self.began],
            [f"{base}/spar/oidc/callback", "https://spar.test/spar/oidc/callback"],
        )

    def test_weakness_s2_a_login_leads_to_no_other_server(self):
        for path in ("//evil.example", "https://evil.example", "/%5Cevil.example"):
            self.another_browser()
            with self.subTest(path=path):
                answer = self.log_in(return_path=path)
                self.assertEqual(self.path_of(answer), "/my/benefit-account")
                self.assertNotIn("evil", answer.headers["Location"])

    # === THE SESSION === #

    def test_the_session_gets_a_new_id_and_loses_what_it_held(self):
        before = self.session_now()
        before["cart"] = "something"
        root.session_store.save(before)
        self.log_in()
        after = self.session_now()
        self.assertNotEqual(after.sid, before.sid)
        self.assertNotIn("cart", after)
        self.assertFalse(root.session_store.get(before.sid).get(SESSION_KEY))

    def test_a_session_of_staff_becomes_the_persons_whole(self):
        self.authenticate(self.officer.login, "none")
        self.log_in()
        self.assertEqual(self.session_now().uid, self.user().id)

    # === LIMITS === #

    def test_three_hundred_people_at_one_kiosk(self):
        for number in range(3):
            self.another_browser()
            self.subject = f"person-{number}"
            self.assertEqual(self.path_of(self.log_in()), "/my/benefit-account")
        spent = self.env["g2p.spar.throttle"]
        for _attempt in range(597):
            spent.hit("login_start", "127.0.0.1", 1200, 600)
            spent.hit("callback", "127.0.0.1", 1200, 600)
        self.another_browser()
        self.subject = "person-300"
        self.assertEqual(self.path_of(self.log_in()), "/my/benefit-account")

    def test_one_address_that_never_ends(self):
        spent = self.env["g2p.spar.throttle"]
        for _attempt in range(1200):
            spent.hit("login_start", "127.0.0.1", 1200, 600)
        self.assert_failed(self.start(), "too_many")
        self.assertEqual(self.began, [])

    def test_one_person_who_never_ends(self):
        for _attempt in range(20):
            self.assertEqual(self.path_of(self.log_in()), "/my/benefit-account")
            self.another_browser()
        self.assert_failed(self.log_in(), "too_many")
        self.subject = "baraka"
        self.assertEqual(self.path_of(self.log_in()), "/my/benefit-account")

import json
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessDenied, AccessError, UserError, ValidationError
from odoo.http import Request, root
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..const import CREDENTIAL
from .common import PortalCase

NOISY = ("odoo.http", "odoo.service.model", "odoo.addons.base.models.res_users")


@tagged("post_install", "-at_install")
class TestDoors(PortalCase):
    """A beneficiary's user has one door; each of Odoo's others is tried here."""

    def setUp(self):
        super().setUp()
        person = self.person("amina")
        identity = self.env["g2p.spar.identity"].browse(person.identity_id)
        self.user = identity.user_id

    def set_password_anyway(self):
        """Put a password into the table, as nothing in Odoo can."""
        hashed = self.env["res.users"]._crypt_context().hash("sesame")
        self.cr.execute(
            "UPDATE res_users SET password = %s WHERE id = %s", (hashed, self.user.id)
        )

    def session_uid(self):
        return root.session_store.get(self.opener.cookies["session_id"]).uid

    # === PASSWORDS === #

    @mute_logger(*NOISY)
    def test_no_password_is_right(self):
        self.set_password_anyway()
        users = self.env["res.users"]
        for credential in (
            {"type": "password", "login": self.user.login, "password": "sesame"},
            {"type": "oauth_token", "login": self.user.login, "token": "x"},
            {"type": "webauthn", "login": self.user.login, "webauthn_response": "{}"},
            {"type": CREDENTIAL, "login": self.user.login, "token": ""},
            {"type": CREDENTIAL, "login": self.user.login, "token": "guessed"},
        ):
            for interactive in (True, False):
                with (
                    self.subTest(credential=credential),
                    self.assertRaises(AccessDenied),
                ):
                    users.with_user(self.user)._check_credentials(
                        credential, {"interactive": interactive}
                    )

    @mute_logger(*NOISY)
    def test_odoos_log_in_page_and_rpc(self):
        self.set_password_anyway()
        self.authenticate(None, None)
        self.url_open(
            "/web/login",
            data={
                "login": self.user.login,
                "password": "sesame",
                "csrf_token": Request.csrf_token(self),
            },
        )
        self.assertIsNone(self.session_uid())
        with self.assertRaises(AccessDenied):
            self.env["res.users"]._check_uid_passwd(self.user.id, "sesame")

    @mute_logger(*NOISY)
    def test_a_posted_type_of_credential_opens_nothing(self):
        self.authenticate(None, None)
        self.url_open(
            "/web/login",
            data={
                "login": self.user.login,
                "password": "x",
                "token": "x",
                "type": CREDENTIAL,
                "csrf_token": Request.csrf_token(self),
            },
        )
        self.assertIsNone(self.session_uid())

    def test_nobody_gives_such_a_user_a_key(self):
        for values in (
            {"password": "sesame"},
            {"new_password": "sesame"},
            {"email": "amina@example.org"},
            {"oauth_uid": "amina", "oauth_provider_id": self.oidc.id},
            {"totp_secret": "JBSWY3DPEHPK3PXP"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.user.write(values)

    def test_the_wizard_of_administrators_gives_no_password(self):
        wizard = self.env["change.password.wizard"].create(
            {
                "user_ids": [
                    Command.create(
                        {
                            "user_id": self.user.id,
                            "user_login": self.user.login,
                            "new_passwd": "sesame",
                        }
                    )
                ]
            }
        )
        with self.assertRaises(UserError):
            wizard.change_password_button()

    def test_the_user_cannot_choose_a_password(self):
        users = self.env["res.users"].with_user(self.user)
        with self.assertRaises(AccessDenied):
            users.change_password("", "sesame")
        with self.assertRaises(AccessDenied):
            users.change_password("guessed", "sesame")
        with self.assertRaises(UserError):
            users.env.user._change_password("sesame")

    # === LINKS === #

    def test_no_link_to_reset_a_password(self):
        self.user.partner_id.email = "amina@example.org"
        for login in (self.user.login, "amina@example.org"):
            with self.subTest(login=login), self.assertRaises(UserError):
                self.env["res.users"].reset_password(login)
        with self.assertRaises(UserError):
            self.user.action_reset_password()
        self.assertFalse(
            self.env["mail.mail"].search([("email_to", "ilike", "amina@")])
        )

    def test_a_link_to_sign_up_leads_nowhere(self):
        partner = self.user.partner_id
        partner.signup_prepare()
        self.assertFalse(partner.signup_type)
        token = partner._generate_signup_token()
        with self.assertRaises(UserError):
            self.env["res.users"].signup({"password": "sesame"}, token)
        self.assertIsNone(self.env["res.partner"]._signup_retrieve_info(token))

    def test_links_of_others_still_lead_somewhere(self):
        partner = new_test_user(
            self.env, "spar_other", groups="base.group_portal"
        ).partner_id
        partner.signup_prepare()
        self.assertEqual(partner.signup_type, "signup")
        token = partner._generate_signup_token()
        self.assertEqual(
            self.env["res.partner"]._signup_retrieve_info(token)["login"], "spar_other"
        )

    # === OTHER KEYS === #

    def test_no_api_key(self):
        keys = self.env["res.users.apikeys"].with_user(self.user).sudo()
        with self.assertRaises(AccessError):
            keys._generate("rpc", "test", fields.Datetime.now() + timedelta(days=1))

    @mute_logger(*NOISY)
    def test_an_api_key_from_before_opens_nothing(self):
        with patch.object(
            type(self.env["g2p.spar.identity"]), "_is_user", return_value=set()
        ):
            key = (
                self.env["res.users.apikeys"]
                .with_user(self.user)
                .sudo()
                ._generate("rpc", "test", fields.Datetime.now() + timedelta(days=1))
            )
        check = self.env["res.users.apikeys"]._check_credentials
        self.assertIsNone(check(scope="rpc", key=key))
        self.authenticate(None, None)
        answer = self.url_open(
            "/json/2/res.users/context_get",
            data="{}",
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {key}",
            },
        )
        self.assertEqual(answer.status_code, 401)

    def test_a_passkey_from_before_opens_nothing(self):
        users = self.env["res.users"]
        base = type(users).__mro__
        other = {"uid": self.user.id, "auth_method": "passkey", "mfa": "skip"}
        credential = {"type": "webauthn", "login": self.user.login}
        with (
            patch.object(base[0], "_check_credentials", return_value=other),
            mute_logger(*NOISY),
            self.assertRaises(AccessDenied),
        ):
            users._login({**credential, "webauthn_response": '{"id": "x"}'}, {})

    def test_the_identity_check_of_odoo_is_not_passed(self):
        check = self.env["res.users.identitycheck"].with_user(self.user).sudo()
        wizard = check.create(
            {"request": json.dumps([{}, "res.users", [], "x", [], {}])}
        )
        wizard = wizard.with_user(self.user).with_context(password="sesame")
        self.set_password_anyway()
        with self.assertRaises(UserError):
            wizard._check_identity()

    def test_odoos_own_oauth_does_not_know_the_provider(self):
        users = self.env["res.users"]
        with (
            patch.object(type(users), "_auth_oauth_validate") as validate,
            self.assertRaises(AccessDenied),
        ):
            users.auth_oauth(self.oidc.id, {"access_token": "stolen"})
        validate.assert_not_called()

    @mute_logger("odoo.http", "odoo.addons.auth_oauth.controllers.main")
    def test_the_route_of_odoos_own_oauth(self):
        self.authenticate(None, None)
        state = json.dumps({"d": self.env.cr.dbname, "p": self.oidc.id, "r": "/my"})
        answer = self.url_open(
            "/auth_oauth/signin?access_token=stolen&state=" + state,
            allow_redirects=False,
        )
        self.assertIn("oauth_error=3", answer.headers["Location"])
        self.assertIsNone(self.session_uid())

    # === THE USER === #

    def test_the_user_never_becomes_staff(self):
        with self.assertRaises(ValidationError):
            self.user.group_ids = self.env.ref("base.group_user")

    def test_a_kiosk_where_somebody_forgot_a_password(self):
        self.user._spar_issue_ticket("ticket")
        later = fields.Datetime.now() + timedelta(days=1)
        self.assertFalse(self.user._on_login_cooldown(100, later))
        self.env.cr.cache.clear()
        self.assertTrue(self.user._on_login_cooldown(100, later))

    def test_a_ticket_opens_once_and_for_its_user_only(self):
        other = self.person("baraka")
        other = self.env["g2p.spar.identity"].browse(other.identity_id).user_id
        self.user._spar_issue_ticket("ticket")
        credential = self.user._spar_credential("ticket")
        with self.assertRaises(AccessDenied):
            other.with_user(other)._check_credentials(credential, {})
        self.user._spar_issue_ticket("ticket")
        info = self.user.with_user(self.user)._check_credentials(credential, {})
        self.assertEqual((info["uid"], info["mfa"]), (self.user.id, "skip"))
        with self.assertRaises(AccessDenied):
            self.user.with_user(self.user)._check_credentials(credential, {})


@tagged("post_install", "-at_install")
class TestFence(PortalCase):
    """A beneficiary's session opens the portal's pages and what all may see."""

    def session_uid(self):
        return root.session_store.get(self.opener.cookies["session_id"]).uid

    def setUp(self):
        super().setUp()
        self.person("amina")

    def test_pages_of_the_portal_are_open(self):
        for path in ("/my/benefit-account", "/my", "/spar/ended", "/web/login"):
            with self.subTest(path=path):
                self.assertEqual(self.url_open(path).status_code, 200)

    def test_doors_that_are_shut_are_not_shown(self):
        text = self.url_open("/my").text
        self.assertIn("/my/benefit-account", text)
        for path in ("/my/addresses", "/my/security"):
            self.assertNotIn(f'href="{path}"', text)
        new_test_user(self.env, "spar_other", groups="base.group_portal")
        self.authenticate("spar_other", "spar_other")
        self.assertIn('href="/my/security"', self.url_open("/my").text)

    def test_pages_of_others_lead_home(self):
        for path in ("/my/account", "/my/security", "/my/addresses"):
            with self.subTest(path=path):
                answer = self.url_open(path)
                self.assertTrue(answer.url.endswith("/my/benefit-account"), answer.url)
        for path in ("/odoo", "/web"):
            with self.subTest(path=path):
                self.assertTrue(self.url_open(path).url.endswith("/my"))

    @mute_logger("odoo.http")
    def test_forms_of_others_are_shut(self):
        token = Request.csrf_token(self)
        for path in ("/my/security", "/my/deactivate_account", "/my/address/submit"):
            answer = self.url_open(path, data={"csrf_token": token, "validation": "x"})
            with self.subTest(path=path):
                self.assertEqual(answer.status_code, 403)

    @mute_logger("odoo.http")
    def test_rpc_is_shut(self):
        for path in (
            "/web/dataset/call_kw/res.users/context_get",
            "/web/session/get_session_info",
            "/web/session/modules",
            "/mail/data",
        ):
            answer = self.url_open(
                path,
                data=json.dumps(
                    {
                        "jsonrpc": "2.0",
                        "params": {
                            "model": "res.users",
                            "method": "context_get",
                            "args": [],
                            "kwargs": {},
                        },
                    }
                ),
                headers={"Content-Type": "application/json"},
            )
            with self.subTest(path=path):
                self.assertNotIn("result", answer.json())

    def test_a_session_left_alone_is_over_on_every_page(self):
        self.write_session(seen=0)
        for _request in range(2):
            answer = self.url_open("/my", allow_redirects=False)
            self.assertIn("/web/login", answer.headers["Location"])
        answer = self.url_open("/my/benefit-account", allow_redirects=False)
        self.assertIn("/spar/login", answer.headers["Location"])
        self.assertIsNone(self.session_uid())

    def test_odoos_log_in_page_shows_the_way_and_nothing_else(self):
        self.authenticate(None, None)
        text = self.url_open("/web/login").text
        self.assertIn('href="/spar/login"', text)
        for secret in ("spar-test", "id.example.org", "spar_is_portal"):
            with self.subTest(secret=secret):
                self.assertNotIn(secret, text)

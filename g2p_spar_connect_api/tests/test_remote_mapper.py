from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import file_open

from odoo.addons.g2p_spar_mapper.core.reason import Cause

from .remote_common import RemoteCase
from .remote_server import TOKEN, answer_of
from .roles import ADMIN, AUDITOR, OPERATIONS, RightsMixin


@tagged("post_install", "-at_install")
class TestAccess(RemoteCase):
    """The registry proves who it is, and nobody reads how."""

    def use_token(self):
        self.remote.write(
            {
                "token_url": f"{self.other.url}/token",
                "client_id": "me",
                "client_secret": "s3cret",
                "token_scope": "mapper.link",
            }
        )

    def test_a_token_is_asked_for_once(self):
        self.use_token()
        self.link_away("a")
        self.link_away("b")
        [form] = self.other.tokens
        self.assertEqual(
            form,
            b"grant_type=client_credentials&client_id=me&client_secret=s3cret"
            b"&scope=mapper.link",
        )
        for _path, headers, _message in self.other.requests:
            self.assertEqual(headers["Authorization"], f"Bearer {TOKEN}")

    def test_a_refused_token_is_thrown_away(self):
        self.use_token()
        self.other.answer = lambda *asked: (401, b"{}")
        self.assertEqual(self.link_away("a"), [Cause.REMOTE_UNAVAILABLE])
        self.other.answer = answer_of
        self.assertEqual(self.link_away("a"), [Cause.DONE])
        self.assertEqual(len(self.other.tokens), 2)

    def test_other_credentials_need_another_token(self):
        self.use_token()
        self.link_away("a")
        self.remote.client_secret = "another"
        self.link_away("a")
        self.assertIn(b"client_secret=another", self.other.tokens[1])

    def test_no_token_means_no_message(self):
        self.use_token()
        self.other.token_status = 401
        self.assertEqual(self.link_away("a"), [Cause.REMOTE_UNAVAILABLE])
        self.assertEqual(self.other.requests, [])
        self.assertEqual(self.remote.last_error, "access_refused")

    def test_a_secret_goes_in_and_never_out(self):
        self.use_token()
        self.assertTrue(self.remote.has_secret)
        self.assertFalse(self.remote.client_secret)
        self.env.flush_all()
        self.env.cr.execute("SELECT secret_sealed FROM g2p_spar_remote_mapper")
        self.assertNotIn("s3cret", str(self.env.cr.fetchall()))
        admin = new_test_user(self.env, "remote_admin", groups=ADMIN)
        shown = self.remote.with_user(admin)
        self.assertNotIn("secret_sealed", shown.read()[0])
        with self.assertRaises(AccessError):
            shown.read(["secret_sealed"])

    def test_messages_are_signed_where_that_is_wanted(self):
        self.remote.is_signed = True
        self.link_away("a")
        [(_path, headers, _message)] = self.other.requests
        self.assertIn("Signature", headers)

    def test_without_the_key_of_the_server_nothing_is_sent(self):
        self.use_token()
        self.env.flush_all()
        # Sealed with a key that is gone.
        self.remote.sudo().secret_sealed = "gAAAAABnonsense"
        self.assertEqual(self.link_away("a"), [Cause.REMOTE_UNAVAILABLE])
        self.assertEqual(self.other.tokens, [])


@tagged("post_install", "-at_install")
class TestRecord(RightsMixin, RemoteCase):
    """The form: who may, what is refused, what is shown."""

    def test_matrix(self):
        self.assert_rights({"g2p.spar.remote.mapper": (OPERATIONS, ("read",))})

    def test_private_methods(self):
        self.assert_private(
            {
                "g2p.spar.remote": ("exchange", "try_out", "get_health"),
                "g2p.spar.remote.mapper": ("get_routes", "get_facts"),
                "g2p.spar.mapper": ("forward",),
            }
        )

    def test_bad_values_are_refused(self):
        for values in (
            {"base_url": "ftp://a.example"},
            {"base_url": "https://u:p@a.example"},
            {"base_url": "https://a.example/?x"},
            {"token_url": "nonsense", "client_id": "me"},
            {"token_url": "https://a.example/token"},
            {"item_limit": 0},
            {"total_seconds": 61},
            {"failure_limit": 0},
            {"pause_seconds": 0},
            {"active": False},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.remote.write(values)

    def test_a_type_in_use_here_is_not_given_away(self):
        self.id_type.remote_mapper_id = False
        self.link_away("a")
        with self.assertRaises(ValidationError):
            self.id_type.remote_mapper_id = self.remote

    def test_a_copy_of_the_database_calls_nobody(self):
        self.remote.client_secret = "s3cret"
        self.env.flush_all()
        with file_open("g2p_spar_connect_api/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertEqual(self.remote.base_url, "https://neutralized.invalid")
        self.assertFalse(self.remote.has_secret)

    def test_the_form_shows_where_it_leads(self):
        with Form(self.remote) as form:
            form.base_url = "https://mapper.example/v1/"
            for style, url in (
                ("mapper_sync", "https://mapper.example/v1/mapper/sync/resolve"),
                ("sync", "https://mapper.example/v1/sync/resolve"),
                ("mapper", "https://mapper.example/v1/mapper/resolve"),
                ("plain", "https://mapper.example/v1/resolve"),
            ):
                form.path_style = style
                self.assertEqual(form.example_url, url)

    def test_connections_are_tested_by_administrators(self):
        admin = new_test_user(self.env, "tester", groups=ADMIN)
        remote = self.remote.with_user(admin)
        notice = remote.action_test_connection()["params"]
        self.assertEqual(notice["type"], "success")
        [message] = self.other.messages()
        [asked] = message["message"]["resolve_request"]
        self.assertRegex(asked["id"], r"^away:[0-9a-f-]{36}@country$")
        auditor = new_test_user(self.env, "looker", groups=AUDITOR)
        with self.assertRaises(AccessError):
            self.remote.with_user(auditor).action_test_connection()

    def test_a_wrong_dialect_and_a_failure_are_told(self):
        self.find(status_reason_code=None)
        notice = self.remote.with_user(self._admin()).action_test_connection()
        self.assertEqual(notice["params"]["type"], "warning")
        self.other.answer = lambda *asked: (404, b"")
        with self.assertRaises(UserError) as caught:
            self.remote.with_user(self._admin()).action_test_connection()
        self.assertIn("404", str(caught.exception))

    def _admin(self):
        found = self.env["res.users"].search([("login", "=", "remote_tester")])
        return found or new_test_user(self.env, "remote_tester", groups=ADMIN)

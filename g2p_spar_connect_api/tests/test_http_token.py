from datetime import timedelta
from unittest.mock import patch

from joserfc import jwt
from joserfc.jwk import KeySet

from odoo import fields
from odoo.tests import tagged

from ..models import g2p_spar_access
from .common import TOKEN_URL, ConnectCase, no_key
from .test_core_token_request import basic


@tagged("post_install", "-at_install")
class TestToken(ConnectCase):
    def assertError(self, response, status, code):
        """The response is an error of RFC 6749, section 5.2."""
        self.assertEqual(response.status_code, status, response.text)
        self.assertEqual(response.json()["error"], code)
        self.assertTrue(response.json()["error_description"])
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertEqual(response.headers["Pragma"], "no-cache")

    def test_form(self):
        response = self.ask_token()

        self.assertEqual(response.status_code, 200)
        body = response.json()
        self.assertEqual((body["token_type"], body["expires_in"]), ("Bearer", 600))
        self.assertEqual(
            body["scope"],
            "mapper.link mapper.resolve mapper.status mapper.unlink mapper.update",
        )
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertNotIn("refresh_token", body)

    def test_basic(self):
        response = self.url_open(
            TOKEN_URL,
            data={"grant_type": "client_credentials"},
            headers={"Authorization": basic(f"{self.sender.client_id}:{self.secret}")},
        )

        self.assertEqual(response.status_code, 200)

    def test_claims(self):
        self.sender.token_lifetime = 120

        token = self.token(scope="mapper/link")

        published = self.url_open("/spar/v1/oauth2/jwks.json").json()
        claims = jwt.decode(token, KeySet.import_key_set(published), ["ES256"]).claims
        self.assertEqual(claims["sub"], self.sender.client_id)
        self.assertEqual(claims["scope"], "mapper.link")
        self.assertEqual(claims["exp"] - claims["iat"], 120)
        self.assertEqual(claims["aud"], "g2p-spar-mapper")
        self.assertLessEqual({"iss", "nbf", "jti"}, claims.keys())

    def _signing(self):
        return self._key("current").kid

    def _key(self, state):
        return self.env["g2p.spar.own.key"].search(
            [("purpose", "=", "token"), ("state", "=", state)]
        )

    def test_errors(self):
        for form, status, code in (
            ({"grant_type": ""}, 400, "invalid_request"),
            ({"grant_type": "password"}, 400, "unsupported_grant_type"),
            ({"client_secret": "wrong"}, 401, "invalid_client"),
            ({"client_secret": ""}, 401, "invalid_client"),
            ({"client_id": "unknown"}, 401, "invalid_client"),
            ({"client_id": "x" * 5000}, 401, "invalid_client"),
            ({"client_id": "a\0b"}, 401, "invalid_client"),
            ({"client_secret": "a\0b"}, 401, "invalid_client"),
            ({"scope": "mapper.link admin"}, 400, "invalid_scope"),
            ({"scope": "x" * 20000}, 413, "invalid_request"),
        ):
            with self.subTest(form={k: v[:20] for k, v in form.items()}):
                self.assertError(self.ask_token(**form), status, code)

    def test_both_ways_at_once(self):
        response = self.url_open(
            TOKEN_URL,
            data={"grant_type": "client_credentials", "client_secret": self.secret},
            headers={"Authorization": basic(f"{self.sender.client_id}:{self.secret}")},
        )

        self.assertError(response, 400, "invalid_request")

    def test_challenge(self):
        response = self.ask_token(client_secret="wrong")

        self.assertIn("Basic", response.headers["WWW-Authenticate"])

    def test_other_media_type_and_method(self):
        response = self.url_open(TOKEN_URL, json={"grant_type": "client_credentials"})
        self.assertError(response, 400, "invalid_request")
        self.assertError(self.url_open(TOKEN_URL), 405, "invalid_request")

    def test_secret_of_another_client(self):
        other = self.make_sender()

        self.assertError(self.ask_token(other), 401, "invalid_client")

    def test_shut_out(self):
        for values in (
            {"active": False},
            {"active": True, "valid_until": "2020-01-01"},
        ):
            self.sender.write(values)
            with self.subTest(values=values):
                self.assertError(self.ask_token(), 401, "invalid_client")

    def test_without_scopes(self):
        self.sender.write(
            dict.fromkeys(
                (
                    *("may_link", "may_update", "may_unlink"),
                    *("may_resolve", "may_status"),
                ),
                False,
            )
        )

        self.assertError(self.ask_token(), 403, "unauthorized_client")

    def test_rotation_overlaps(self):
        new = self.new_secret(self.sender, overlap_days=7)

        self.assertEqual(self.ask_token(secret=self.secret).status_code, 200)
        self.assertEqual(self.ask_token(secret=new).status_code, 200)
        old = self.sender.secret_ids.filtered("expires_at")
        self.assertAlmostEqual(
            old.expires_at,
            fields.Datetime.now() + timedelta(days=7),
            delta=timedelta(minutes=1),
        )

        old.expires_at = "2020-01-01 00:00:00"
        self.assertError(self.ask_token(secret=self.secret), 401, "invalid_client")
        self.assertEqual(self.ask_token(secret=new).status_code, 200)

    def test_revoked(self):
        self.sender.action_revoke()

        self.assertError(self.ask_token(), 401, "invalid_client")

    def test_key_rotation(self):
        """Tokens of the former key stay good; the next key was published before."""
        token = self.token()
        published = self._published()
        upcoming = self._key("next").kid
        self.assertIn(upcoming, published)

        self.env["g2p.spar.own.key"]._rotate()

        message = self.message("resolve", [self.item("k")])
        self.assertEqual(self.post("resolve", message, token).status_code, 200)
        self.assertEqual(self._signing(), upcoming)
        self.assertLess(published, self._published())

    def test_key_dropped(self):
        """A token is not worth more than its key, although it was verified."""
        token = self.token()
        message = self.message("resolve", [self.item("k")])
        self.assertEqual(self.post("resolve", message, token).status_code, 200)

        self.env["g2p.spar.own.key"].search([]).unlink()

        response = self.post("resolve", message, token)
        self.assertRefused(response, 401, "err.request.unauthorized")

    def _published(self):
        keys = self.url_open("/spar/v1/oauth2/jwks.json").json()["keys"]
        for key in keys:
            self.assertNotIn("d", key)
        return {key["kid"] for key in keys}

    def test_too_many_failures_of_a_client(self):
        with patch.object(g2p_spar_access, "CLIENT_FAILURES", 2):
            for status in (401, 401, 429):
                response = self.ask_token(client_secret="wrong")
                self.assertEqual(response.status_code, status)

        self.assertError(response, 429, "temporarily_unavailable")
        self.assertGreaterEqual(int(response.headers["Retry-After"]), 1)
        self.assertEqual(self.ask_token().status_code, 200, "guessing shuts nobody out")

    def test_too_many_failures_of_an_address(self):
        with patch.object(g2p_spar_access, "ADDRESS_FAILURES", 2):
            found = [
                self.ask_token(client_id=f"guess{n}").status_code for n in range(3)
            ]

        self.assertEqual(found, [401, 401, 429])

    def test_no_key_on_the_server(self):
        with (
            no_key(),
            self.assertLogs("odoo.addons.g2p_spar_connect_api.http", "ERROR"),
        ):
            self.assertError(self.ask_token(), 500, "server_error")
            health = self.url_open("/spar/v1/health")

        self.assertEqual((health.status_code, health.json()["status"]), (503, "fail"))

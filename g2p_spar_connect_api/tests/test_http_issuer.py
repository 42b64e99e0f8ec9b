import json
import time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .jose_samples import private_key, sign
from .signature_common import SignatureCase

NAME = "https://issuer.test/realms/social"


@tagged("post_install", "-at_install")
class TestIssuer(SignatureCase):
    """Tokens of an outside issuer."""

    def setUp(self):
        super().setUp()
        self.server = self.publish("rsa")
        self.issuer = self.env["g2p.spar.issuer"].create(
            {
                "name": "Issuer",
                "issuer": NAME,
                "audience": "spar",
                "client_claim": "azp",
                "jwks_url": self.server.url,
            }
        )
        self.issuer.action_fetch_keys()
        self.sender.write({"issuer_id": self.issuer.id, "issuer_client": "pbms"})

    def _token(self, name="rsa", **claims):
        now = int(time.time())
        claims = {
            "iss": NAME,
            "aud": "spar",
            "azp": "pbms",
            "iat": now,
            "exp": now + 300,
            "scope": "mapper.resolve mapper.link",
            **claims,
        }
        kid = private_key(name).thumbprint()
        return sign(json.dumps(claims).encode(), name, detached=False, kid=kid)

    def _resolve(self, token):
        return self.post("resolve", self.body(), token)

    def assertInvalid(self, response):
        """The same answer as to a bad token of ours."""
        self.assertRefused(response, 401, "err.request.unauthorized")
        self.assertIn("invalid_token", response.headers["WWW-Authenticate"])

    def test_right(self):
        with self.assertLogs("g2p_spar.audit") as log:
            response = self._resolve(self._token())

        self.assertEqual(response.status_code, 200, response.text)
        line = json.loads(log.records[0].getMessage())
        self.assertEqual(
            (line["sender"], line["via"]), (self.sender.mnemonic, "issuer")
        )

    def test_wrong(self):
        now = int(time.time())
        for name, token in {
            "issuer": self._token(iss="https://evil.example"),
            "audience": self._token(aud="account"),
            "expired": self._token(exp=now - 100),
            "client": self._token(azp="other"),
            "forged": self._token()[:-8] + "AAAAAAAA",
        }.items():
            with self.subTest(name):
                self.assertInvalid(self._resolve(token))

    def test_scopes(self):
        """Of those in the token, what the partner holds too."""
        message = self.body("unlink", [self.item("x")])

        response = self.post("unlink", message, self._token())

        self.assertRefused(response, 403, "err.request.forbidden")

        self.issuer.scope_map = "payments = mapper.resolve"
        self.assertEqual(self._resolve(self._token(scope="payments")).status_code, 200)
        response = self._resolve(self._token())
        self.assertRefused(response, 403, "err.request.forbidden")

    def test_partner_is_shut_out(self):
        token = self._token()
        self.assertEqual(self._resolve(token).status_code, 200)
        for record, values in (
            (self.sender, {"tokens_from": "2999-01-01 00:00:00"}),
            (self.sender, {"tokens_from": False, "active": False}),
            (self.sender, {"active": True, "issuer_id": False}),
            (self.sender, {"issuer_id": self.issuer.id, "issuer_client": "other"}),
            (self.sender, {"issuer_client": "pbms"}),
            (self.issuer, {"audience": "changed"}),
            (self.issuer, {"audience": "spar", "active": False}),
        ):
            record.write(values)
            with self.subTest(values=values):
                if values == {"issuer_client": "pbms"}:
                    self.assertEqual(self._resolve(token).status_code, 200)
                else:
                    self.assertInvalid(self._resolve(token))

    def test_new_key(self):
        """Fetched when a token names it, at most once a minute."""
        token = self._token("rsa-other")
        self.server.keys = [self.server.keys[0], _public("rsa-other")]
        asked = self.server.asked

        self.assertEqual(self._resolve(token).status_code, 200)
        self.assertEqual(self.server.asked, asked + 1)

        for _again in range(3):
            self.assertInvalid(self._resolve(self._token("rsa-third")))
        self.assertEqual(self.server.asked, asked + 1)
        self.assertEqual(self._resolve(self._token()).status_code, 200)

    def test_key_that_is_gone(self):
        """A token is not worth more than its key, although it was verified."""
        token = self._token()
        self.assertEqual(self._resolve(token).status_code, 200)
        self.server.keys = [_public("rsa-other")]

        self.issuer.action_fetch_keys()

        self.assertInvalid(self._resolve(token))

    def test_last_good_copy(self):
        for status, keys in (
            (500, None),
            (302, None),
            (200, []),
            (200, [{"kty": "x"}]),
        ):
            self.server.status = status
            self.server.keys = self.server.keys if keys is None else keys
            with self.subTest(status=status, keys=keys):
                self.issuer._fetch_keys()
                self.assertTrue(self.issuer.keys_problem)
                self.assertEqual(self._resolve(self._token()).status_code, 200)
        with self.assertRaises(UserError):
            self.issuer.action_fetch_keys()

    def test_daily_fetch(self):
        self.server.keys.append(_public("ec"))
        # A test may not end its transaction.
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *args: None)

        self.env["g2p.spar.issuer"]._cron_fetch()

        self.assertEqual(len(self.issuer.key_names.split()), 2)

    def test_address_that_may_not_be_called(self):
        self.env["g2p.spar.outgoing.address"].search([]).unlink()
        self.issuer._fetch_keys()

        self.assertTrue(self.issuer.keys_problem)
        self.assertTrue(self.issuer.key_names)

    def test_settings(self):
        with self.assertRaises(ValidationError):
            self.issuer.scope_map = "payments: mapper.resolve"
        with self.assertRaises(ValidationError):
            self.sender.issuer_client = " "
        with self.assertRaises(ValidationError):
            self.issuer.key_set = [private_key().as_dict(private=True)]


def _public(name):
    return private_key(name).as_dict(private=False)

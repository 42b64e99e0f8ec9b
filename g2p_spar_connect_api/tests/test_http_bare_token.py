import json
import time

from joserfc import jws
from joserfc.jwk import KeySet

from odoo.tests import tagged

from .jose_samples import encode, sign
from .signature_common import SignatureCase


@tagged("post_install", "-at_install")
class TestBareToken(SignatureCase):
    """The JWT of the SPAR 1.1 connector."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_key()
        cls.sender.write(
            {"bare_token": True, "token_issuer": "urn:pbms", "token_audience": "spar"}
        )

    def _token(self, body, name="rsa", header=None, **claims):
        now = int(time.time())
        claims = {
            **json.loads(body),
            "iss": "urn:pbms",
            "aud": "spar",
            "exp": now + 600,
            **claims,
        }
        text = json.dumps(claims, separators=(",", ":")).encode()
        return sign(text, name, detached=False, **(header or {}))

    def test_right(self):
        body = self.body("link", [self.link_item("Bare")])

        with self.assertLogs("g2p_spar.audit") as log:
            response = self.send(body, "link", Authorization=self._token(body))

        self.assertEqual(response.json()["header"]["status"], "succ")
        line = json.loads(log.records[0].getMessage())
        self.assertEqual(line["via"], "authorization")

    def test_wrong(self):
        body = self.body("link", [self.link_item("Bare")])
        now = int(time.time())
        before = self.mappings()
        for name, token in {
            "other message": self._token(self.body("link", [self.link_item("Y")])),
            "issuer": self._token(body, iss="urn:other"),
            "audience": self._token(body, aud="other"),
            "expired": self._token(body, exp=now - 100),
            "forged": self._token(body, "rsa-other"),
            "more": self._token(body, more=1),
            "none": ".".join([encode({"alg": "none"}), encode(b"{}"), encode(b"x")]),
        }.items():
            with self.subTest(name):
                response = self.send(body, "link", Authorization=token)
                self.assertRefused(response, 401, "err.signature.invalid")
        self.assertEqual(self.mappings(), before)

    def test_named_token_is_taken_once(self):
        body = self.body()
        token = self._token(body, jti="1")

        first = self.send(body, Authorization=token)
        again = self.send(body, Authorization=token)
        other = self.send(body, Authorization=self._token(body, jti="2"))

        self.assertEqual(first.status_code, 200)
        self.assertRefused(again, 401, "err.signature.invalid")
        self.assertEqual(other.status_code, 200)

    def test_token_without_a_name_is_taken_again(self):
        body = self.body()
        token = self._token(body)

        for _again in range(2):
            self.assertEqual(self.send(body, Authorization=token).status_code, 200)

    def test_not_for_partners_that_do_not_send_it(self):
        body = self.body()
        token = self._token(body)
        self.make_sender(bare_token=True)
        self.sender.write({"bare_token": False, "signature_alone": True})

        response = self.send(body, Authorization=token)

        self.assertRefused(response, 401, "err.signature.invalid")


@tagged("post_install", "-at_install")
class TestSignedAnswers(SignatureCase):
    def test_answers(self):
        for algorithm in ("ES256", "RS256"):
            self.sender.sign_answers = algorithm
            response = self.post("resolve", self.body())
            with self.subTest(algorithm):
                self._verify(response, algorithm)

    def _verify(self, response, algorithm):
        """Verify an answer as a partner does: with what is published."""
        published = self.url_open("/spar/v1/oauth2/jwks.json").json()
        keys = [key for key in published["keys"] if key["use"] == "sig"]
        found = jws.deserialize_compact(
            response.headers["Signature"],
            KeySet.import_key_set({"keys": keys}),
            algorithms=[algorithm],
            payload=response.content,
        )
        self.assertEqual(found.headers()["alg"], algorithm)

    def test_not_asked_for(self):
        self.assertNotIn("Signature", self.post("resolve", self.body()).headers)

import json
import time
from unittest.mock import patch

from odoo.tests import tagged

from ..models import g2p_spar_signature
from .jose_samples import encode, private_key, public_jwk, sign
from .signature_common import SignatureCase
from .test_core_body_signature import write


def sign_body(body, **how):
    """Put a signature into a body, as the specification wants it."""
    message = json.loads(body)
    text = json.dumps(
        {"header": message["header"], "message": message["message"]},
        separators=(",", ":"),
    ).encode()
    now = int(time.time())
    message["signature"] = write(text, **{"created": now, "expires": now + 60, **how})
    return json.dumps(message).encode()


@tagged("post_install", "-at_install")
class TestBesideToken(SignatureCase):
    """A signature that comes with a token."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_key()

    def _post(self, body, **headers):
        return self.post("resolve", body, **headers)

    def test_policies(self):
        body = self.body()
        good, bad = sign(body), sign(body + b" ")
        for policy, none, right, wrong in (
            ("ignored", 200, 200, 200),
            ("checked", 200, 200, 401),
            ("required", 401, 200, 401),
        ):
            self.sender.signature_policy = policy
            with self.subTest(policy):
                self.assertEqual(self._post(body).status_code, none)
                self.assertEqual(self._post(body, Signature=good).status_code, right)
                self.assertEqual(self._post(body, Signature=bad).status_code, wrong)

    def test_missing(self):
        self.sender.signature_policy = "required"

        response = self._post(self.body())

        self.assertRefused(response, 401, "err.signature.missing")

    def test_in_the_message(self):
        self.add_key("ed")
        self.sender.signature_policy = "required"
        body = sign_body(self.body())

        self.assertEqual(self._post(body).status_code, 200)
        wrong = body.replace(b'"t1"', b'"t2"')
        self.assertRefused(self._post(wrong), 401, "err.signature.invalid")

    def test_token_of_another_partner(self):
        """The keys looked at are those of the token's partner."""
        other = self.make_sender(signature_policy="required")
        token = self.token(other, self.new_secret(other))
        body = self.body()

        response = self._post(body, token=token, Signature=sign(body))

        self.assertRefused(response, 401, "err.signature.invalid")

    def test_own_tokens_not_accepted(self):
        token = self.token()
        self.sender.own_tokens = False

        response = self._post(self.body(), token=token)

        self.assertRefused(response, 401, "err.request.unauthorized")
        self.assertEqual(self.ask_token().status_code, 401)


@tagged("post_install", "-at_install")
class TestSignatureAlone(SignatureCase):
    """A signature lets a message in without a token."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sender.signature_alone = True
        cls.key = cls.add_key()

    def assertInvalid(self, response, reason=None):
        """The one answer to every signature that is not right."""
        message = self.assertRefused(response, 401, "err.signature.invalid")
        self.assertIn("not signed as it must be", message)
        self.assertEqual(response.headers["WWW-Authenticate"], 'Signature realm="spar"')

    def test_found_by_name(self):
        """As G2P Bridge 1.1 signs: no name of the key, the sender in the message."""
        for name in (self.sender.mnemonic, self.sender.mnemonic.upper()):
            body = self.body(sender_id=name)
            compact = json.dumps(json.loads(body), separators=(",", ":")).encode()
            with self.subTest(name):
                response = self.send(body, Signature=sign(compact))
                self.assertEqual(response.status_code, 200, response.text)

    def test_found_by_key(self):
        for sender_id in ("", "unknown"):
            body = self.body(sender_id=sender_id)
            response = self.send(body, Signature=sign(body, kid=self.key.kid))
            with self.subTest(sender_id):
                self.assertEqual(response.status_code, 200, response.text)

    def test_found_in_the_message(self):
        self.add_key("ed")
        look = (
            'Signature: namespace="g2p", keyId="%s|k|ed25519", algorithm="ed25519", '
            'created="{created}", expires="{expires}", '
            'headers="(created) (expires) digest", signature="{signature}"'
        )
        body = sign_body(self.body(), look=look % self.sender.mnemonic)

        self.assertEqual(self.send(body).status_code, 200)
        late = int(time.time()) - 600
        old = sign_body(
            self.body(),
            look=look % self.sender.mnemonic,
            created=late - 10,
            expires=late,
        )
        self.assertInvalid(self.send(old))

    def test_audit(self):
        body = self.body(sender_id=self.sender.mnemonic)
        with self.assertLogs("g2p_spar.audit") as log:
            self.send(body, Signature=sign(body))
            self.send(body, Signature=sign(b"other"))
        good, bad = (json.loads(record.getMessage()) for record in log.records)

        self.assertEqual(
            (good["sender"], good["via"]), (self.sender.mnemonic, "signature")
        )
        self.assertEqual((bad["sender"], bad["reason"]), (None, "wrong_key"))
        self.assertEqual(bad["code"], "err.signature.invalid")

    def test_rights_are_those_of_the_partner(self):
        self.sender.may_link = False
        body = self.body("link", [self.link_item("x")], sender_id=self.sender.mnemonic)

        response = self.send(body, "link", Signature=sign(body))

        self.assertRefused(response, 403, "err.request.forbidden")

    def test_not_enough(self):
        """Not for partners that need a token, are shut out, or may sign otherwise."""
        body = self.body(sender_id=self.sender.mnemonic)
        signed = sign(body, kid=self.key.kid)
        other = self.make_sender(signature_alone=True)
        for values in (
            {"signature_alone": False},
            {"signature_alone": True, "active": False},
            {"active": True, "valid_until": "2020-01-01 00:00:00"},
        ):
            self.sender.write(values)
            with self.subTest(values=values):
                self.assertInvalid(self.send(body, Signature=signed))
        self.assertTrue(other.signature_alone)

    def test_nobody_signs(self):
        """Where no partner may sign alone, a token is asked for."""
        senders = self.env["g2p.spar.sender"].search([])
        senders.write({"signature_alone": False, "bare_token": False})
        body = self.body()

        response = self.send(body, Signature=sign(body))

        self.assertRefused(response, 401, "err.request.unauthorized")

    def test_header_is_not_looked_at(self):
        self.sender.header_signature = False
        body = self.body(sender_id=self.sender.mnemonic)

        self.assertInvalid(self.send(body, Signature=sign(body)))

    def test_no_signature(self):
        response = self.send(self.body())

        self.assertRefused(response, 401, "err.request.unauthorized")

    def test_bad_signatures(self):
        """Each changes nothing, and none is answered otherwise than another."""
        item = self.link_item("Bad")
        body = self.body("link", [item], sender_id=self.sender.mnemonic)
        head, _empty, signature = sign(body).split(".")
        small = bytearray(body)
        small[-3] ^= 1
        hs256 = encode({"alg": "HS256", "kid": self.key.kid})
        bad = {
            "forged": sign(body, "rsa-other", kid=self.key.kid),
            "embedded key": sign(body, "rsa-other", jwk=public_jwk("rsa-other")),
            "address of keys": sign(body, "rsa-other", jku="https://evil.example/"),
            "none": f"{encode({'alg': 'none'})}..",
            "none with a rest": f"{encode({'alg': 'none'})}..{signature}",
            "shared secret": f"{hs256}..{signature}",
            "other algorithm": f"{encode({'alg': 'ES256'})}..{signature}",
            "truncated": f"{head}..{signature[:-8]}",
            "two parts": f"{head}.{signature}",
            "critical": sign(body, crit=["b64"], b64=False).replace("..", ".x."),
            "other message": sign(b"{}"),
            "garbage": "\x7f" * 50,
            "endless": "A" * 30_000,
        }
        before, answers = self.mappings(), set()
        for name, text in bad.items():
            response = self.send(body, "link", Signature=text)
            with self.subTest(name):
                self.assertInvalid(response)
                answers.add(response.text)
        self.assertInvalid(self.send(bytes(small), "link", Signature=sign(body)))
        self.assertEqual(len(answers), 1)
        self.assertEqual(self.mappings(), before)

        # Nothing was wrong with the message itself.
        response = self.send(body, "link", Signature=sign(body))
        self.assertEqual(response.json()["header"]["status"], "succ")

    def test_algorithm_not_ticked(self):
        self.sender.use_rs256 = False
        body = self.body(sender_id=self.sender.mnemonic)

        self.assertInvalid(self.send(body, Signature=sign(body)))
        response = self.send(body, Signature=sign(body, alg="PS256"))
        self.assertEqual(response.status_code, 200)

    def test_key_that_ended(self):
        body = self.body(sender_id=self.sender.mnemonic)
        self.key.valid_until = "2020-01-01 00:00:00"

        self.assertInvalid(self.send(body, Signature=sign(body)))

        self.key.write({"valid_until": False, "valid_from": "2999-01-01 00:00:00"})
        self.assertInvalid(self.send(body, Signature=sign(body)))

    def test_age(self):
        for stamp, status in (
            ("2020-01-01T00:00:00Z", 401),
            ("2999-01-01T00:00:00Z", 401),
        ):
            body = self.body(sender_id=self.sender.mnemonic, message_ts=stamp)
            with self.subTest(stamp):
                response = self.send(body, Signature=sign(body))
                self.assertEqual(response.status_code, status)
        self.sender.replay_seconds = 0
        body = self.body(
            sender_id=self.sender.mnemonic, message_ts="2020-01-01T00:00:00Z"
        )
        self.assertEqual(self.send(body, Signature=sign(body)).status_code, 200)

    def test_repeated_change_is_answered_as_before(self):
        """A signed message that is sent again does nothing again."""
        body = self.body(
            "link", [self.link_item("Rep")], sender_id=self.sender.mnemonic
        )
        signed = sign(body)

        first = self.send(body, "link", Signature=signed)
        again = self.send(body, "link", Signature=signed)

        self.assertEqual(first.status_code, 200)
        self.assertEqual(again.json(), first.json())

    def test_words_of_spar_1_1(self):
        """Its addresses answer with a message, its items listed."""
        body = self.body("link", [self.link_item("L")], sender_id=self.sender.mnemonic)
        for text in (sign(b"other"), "garbage"):
            response = self.send(body, "link", "/spar/v1/sync/", Signature=text)
            with self.subTest(text[:9]):
                self.assertEqual(response.status_code, 200)
                found = response.json()
                self.assertEqual(found["header"]["status"], "rjct")
                self.assertEqual(
                    found["header"]["status_reason_code"], "rjct.jwt.invalid"
                )
                [result] = found["message"]["link_response"]
                self.assertEqual((result["status"], result.get("fa")), ("rjct", None))
        self.assertInvalid(self.send(b"{}", "link", "/spar/v1/sync/", Signature="x"))
        good = self.send(body, "link", "/spar/v1/sync/", Signature=sign(body))
        self.assertEqual(good.json()["header"]["status"], "succ")

    def test_large_body_of_nobody(self):
        """Before it is known who sends, the limit is that of all."""
        response = self.send(b" " * (2 * 2**20 + 1), Signature=sign(b"x"))

        self.assertRefused(response, 413, "err.request.bad")

    def test_body_of_nobody_with_very_many_values(self):
        self.sender.bare_token = True
        body = json.dumps({"header": {"sender_id": "x"}, "a": [0] * 200_001}).encode()

        for headers in ({}, {"Signature": sign(b"")}, {"Authorization": "a.b.c"}):
            with self.subTest(**headers):
                response = self.send(body, **headers)
                self.assertRefused(response, 413, "err.request.bad")

    def test_many_wrong_signatures(self):
        """The address may send small messages only, until the minute is over."""
        small = self.body(sender_id=self.sender.mnemonic)
        large = self.body(items=[self.item("x" * 200_000)])
        with patch.object(g2p_spar_signature, "ADDRESS_FAILURES", 2):
            for _again in range(2):
                self.assertInvalid(self.send(large, Signature=sign(b"x")))
            response = self.send(large, Signature=sign(b"x"))
            self.assertRefused(response, 429, "err.request.too_many_requests")
            self.assertLessEqual(int(response.headers["Retry-After"]), 60)
            # A partner behind the same address is not shut out by it.
            right = self.send(small, Signature=sign(small))
            self.assertEqual(right.status_code, 200)

    def test_keys_are_fetched(self):
        server = self.publish("rsa-other")
        self.sender.jwks_url = server.url
        body = self.body(sender_id=self.sender.mnemonic)

        response = self.send(body, Signature=sign(body, "rsa-other"))

        self.assertEqual(response.status_code, 200, response.text)
        fetched = self.sender.key_ids.filtered(lambda key: key.source == "jwks")
        self.assertEqual(fetched.thumbprint, private_key("rsa-other").thumbprint())
        # A further unknown key: at most once a minute.
        for _again in range(3):
            self.assertInvalid(self.send(body, Signature=sign(body, "rsa-third")))
        self.assertEqual(server.asked, 1)

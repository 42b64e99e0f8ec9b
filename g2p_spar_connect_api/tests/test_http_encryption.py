import json
from unittest.mock import patch

from joserfc.jwk import ECKey, RSAKey

from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, NATIONAL_ID, account_of

from .. import usage
from ..core.jose.jwe import KEY_TYPES, decrypt, encrypt
from ..core.jose.keys import read_jwk
from ..core.jose.private_keys import forget_opened
from ..core.schema import validator
from .common import ConnectCase

THEIRS = {
    key.kid: key
    for key in (
        RSAKey.generate_key(2048, private=True, auto_kid=True),
        ECKey.generate_key("P-256", private=True, auto_kid=True),
    )
}


def seal(message, jwk):
    """Encrypt a message for a key as it is published."""
    key = (RSAKey if jwk["kty"] == "RSA" else ECKey).import_key(jwk)
    return encrypt(json.dumps(message).encode(), key, jwk.get("alg"), jwk.get("kid"))


@tagged("post_install", "-at_install")
class TestEncryption(ConnectCase):
    """Encrypted messages over real routes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(forget_opened)
        forget_opened()
        cls.env["g2p.spar.own.key"].search([]).unlink()
        cls.env["g2p.spar.own.key"].ensure_all()

    def published(self):
        """Return the published keys for encryption, by algorithm, the current ones."""
        keys = self.url_open("/spar/v1/oauth2/jwks.json").json()["keys"]
        current = self.env["g2p.spar.own.key"].search([("state", "=", "current")])
        kids = current.mapped("kid")
        return {
            key["alg"]: key
            for key in keys
            if key["use"] == "enc" and key["kid"] in kids
        }

    def encrypted(self, operation, items, jwk, **header):
        """A message whose content is encrypted."""
        body = self.message(operation, items, is_msg_encrypted=True, **header)
        return body | {"message": seal(body["message"], jwk)}

    def register(self, key):
        """Register a key of the partner for encryption."""
        jwk = {**key.as_dict(private=False), "use": "enc", "kid": key.kid}
        keys = self.env["g2p.spar.partner.key"]
        vals = keys._prepare_vals(read_jwk(jwk))
        return keys.create({"sender_id": self.sender.id, **vals})

    def opened(self, response):
        """Return an encrypted answer in plain."""
        self.assertEqual(response.status_code, 200, response.text)
        body = response.json()
        validator("EncryptedResponse").validate(body)
        self.assertTrue(body["header"]["is_msg_encrypted"])
        return json.loads(decrypt(body["message"], THEIRS))

    def audited(self, *args):
        """Send a message. :return: the response and its audit line"""
        lines = []
        with patch.object(usage, "_audit") as audit:
            audit.info.side_effect = lambda _form, text: lines.append(json.loads(text))
            response = self.post(*args)
        return response, lines[-1]

    def test_every_published_key_opens(self):
        keys = self.published()
        self.assertEqual(set(keys), {"RSA-OAEP-256", "ECDH-ES"})
        for number, (algorithm, jwk) in enumerate(keys.items()):
            with self.subTest(algorithm):
                items = [self.link_item(f"E{number}")]
                body = self.encrypted("link", items, jwk)
                validator("EncryptedRequest").validate(body)

                response = self.post("link", body)

                [result] = response.json()["message"]["link_response"]
                self.assertEqual(result["status"], "succ", result)
                self.assertTrue(self.mapping(f"E{number}"))

    def test_key_that_was_retired_still_opens(self):
        jwk = self.published()["ECDH-ES"]
        self.env["g2p.spar.own.key"]._rotate("encryption", "ECDH-ES")
        self.env["g2p.spar.own.key"]._rotate("encryption", "ECDH-ES")
        published = self.url_open("/spar/v1/oauth2/jwks.json").json()["keys"]
        self.assertNotIn(jwk["kid"], [key["kid"] for key in published])

        response = self.post(
            "resolve", self.encrypted("resolve", [self.item("x")], jwk)
        )

        self.assertEqual(response.json()["header"]["status"], "succ")

    def test_encrypted_answers(self):
        self.results("link", [self.link_item("Ana")])
        self.sender.encrypts_answers = True
        ask = self.message("resolve", [self.item("Ana", scope="details")])
        for key in THEIRS.values():
            stored = self.register(key)
            with self.subTest(key.key_type):
                response = self.post("resolve", ask)
                message = self.opened(response)
                [result] = message["resolve_response"]
                self.assertEqual(result["fa"], BANK_FA % account_of("Ana"))
                self.assertNotIn(account_of("Ana"), response.text)
                self.assertNotIn(NATIONAL_ID % "Ana", response.text)
                header = response.json()["message"]["header"]
                self.assertIn(key.key_type, KEY_TYPES[header["alg"]])
            stored.unlink()

    def test_repeated_message_is_encrypted_anew(self):
        """The answer is the same; what encrypts it must not be used twice."""
        self.register(next(iter(THEIRS.values())))
        self.sender.encrypts_answers = True
        body = self.message("link", [self.link_item("Twice")])

        first, second = (self.post("link", body) for _time in range(2))

        self.assertEqual(self.opened(first), self.opened(second))
        self.assertNotEqual(
            first.json()["message"]["iv"], second.json()["message"]["iv"]
        )

    def test_nothing_is_done_when_the_answer_cannot_be_encrypted(self):
        self.sender.encrypts_answers = True

        response = self.post("link", self.message("link", [self.link_item("No")]))

        self.assertRefused(response, 400, "err.encryption.invalid")
        self.assertFalse(self.mapping("No"))

    def test_screen_warns_of_a_missing_key(self):
        self.assertFalse(self.sender.lacks_encryption_key)
        self.sender.encrypts_answers = True
        self.assertTrue(self.sender.lacks_encryption_key)
        key = self.register(next(iter(THEIRS.values())))
        self.assertFalse(self.sender.lacks_encryption_key)
        key.valid_until = "2020-01-01"
        self.sender.invalidate_recordset()
        self.assertTrue(self.sender.lacks_encryption_key)

    def test_agreement(self):
        plain = self.message("resolve", [self.item("x")])
        sealed = self.encrypted(
            "resolve", [self.item("x")], self.published()["ECDH-ES"]
        )
        for agreed, plain_status, sealed_status in (
            ("refused", 200, 400),
            ("accepted", 200, 200),
            ("required", 400, 200),
        ):
            self.sender.encryption = agreed
            with self.subTest(agreed):
                self.assertEqual(self.post("resolve", plain).status_code, plain_status)
                self.assertEqual(
                    self.post("resolve", sealed).status_code, sealed_status
                )

    def test_why_it_cannot_be_read_is_for_the_audit_log(self):
        jwk = self.published()["RSA-OAEP-256"]
        good = self.encrypted("link", [self.link_item("Eve")], jwk)
        altered = good["message"]["ciphertext"]
        altered = ("B" if altered[0] == "A" else "A") + altered[1:]
        stranger = ECKey.generate_key("P-256", auto_kid=True).as_dict(private=False)
        found = []
        for body in (
            good | {"message": {**good["message"], "ciphertext": altered}},
            self.encrypted("link", [self.link_item("Eve")], stranger),
            good | {"message": {**good["message"], "zip": "DEF"}},
            good | {"message": {"ciphertext": "x"}},
        ):
            response, line = self.audited("link", body)
            sentence = self.assertRefused(response, 400, "err.encryption.invalid")
            found.append((line["reason"], sentence))
        self.assertEqual(
            [one[0] for one in found], ["content", "key", "shape", "shape"]
        )
        self.assertEqual(len({one[1] for one in found}), 1)
        self.assertFalse(self.mapping("Eve"))

    def test_bombs(self):
        """Small messages that would be large, or cost much, when they are opened."""
        good = self.encrypted("link", [], self.published()["RSA-OAEP-256"])
        sealed = {k: v for k, v in good["message"].items() if k != "protected"}
        header = sealed["header"]
        for changed in (
            {"header": {**header, "zip": "DEF"}},
            {"header": {**header, "alg": "PBES2-HS512+A256KW", "p2c": 2**31}},
            {"header": {**header, "x5c": ["A" * 100_000]}},
            {"header": {**header, "crit": ["exp"]}},
            {"recipients": [{"header": header, "encrypted_key": "AA"}] * 10_000},
            {"protected": "A" * 100_000},
        ):
            with self.subTest(next(iter(changed))):
                body = good | {"message": {**sealed, **changed}}
                response = self.post("link", body)
                self.assertRefused(response, 400, "err.encryption.invalid")

    def test_encrypted_twice(self):
        jwk = self.published()["ECDH-ES"]
        inner = self.encrypted("link", [self.link_item("In")], jwk)
        body = inner | {"message": seal(inner["message"], jwk)}

        self.assertRefused(self.post("link", body), 400, "err.encryption.invalid")

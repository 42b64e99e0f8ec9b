import json

from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey

from odoo.tests import BaseCase, tagged

from ..core.cipher import (
    ACCEPTED,
    REFUSED,
    REQUIRED,
    CipherFacts,
    close_message,
    find_key,
    open_message,
)
from ..core.errors import EncryptionRefused
from ..core.jose.jwe import decrypt, encrypt
from ..core.jose.profile import PartnerKey
from .samples import content

OURS = ECKey.generate_key("P-256", private=True, auto_kid=True)
THEIRS = ECKey.generate_key("P-256", private=True, auto_kid=True)
KEYS = {OURS.kid: OURS}
AS_USUAL = CipherFacts()
NOW = 1_000.0
FOR_THEM = PartnerKey("k1", "enc", None, {}, None, None, THEIRS)


def encrypted(message=None, key=OURS, **header):
    """A message whose content is encrypted.

    :param message: what is encrypted: bytes, or what becomes JSON
    """
    plain = content(**{"is_msg_encrypted": True, **header})
    if message is None:
        message = plain["message"]
    if not isinstance(message, bytes):
        message = json.dumps(message).encode()
    return plain | {"message": encrypt(message, key, kid=key.kid)}


@tagged("post_install", "-at_install")
class TestCipher(BaseCase):
    def _refused(self, body, facts=AS_USUAL):
        with self.assertRaises(EncryptionRefused) as caught:
            open_message(body, facts, KEYS)
        self.assertEqual(caught.exception.code, "err.encryption.invalid")
        return caught.exception.reason, caught.exception.sentence

    def test_opened_message_is_the_one_that_was_sent(self):
        for flag in ("is_msg_encrypted", "is_encrypted"):
            body = encrypted(**{flag: True})
            with self.subTest(flag):
                opened = open_message(body, CipherFacts(), KEYS)
                self.assertEqual(opened["message"], content()["message"])
                self.assertFalse(opened["header"]["is_msg_encrypted"])
                self.assertFalse(opened["header"]["is_encrypted"])

    def test_object_is_recognised_without_the_flag(self):
        body = encrypted(is_msg_encrypted=None)

        opened = open_message(body, CipherFacts(), KEYS)

        self.assertEqual(opened["message"], content()["message"])

    def test_plain_messages(self):
        plain, of_2_x = content(), {"request_header": {}, "request_body": {}}
        for facts, body, is_open in (
            (CipherFacts(), plain, True),
            (CipherFacts(REFUSED), plain, True),
            (CipherFacts(REQUIRED), plain, False),
            (CipherFacts(ACCEPTED, True), plain, True),
            (CipherFacts(), of_2_x, True),
            (CipherFacts(REQUIRED), of_2_x, False),
            (CipherFacts(ACCEPTED, True), of_2_x, False),
        ):
            with self.subTest(facts=facts, body=body):
                if is_open:
                    self.assertIs(open_message(body, facts, KEYS), body)
                else:
                    reason, sentence = self._refused(body, facts)
                    self.assertEqual(reason, "plain")
                    self.assertIn("must be encrypted", sentence)

    def test_said_to_be_encrypted_and_is_not(self):
        for flag in ("is_msg_encrypted", "is_encrypted"):
            with self.subTest(flag):
                self.assertEqual(self._refused(content(**{flag: True}))[0], "shape")

    def test_not_agreed(self):
        self.assertEqual(
            self._refused(encrypted(), CipherFacts(REFUSED))[0], "not_agreed"
        )

    def test_why_it_cannot_be_read_is_not_told(self):
        good = encrypted()
        altered = {**good["message"], "tag": "A" * 22}
        weak = {**good["message"]["header"], "enc": "A128GCM"}
        found = [
            self._refused(body)
            for body in (
                good | {"message": altered},
                good | {"message": {**good["message"], "header": weak}},
                good | {"message": {"ciphertext": "AA"}},
                encrypted(key=THEIRS),
                encrypted(b"not JSON"),
                encrypted(b"[]"),
                encrypted(b""),
                content(is_msg_encrypted=True),
            )
        ]

        self.assertEqual(
            [reason for reason, _sentence in found],
            ["content", "algorithm", "shape", "key", "json", "json", "json", "shape"],
        )
        self.assertEqual(len({sentence for _reason, sentence in found}), 1)

    def test_header_that_is_none(self):
        opened = open_message(encrypted() | {"header": None}, CipherFacts(), KEYS)

        self.assertIsNone(opened["header"])

    def test_keys_of_partners(self):
        answers = CipherFacts(answers=True)
        signing = FOR_THEM._replace(use="sig")
        over = FOR_THEM._replace(valid_until=NOW)
        unfit = FOR_THEM._replace(alg="RSA-OAEP-256")
        self.assertIsNone(find_key(CipherFacts(), [], NOW))
        self.assertIsNone(find_key(CipherFacts(), [FOR_THEM], NOW))
        for others in ([], [signing], [over], [unfit], [signing, over, unfit]):
            with self.subTest(others=others):
                self.assertIs(find_key(answers, [*others, FOR_THEM], NOW), FOR_THEM)
                with self.assertRaises(EncryptionRefused) as caught:
                    find_key(answers, others, NOW)
                self.assertEqual(caught.exception.reason, "no_key")

    def test_closed_answer(self):
        body = {"header": {"status": "succ", "is_msg_encrypted": False}, "message": {}}

        closed = close_message(body, FOR_THEM)

        self.assertEqual(closed["header"], {"status": "succ", "is_msg_encrypted": True})
        self.assertEqual(closed["message"]["header"]["kid"], "k1")
        self.assertEqual(decrypt(closed["message"], {"k1": THEIRS}), b"{}")
        self.assertFalse(body["header"]["is_msg_encrypted"])
        self.assertIs(close_message(body, None), body)

    @given(
        st.dictionaries(
            st.sampled_from(["header", "message", "request_header"]),
            st.none()
            | st.text(max_size=5)
            | st.dictionaries(
                st.sampled_from(["ciphertext", "header", "is_msg_encrypted", "tag"]),
                st.none() | st.booleans() | st.text(max_size=5),
            ),
        )
    )
    def test_whatever_is_sent(self, body):
        for facts in (CipherFacts(), CipherFacts(REQUIRED, True)):
            try:
                self.assertIs(open_message(body, facts, KEYS), body)
            except EncryptionRefused:
                continue

import base64
import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..core.jose.body_signature import read_signature, verify
from ..core.jose.errors import SignatureInvalid
from .jose_samples import NOW, auth, patient, private_key
from .samples import content

MESSAGE = content("resolve") | {"more": "is not signed"}
#: As the specification shows it, filled in.
LOOK = (
    'Signature:  namespace="g2p", kidId="pbms|key-1|ed25519", algorithm="ed25519", '
    'created="{created}", expires="{expires}", headers="(created) (expires) digest", '
    'signature="{signature}"'
)


def signed_text(message=MESSAGE, **how):
    """What is hashed: header and message."""
    signed = {"header": message["header"], "message": message["message"]}
    return json.dumps(signed, separators=(",", ":"), **how).encode()


def write(
    text=None, name="BLAKE-512", created=NOW, expires=NOW + 300, key="ed", look=LOOK
):
    """Sign as BECKN programs do, with their own means."""
    functions = {
        "BLAKE-512": lambda data: hashlib.blake2b(data, digest_size=64),
        "SHA-256": hashlib.sha256,
        "SHA-512": hashlib.sha512,
    }
    text = signed_text() if text is None else text
    digest = base64.b64encode(functions[name](text).digest()).decode()
    string = f"(created): {created}\n(expires): {expires}\ndigest: {name}={digest}"
    signature = private_key(key).private_key.sign(string.encode())
    return look.format(
        created=created,
        expires=expires,
        signature=base64.b64encode(signature).decode(),
    )


@tagged("post_install", "-at_install")
class TestBodySignature(BaseCase):
    """The field signature of the envelope."""

    def _verify(self, text, message=MESSAGE, now=NOW, profile=None):
        return verify(read_signature(text), message, profile or auth("ed"), now)

    def _refused(self, reason, text, **kw):
        with self.assertRaises(SignatureInvalid) as caught:
            self._verify(text, **kw)
        self.assertEqual(caught.exception.reason, reason)

    def test_look(self):
        found = read_signature(write())

        self.assertEqual((found.sender, found.kid), ("pbms", "key-1"))
        self.assertEqual((found.created, found.expires), (NOW, NOW + 300))
        self.assertEqual(len(found.signature), 64)

    def test_looks_that_are_understood(self):
        for look in (
            LOOK.replace("kidId", "keyId"),
            LOOK.replace("Signature:  ", ""),
            LOOK.replace("Signature:  ", "Signature "),
            LOOK.replace(", ", ","),
            LOOK.replace('created="{created}"', "created={created}"),
        ):
            with self.subTest(look):
                self._verify(write(look=look))

    def test_forms(self):
        message = MESSAGE | {
            "header": {**MESSAGE["header"], "meta": {"z": "Ü", "a": 1}}
        }
        for how in (
            {},
            {"ensure_ascii": False},
            {"sort_keys": True, "ensure_ascii": False},
        ):
            for name in ("BLAKE-512", "SHA-256", "SHA-512"):
                with self.subTest(how=how, name=name):
                    text = write(signed_text(message, **how), name)
                    self._verify(text, message)

    def test_what_is_signed(self):
        text = write()
        self._verify(text, MESSAGE | {"more": "or less", "signature": "x"})
        for part in ("header", "message"):
            other = MESSAGE | {part: {**MESSAGE[part], "transaction_id": "t2"}}
            with self.subTest(part):
                self._refused("wrong_key", text, message=other)

    def test_times(self):
        text = write(created=NOW, expires=NOW + 300)
        self._verify(text, now=NOW - 60)
        self._verify(text, now=NOW + 359)
        self._refused("not_yet", text, now=NOW - 61)
        self._refused("expired", text, now=NOW + 360)
        self._refused("not_yet", write(created=NOW + 300, expires=NOW + 300))

    def test_times_are_signed(self):
        self._refused("wrong_key", write().replace(str(NOW + 300), str(NOW + 301)))

    def test_keys(self):
        self._refused("wrong_key", write(key="ed-other"))
        self._refused("unknown_key", write(), profile=auth("rsa"))
        self._refused(
            "unknown_key", write(), profile=auth("ed", algorithms=frozenset({"RS256"}))
        )

    def test_what_is_not_understood(self):
        good = write()
        for reason, text in (
            ("malformed", ""),
            ("malformed", "Signature"),
            ("malformed", LOOK),
            ("malformed", good + ', more="x"'),
            (
                "malformed",
                good.replace(", algorithm", ', algorithm="ed25519", algorithm'),
            ),
            ("malformed", good.replace("kidId", "kid")),
            ("malformed", good.replace("headers=", "header=")),
            ("malformed", good + ', keyId="pbms|key-1|ed25519"'),
            ("malformed", good.replace("pbms|key-1|", "pbms|")),
            ("malformed", good.replace("pbms|", "|")),
            ("malformed", good.replace(str(NOW), "-1")),
            ("malformed", good.replace(str(NOW), "9" * 13)),
            ("malformed", good.replace('signature="', 'signature="A')),
            ("malformed", good.replace('signature="', 'signature="%')),
            ("malformed", good[:-30]),
            ("malformed", good[: good.index('signature="')] + 'signature="AAAA"'),
            ("malformed", good + "x" * 3000),
            ("algorithm", good.replace("ed25519", "rsa")),
            ("algorithm", good.replace('"g2p"', '"dci"')),
            ("algorithm", good.replace("(created) (expires) digest", "digest")),
            ("algorithm", good.replace("key-1|ed25519", "key-1|xed25519")),
        ):
            with self.subTest(text[:200], reason=reason):
                self._refused(reason, text)

    @patient
    @given(st.text() | st.from_regex(r'([a-zA-Z]{1,9}="[^"]{0,9}",? ?){1,8}'))
    def test_any_text(self, text):
        with self.assertRaises(SignatureInvalid):
            read_signature(text)

    @patient
    @given(st.integers(0, 400), st.characters())
    def test_any_change(self, place, character):
        """A changed text is refused, or means exactly the same."""
        good = write()
        text = good[:place] + character + good[place + 1 :]
        try:
            found = read_signature(text)
            verify(found, MESSAGE, auth("ed"), NOW)
        except SignatureInvalid:
            return
        expected = read_signature(good)
        self.assertEqual(found[2:], expected[2:])

import hashlib
import hmac
import json
import warnings

import orjson
from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..core.jose.canonical import forms
from ..core.jose.check import check_signatures
from ..core.jose.errors import SignatureInvalid
from ..core.jose.jws import read_parts, sign_detached, verify
from ..core.jose.own import new_key
from ..core.jose.profile import AuthFacts
from .jose_samples import (
    NOW,
    auth,
    encode,
    partner_key,
    patient,
    private_key,
    public_jwk,
    sign,
)
from .samples import content, raw

BODY = raw("resolve")
#: Sent by a program whose JSON has spaces, keys in its own order and letters
#: beyond ASCII.
PRETTY = json.dumps(
    content("resolve") | {"a": "Ünal", "A": 1.5}, indent=1, ensure_ascii=False
).encode()
COMPACT = json.dumps(
    json.loads(PRETTY), separators=(",", ":"), ensure_ascii=False
).encode()
ASCII = json.dumps(json.loads(PRETTY), separators=(",", ":")).encode()
SORTED = orjson.dumps(json.loads(PRETTY), option=orjson.OPT_SORT_KEYS)


@tagged("post_install", "-at_install")
class TestSignature(BaseCase):
    """A JWS in the header Signature."""

    def _verify(self, text, body=BODY, profile=None, now=NOW):
        return verify(read_parts(text), body, profile or auth(), now)

    def _refused(self, reason, text, body=BODY, profile=None, now=NOW):
        with self.assertRaises(SignatureInvalid) as caught:
            self._verify(text, body, profile, now)
        self.assertEqual(caught.exception.reason, reason)

    def test_forms(self):
        self.assertEqual(list(forms(PRETTY)), [PRETTY, COMPACT, ASCII, SORTED])
        for detached in (True, False):
            for form in (PRETTY, COMPACT, ASCII, SORTED):
                with self.subTest(form=form[:20], detached=detached):
                    text = sign(form, detached=detached)
                    self.assertEqual(self._verify(text, PRETTY), partner_key())

    def test_forms_are_not_repeated(self):
        self.assertEqual(list(forms(b'{"a":1}')), [b'{"a":1}'])
        self.assertEqual(list(forms(b"no json")), [b"no json"])

    def test_algorithms(self):
        with warnings.catch_warnings():
            # Of the name EdDSA; what is verified warns of nothing.
            warnings.simplefilter("ignore")
            made = [
                (name, sign(BODY, name, alg))
                for name, alg in (
                    ("rsa", "RS256"),
                    ("rsa", "PS256"),
                    ("ec", "ES256"),
                    ("ed", "EdDSA"),
                    ("ed", "Ed25519"),
                )
            ]
        for name, text in made:
            with self.subTest(text[:30]), warnings.catch_warnings():
                warnings.simplefilter("error")
                self._verify(text, profile=auth(name))

    def test_algorithm_not_allowed(self):
        profile = auth(algorithms=frozenset({"ES256"}))

        self._refused("algorithm", sign(BODY), profile=profile)
        self._refused("algorithm", sign(BODY), profile=auth(algorithms=frozenset()))

    def test_shared_secret_is_no_public_key(self):
        """HS256 with the partner's public key as the secret."""
        pem = private_key().as_pem(private=False)
        for secret in (pem, pem.strip(), encode(public_jwk()).encode()):
            text = _sign_with_secret(secret)
            with self.subTest(secret=secret[:20]):
                self._refused("algorithm", text)
                # Not even where somebody has allowed it.
                widened = auth(algorithms=frozenset({"HS256"}))
                self._refused("unknown_key", text, profile=widened)

    def test_none(self):
        for algorithm in ("none", "None", "NONE", "nOnE", ""):
            head = encode({"alg": algorithm})
            for text in (f"{head}..", f"{head}.{encode(BODY)}."):
                with self.subTest(text):
                    self._refused("malformed", text)
            self._refused("algorithm", f"{head}..{encode(b'x')}")

    def test_key_of_another_kind(self):
        """The header says ES256, the registered key is RSA, and the reverse."""
        self._refused("unknown_key", sign(BODY, "ec"), profile=auth("rsa"))
        self._refused("unknown_key", sign(BODY, "rsa"), profile=auth("ec"))
        signed = sign(BODY, "rsa").split(".")[2]
        self._refused(
            "wrong_key", f"{encode({'alg': 'ES256'})}..{signed}", profile=auth("ec")
        )

    def test_keys_in_the_header_are_not_looked_at(self):
        other = public_jwk("rsa-other")
        for header in (
            {"jwk": other},
            {"jku": "https://evil.example/jwks.json"},
            {"x5u": "https://evil.example/cert.pem"},
            {"x5c": [encode(b"certificate")]},
            {"kid": private_key().thumbprint(), "jwk": other},
        ):
            with self.subTest(header=header):
                self._refused("wrong_key", sign(BODY, "rsa-other", **header))
                self._verify(sign(BODY, "rsa", **header))

    def test_unknown_parameters_are_ignored(self):
        self._verify(sign(BODY, x="y", kid="of-the-key-manager"))

    def test_critical(self):
        for header in (
            {"crit": ["exp"], "exp": 1},
            {"crit": []},
            {"crit": ["kid"], "kid": "x"},
            {"crit": "b64", "b64": False},
            {"crit": ["b64", "b64"], "b64": False},
        ):
            text = f"{encode({'alg': 'RS256'} | header)}..{encode(b'x')}"
            with self.subTest(header=header):
                self._refused("critical", text)

    def test_payload_as_it_is(self):
        """RFC 7797: b64 false, detached."""
        text = sign(BODY, b64=False, crit=["b64"])

        self._verify(text)
        self._refused("wrong_key", text, BODY + b" ")

    def test_wrong_key(self):
        self._refused("wrong_key", sign(BODY, "rsa-other"))
        self._refused("wrong_key", sign(BODY, "rsa-other", detached=False))

    def test_no_key(self):
        self._refused("unknown_key", sign(BODY), profile=auth(keys=()))

    def test_key_for_encryption_verifies_nothing(self):
        profile = auth(keys=(partner_key(use="enc"),))

        self._refused("unknown_key", sign(BODY), profile=profile)

    def test_key_for_another_algorithm(self):
        profile = auth(keys=(partner_key(alg="PS256"),))

        self._refused("unknown_key", sign(BODY), profile=profile)
        self._verify(sign(BODY, alg="PS256"), profile=profile)

    def test_validity_of_the_key(self):
        profile = auth(keys=(partner_key(valid_from=NOW, valid_until=NOW + 10),))
        text = sign(BODY)

        self._verify(text, profile=profile)
        self._verify(text, profile=profile, now=NOW + 9.9)
        self._refused("unknown_key", text, profile=profile, now=NOW - 0.1)
        self._refused("unknown_key", text, profile=profile, now=NOW + 10)

    def test_several_keys(self):
        profile = auth("rsa-other", "rsa")
        for name in ("rsa", "rsa-other"):
            for header in ({}, {"kid": private_key(name).thumbprint()}):
                with self.subTest(name, header=header):
                    found = self._verify(sign(BODY, name, **header), profile=profile)
                    self.assertEqual(found.kid, private_key(name).thumbprint())

    def test_so_many_keys_are_tried(self):
        """The right one is the last of many: it must be named."""
        others = tuple(partner_key("rsa-other", kid=str(n)) for n in range(8))
        profile = auth(keys=(*others, partner_key("rsa")))

        self._refused("wrong_key", sign(BODY), profile=profile)
        named = sign(BODY, kid=private_key().thumbprint())
        self.assertEqual(self._verify(named, profile=profile), partner_key())

    def test_one_byte(self):
        for detached in (True, False):
            text = sign(PRETTY, detached=detached)
            for place in range(0, len(PRETTY), 7):
                wrong = bytearray(PRETTY)
                wrong[place] ^= 1
                with self.subTest(place=place, detached=detached):
                    self._refused(
                        "wrong_key" if detached else "mismatch", text, bytes(wrong)
                    )

    def test_truncated(self):
        text = sign(BODY)
        head, _middle, signature = text.split(".")
        for wrong in (text[:-4], f"{head}..{signature[4:]}"):
            self._refused("wrong_key", wrong)
        for wrong in (head, f"{head}.", f"{head}..", f"..{signature}", "", "..."):
            with self.subTest(wrong[:20]):
                self._refused("malformed", wrong)

    def test_sizes(self):
        self._refused("malformed", f"{'A' * 20_000}..{encode(b'x')}")
        self._refused("wrong_key", f"{encode({'alg': 'RS256'})}..{'A' * 5000}")

    @patient
    @given(st.text() | st.from_regex(r"[A-Za-z0-9_\-=+/. ]{0,80}"))
    def test_any_text(self, text):
        with self.assertRaises(SignatureInvalid):
            self._verify(text)

    @patient
    @given(
        st.dictionaries(
            st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk", "x"]),
            st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()),
        )
    )
    def test_any_header(self, header):
        text = f"{encode(json.dumps(header).encode())}..{encode(b'x' * 256)}"
        with self.assertRaises(SignatureInvalid):
            self._verify(text)

    def test_ours(self):
        """What we sign verifies with what we publish, and is detached."""
        for algorithm, name in (("ES256", "ec"), ("RS256", "rsa")):
            key = new_key("ES256") if name == "ec" else private_key("rsa")
            text = sign_detached(BODY, key, algorithm)
            with self.subTest(algorithm):
                self.assertEqual(text.split(".")[1], "")
                parts = read_parts(text)
                self.assertEqual(
                    (parts.kid, parts.algorithm), (key.thumbprint(), algorithm)
                )


@tagged("post_install", "-at_install")
class TestCheck(BaseCase):
    """Which signature is looked at, and the age of a message."""

    def _check(self, header=None, body=BODY, now=NOW, **profile):
        return check_signatures(header, body, json.loads(body), auth(**profile), now)

    def _refused(self, reason, *args, **kw):
        with self.assertRaises(SignatureInvalid) as caught:
            self._check(*args, **kw)
        self.assertEqual(caught.exception.reason, reason)

    def test_none(self):
        self.assertFalse(self._check())

    def test_header(self):
        self.assertTrue(self._check(sign(BODY)))
        self._refused("wrong_key", sign(b"x"))

    def test_header_is_not_looked_at(self):
        self.assertFalse(self._check("nonsense", header_form=False))

    def test_body_is_not_looked_at(self):
        body = raw("resolve").replace(b'"signature": ""', b'"signature": "x"')

        self.assertFalse(self._check(None, body, body_form=False))
        self._refused("malformed", None, body)

    def test_both_must_be_right(self):
        body = raw("resolve").replace(b'"signature": ""', b'"signature": "x"')

        self._refused("malformed", sign(body), body)

    def test_age(self):
        """The message is of 11:59:00, a minute before."""
        for now, is_fresh in (
            (NOW - 60, True),
            (NOW - 60 + 300, True),
            (NOW - 60 - 300, True),
            (NOW - 60 + 301, False),
            (NOW - 60 - 301, False),
        ):
            with self.subTest(now=now):
                if is_fresh:
                    self.assertTrue(self._check(sign(BODY), now=now, window=300))
                else:
                    self._refused("stale", sign(BODY), now=now, window=300)

    def test_age_is_not_asked(self):
        self.assertTrue(self._check(sign(BODY), now=NOW + 10**8, window=0))

    def test_no_time(self):
        for stamp in ("", "yesterday"):
            body = raw("resolve", message_ts=stamp)
            with self.subTest(stamp):
                self._refused("stale", sign(body), body, window=300)
        body = b'{"header": {}}'
        self._refused("stale", sign(body), body, window=300)

    def test_time_of_2_x(self):
        body = json.dumps(
            {"request_header": {"request_timestamp": "2026-03-01T11:59:00Z"}}
        )
        body = body.encode()

        self.assertTrue(self._check(sign(body), body, window=300))
        self._refused("stale", sign(body), body, window=300, now=NOW + 400)

    def test_default_profile_accepts_nothing(self):
        with self.assertRaises(SignatureInvalid):
            check_signatures(sign(BODY), BODY, {}, AuthFacts(), NOW)


def _sign_with_secret(secret):
    """HS256 by hand: libraries refuse to take a public key as a secret."""
    head = encode({"alg": "HS256", "typ": "JWT"})
    mac = hmac.digest(secret, f"{head}.{encode(BODY)}".encode(), hashlib.sha256)
    return f"{head}..{encode(mac)}"

import json

import orjson
from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..core.jose.bare_token import read_issuer, verify_bare_token
from ..core.jose.errors import SignatureInvalid
from ..core.jose.jws import read_parts
from .jose_samples import NOW, auth, patient, sign
from .samples import content, raw

BODY = raw("link")
CLAIMS = content("link") | {"iss": "pbms", "aud": "spar", "exp": NOW + 3600}


@tagged("post_install", "-at_install")
class TestBareToken(BaseCase):
    """The message as the claims of a JWT, as the SPAR 1.1 connector sends it."""

    def _token(self, claims=None, name="rsa", drop=(), **more):
        claims = {**CLAIMS, **(claims or {}), **more}
        claims = {name: value for name, value in claims.items() if name not in drop}
        return sign(json.dumps(claims).encode(), name, detached=False)

    def _verify(self, token, body=BODY, now=NOW, **profile):
        profile = auth(**{"token_issuer": "pbms", "token_audience": "spar"} | profile)
        return verify_bare_token(read_parts(token), orjson.loads(body), profile, now)

    def _refused(self, reason, token, **kw):
        with self.assertRaises(SignatureInvalid) as caught:
            self._verify(token, **kw)
        self.assertEqual(caught.exception.reason, reason)

    def test_right(self):
        token = self._token(jti="1")

        claims = self._verify(token)

        self.assertEqual(
            claims, {"iss": "pbms", "aud": "spar", "exp": NOW + 3600, "jti": "1"}
        )
        self.assertEqual(read_issuer(read_parts(token)), "pbms")

    def test_order_and_spaces_do_not_matter(self):
        body = json.dumps(dict(reversed(content("link").items())), indent=3).encode()

        self._verify(self._token(), body=body)

    def test_other_message(self):
        for body in (
            raw("link", total_count=2),
            raw("link", total_count=True),
            raw("link", total_count=1.0),
            raw("link", message_id="m2"),
            BODY.replace(b"123@", b"124@"),
            b"{}",
        ):
            with self.subTest(body[:90]):
                self._refused("mismatch", self._token(), body=body)
        self._refused("mismatch", self._token(more=1))

    def test_claims(self):
        for reason, token in (
            ("issuer", self._token(iss="other")),
            ("issuer", self._token(drop=("iss",))),
            ("audience", self._token(aud="other")),
            ("audience", self._token(drop=("aud",))),
            ("audience", self._token(aud=[])),
            ("expired", self._token(exp=NOW - 60)),
            ("expired", self._token(drop=("exp",))),
            ("expired", self._token(exp="tomorrow")),
            ("not_yet", self._token(nbf=NOW + 61)),
            ("not_yet", self._token(iat=NOW + 61)),
        ):
            with self.subTest(reason):
                self._refused(reason, token)
        self._verify(self._token(aud=["other", "spar"]))
        self._verify(self._token(exp=NOW - 59))

    def test_nothing_is_expected(self):
        """A profile that names no issuer or audience accepts none."""
        self._refused("issuer", self._token(iss=""), token_issuer="")
        self._refused("audience", self._token(aud=""), token_audience="")

    def test_wrong_key(self):
        self._refused("wrong_key", self._token(name="rsa-other"))
        self._refused("unknown_key", self._token(name="ec"))

    def test_claims_that_are_no_object(self):
        for payload in (b"[]", b"1", b"{", b""):
            token = sign(payload or b" ", detached=False)
            with self.subTest(payload):
                self._refused("malformed", token)
                with self.assertRaises(SignatureInvalid):
                    read_issuer(read_parts(token))

    @patient
    @given(st.dictionaries(st.text(), st.none() | st.booleans() | st.integers()))
    def test_any_claims(self, claims):
        with self.assertRaises(SignatureInvalid):
            self._verify(sign(json.dumps(claims).encode(), detached=False))

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from odoo.tests import BaseCase, tagged

from ..core.access_token import (
    VerifiedTokens,
    issue,
    read_bearer,
    verify,
)
from ..core.errors import Unauthorized
from ..core.jose.own import new_key, public_jwk

NOW = 1_800_000_000
ISSUER = "urn:uuid:registry"
SCOPES = frozenset({"mapper.link", "mapper.resolve"})


@tagged("post_install", "-at_install")
class TestAccessToken(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = new_key()
        cls.public = ECKey.import_key(public_jwk(cls.key))
        cls.keys = {cls.key.thumbprint(): cls.public}
        cls.token = issue(cls.key, ISSUER, "client", SCOPES, NOW, 600)

    def _refused(self, token, now=NOW, keys=None, issuer=ISSUER):
        with self.assertRaises(Unauthorized) as caught:
            verify(token, self.keys if keys is None else keys, issuer, now)
        self.assertIn("invalid_token", caught.exception.headers["WWW-Authenticate"])

    def _forge(self, key=None, header=None, drop=(), **claims):
        """Sign a token that is right but for what is given."""
        right = jwt.decode(self.token, self.public, ["ES256"])
        body = {k: v for k, v in (right.claims | claims).items() if k not in drop}
        head = right.header | (header or {})
        return jwt.encode(head, body, key or self.key, algorithms=[head["alg"]])

    def test_round_trip(self):
        claims = verify(self.token, self.keys, ISSUER, NOW)

        self.assertEqual((claims.client_id, claims.scopes), ("client", SCOPES))
        self.assertEqual((claims.issued_at, claims.expires_at), (NOW, NOW + 600))
        self.assertEqual(claims.key_id, self.key.thumbprint())

    def test_public_half_only_is_published(self):
        self.assertNotIn("d", public_jwk(self.key))
        self.assertEqual(public_jwk(self.key)["kid"], self.key.thumbprint())

    def test_time(self):
        verify(self.token, self.keys, ISSUER, NOW + 599)
        self._refused(self.token, NOW + 601)
        self._refused(self.token, NOW - 1)

    def test_foreign(self):
        other = new_key()
        self._refused(self._forge(other))
        self._refused(self._forge(other, {"kid": other.thumbprint()}))
        self._refused(self.token, keys={})
        self._refused(self.token, issuer="urn:uuid:copy")
        self._refused(self._forge(aud="another"))
        self._refused(self._forge(iss="another"))

    def test_missing_claims(self):
        for claim in ("iss", "sub", "aud", "scope", "iat", "nbf", "exp", "jti"):
            with self.subTest(claim):
                self._refused(self._forge(drop=(claim,)))

    def test_other_kinds_of_token(self):
        self._refused(self._forge(header={"typ": "JWT"}))
        secret = OctKey.import_key("0" * 64)
        self._refused(self._forge(secret, {"alg": "HS256"}))
        self._refused(self._forge(RSAKey.generate_key(2048), {"alg": "RS256"}))
        head, body, _signature = self.token.split(".")
        none = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0"
        self._refused(f"{none}.{body}.")
        self._refused(f"{head}.{body}.")

    def test_garbage(self):
        for token in ("", ".", "..", "a.b.c", "é.é.é", "x" * 5000, self.token + "x"):
            with self.subTest(token=token[:20]):
                self._refused(token)

    def test_bearer(self):
        self.assertEqual(read_bearer("Bearer abc"), "abc")
        self.assertEqual(read_bearer("bearer  abc "), "abc")
        for header in (None, "", "abc", "Basic abc", "Token abc", "Bearer é"):
            with self.subTest(header=header), self.assertRaises(Unauthorized):
                read_bearer(header)

    def test_verified_tokens_expire(self):
        verified = VerifiedTokens()
        claims = verify(self.token, self.keys, ISSUER, NOW)
        verified.remember(self.token, claims)

        self.assertEqual(verified.get(self.token, NOW + 599), claims)
        self.assertIsNone(verified.get(self.token, NOW + 600))
        self.assertIsNone(verified.get(self.token + "x", NOW))

    def test_verified_tokens_are_bounded(self):
        verified = VerifiedTokens(most=2)
        claims = verify(self.token, self.keys, ISSUER, NOW)
        for name in ("a", "b", "c"):
            verified.remember(name, claims)

        known = [name for name in ("a", "b", "c") if verified.get(name, NOW)]

        self.assertEqual(known, ["b", "c"])

    def test_every_token_is_another(self):
        again = issue(self.key, ISSUER, "client", SCOPES, NOW, 600)

        self.assertNotEqual(self.token, again)

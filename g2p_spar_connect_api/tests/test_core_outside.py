import json

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..core.jose.directory import Listed, list_senders
from ..core.jose.errors import SignatureInvalid
from ..core.jose.outside import (
    IssuerFacts,
    claimed_issuer,
    read_scope_map,
    verify_outside,
)
from .jose_samples import (
    ALGORITHMS,
    NOW,
    encode,
    partner_key,
    patient,
    private_key,
    sign,
)

ISSUER = "https://id.example.org/realms/social"
CLAIMS = {
    "iss": ISSUER,
    "aud": ["account", "spar"],
    "iat": NOW,
    "exp": NOW + 300,
    "azp": "pbms",
    "scope": "openid mapper.resolve",
}


def issuer(*names, **values):
    """What is known of the issuer."""
    return IssuerFacts(
        **{
            "record_id": 1,
            "issuer": ISSUER,
            "audience": "spar",
            "algorithms": ALGORITHMS,
            "keys": tuple(partner_key(name) for name in names or ("rsa",)),
            "client_claim": "azp",
            "scope_claim": "scope",
            "scope_map": {},
        }
        | values
    )


def token(name="rsa", drop=(), typ="JWT", **claims):
    """A token of the issuer."""
    claims = {k: v for k, v in (CLAIMS | claims).items() if k not in drop}
    kid = private_key(name).thumbprint()
    return sign(json.dumps(claims).encode(), name, detached=False, kid=kid, typ=typ)


@tagged("post_install", "-at_install")
class TestOutside(BaseCase):
    """Tokens of an outside issuer."""

    def _refused(self, reason, text, facts=None, now=NOW):
        with self.assertRaises(SignatureInvalid) as caught:
            verify_outside(text, facts or issuer(), now)
        self.assertEqual(caught.exception.reason, reason)

    def test_right(self):
        claims = verify_outside(token(), issuer(), NOW)

        self.assertEqual(claims.client_id, "pbms")
        self.assertEqual(claims.scopes, {"mapper.resolve"})
        self.assertEqual((claims.issued_at, claims.expires_at), (NOW, NOW + 300))
        self.assertEqual(claimed_issuer(token()), ISSUER)

    def test_claims(self):
        for reason, text in (
            ("issuer", token(iss="https://evil.example")),
            ("audience", token(aud="account")),
            ("audience", token(drop=("aud",))),
            ("expired", token(exp=NOW - 60)),
            ("expired", token(drop=("exp",))),
            ("not_yet", token(nbf=NOW + 100)),
            ("not_yet", token(iat=NOW + 100)),
            ("malformed", token(drop=("iat",))),
            ("malformed", token(drop=("azp",))),
            ("malformed", token(azp="")),
            ("malformed", token(azp=["pbms"])),
            ("form", token(typ="logout+jwt")),
            ("form", token(typ="dpop+jwt")),
        ):
            with self.subTest(reason):
                self._refused(reason, text)

    def test_kinds(self):
        for typ in ("JWT", "jwt", "at+jwt", "application/at+jwt"):
            with self.subTest(typ):
                verify_outside(token(typ=typ), issuer(), NOW)

    def test_keys(self):
        self._refused("unknown_key", token("rsa-other"))
        self._refused("unknown_key", token(), issuer(keys=()))
        forged = sign(
            json.dumps(CLAIMS).encode(),
            "rsa-other",
            detached=False,
            kid=private_key().thumbprint(),
        )
        self._refused("wrong_key", forged)
        # Without a name it is clear only where there is one key.
        nameless = sign(json.dumps(CLAIMS).encode(), detached=False)
        verify_outside(nameless, issuer(), NOW)
        self._refused("unknown_key", nameless, issuer("rsa", "rsa-other"))

    def test_algorithms(self):
        self._refused("algorithm", token(), issuer(algorithms=frozenset({"ES256"})))
        self._refused("unknown_key", token("ec"), issuer("rsa"))
        head, body, _signature = token().split(".")
        for algorithm in ("none", "HS256"):
            text = f"{encode({'alg': algorithm})}.{body}.{encode(b'x')}"
            with self.subTest(algorithm):
                self._refused("algorithm", text)
        self._refused("malformed", f"{head}.{body}.")

    def test_scopes(self):
        scope_map = read_scope_map(
            "payments = mapper.resolve mapper.status\npayments = mapper.link\n\n"
            "* = mapper.update"
        )
        for claims, values, expected in (
            (
                {"scope": "payments x"},
                {"scope_map": scope_map},
                "link resolve status update",
            ),
            (
                {"scope": ["payments"]},
                {"scope_map": scope_map},
                "link resolve status update",
            ),
            ({"scope": "mapper.unlink"}, {"scope_map": scope_map}, "update"),
            ({"scope": "mapper.unlink"}, {}, "unlink"),
            ({"scope": 7}, {}, ""),
            (
                {"realm": {"roles": ["mapper.link"]}},
                {"scope_claim": "realm.roles"},
                "link",
            ),
            ({"realm.roles": "mapper.link"}, {"scope_claim": "realm.roles"}, "link"),
            ({"realm": 1}, {"scope_claim": "realm.roles"}, ""),
        ):
            with self.subTest(claims=claims):
                found = verify_outside(token(**claims), issuer(**values), NOW).scopes
                self.assertEqual(found, {f"mapper.{name}" for name in expected.split()})

    def test_unfit_map(self):
        for text in ("payments", "= mapper.link", "x = y", "x = mapper.link mapper"):
            with self.subTest(text), self.assertRaises(ValueError) as caught:
                read_scope_map(f"ok = mapper.link\n{text}")
            self.assertIn("Line 2", str(caught.exception))

    @patient
    @given(st.text())
    def test_any_token(self, text):
        self.assertEqual(claimed_issuer(text), "")
        with self.assertRaises(SignatureInvalid):
            verify_outside(text, issuer(), NOW)

    @patient
    @given(st.text())
    def test_any_map(self, text):
        try:
            found = read_scope_map(text)
        except ValueError:
            return
        self.assertTrue(all(found.values()))


@tagged("post_install", "-at_install")
class TestDirectory(BaseCase):
    """From what a message says to senders that may be meant."""

    def setUp(self):
        super().setUp()
        self.directory = list_senders(
            [
                Listed("a", ("pbms-west", "PARTNER_PBMS_WEST"), ("k1", "k2"), ""),
                Listed("b", ("bank", "PARTNER_BANK"), ("k2", "k2"), "urn:bank"),
                Listed("c", ("pbms_west", "PARTNER_PBMS_WEST"), ("k3",), "urn:bank"),
            ]
        )

    def test_find(self):
        for name, kid, expected in (
            ("pbms-west", "k3", ("a",)),
            ("PBMS-West", None, ("a",)),
            ("PARTNER_BANK", None, ("b",)),
            ("unknown", "k1", ("a",)),
            ("", "k2", ("a", "b")),
            (None, "k3", ("c",)),
            # Two senders go by this name: neither is meant.
            ("PARTNER_PBMS_WEST", None, ()),
            ("unknown", "unknown", ()),
            (None, None, ()),
        ):
            with self.subTest(name=name, kid=kid):
                self.assertEqual(self.directory.find(name, kid), expected)

    def test_find_by_token(self):
        self.assertEqual(self.directory.find_by_token("urn:bank", "k1"), ("b", "c"))
        self.assertEqual(self.directory.find_by_token("", "k1"), ("a",))
        self.assertEqual(self.directory.find_by_token("other", None), ())

    def test_too_many_candidates(self):
        many = list_senders(Listed(str(n), (), ("k",), "") for n in range(5))

        self.assertEqual(many.find(None, "k"), ())

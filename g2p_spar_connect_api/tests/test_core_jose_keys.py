import json
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa, x25519
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import OKPKey

from odoo.tests import BaseCase, tagged

from ..core.jose.keys import KeyRefused, load_key, read_jwk, read_key_set, read_keys
from .jose_samples import patient, private_key, public_jwk
from .test_core_json_body import JSON

BEGIN = datetime(2026, 1, 1, tzinfo=timezone.utc)


def pem(native):
    """PEM of a public key of ``cryptography``."""
    return native.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def with_operation(name):
    """A JWK that says what may be done with it."""
    return json.dumps(public_jwk(key_ops=[name]))


def certificate(key):
    """A certificate that a partner made for itself."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "partner")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key)
        .serial_number(1)
        .not_valid_before(BEGIN)
        .not_valid_after(BEGIN + timedelta(days=365))
        .sign(key.private_key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


@tagged("post_install", "-at_install")
class TestKeys(BaseCase):
    def _refused(self, code, text, **kw):
        with self.assertRaises(KeyRefused) as caught:
            read_keys(text, **kw)
        self.assertEqual(caught.exception.code, code)
        self.assertTrue(caught.exception.sentence.endswith("."))

    def test_public_key_in_pem(self):
        for name in ("rsa", "ec", "ed"):
            key = private_key(name)
            [found] = read_keys(key.as_pem(private=False).decode())
            with self.subTest(name):
                self.assertEqual(found.kid, key.thumbprint())
                self.assertEqual((found.use, found.alg), ("sig", None))
                loaded = load_key(found.jwk)
                self.assertEqual(loaded.thumbprint(), key.thumbprint())
                self.assertFalse(loaded.is_private)

    def test_certificate(self):
        [found] = read_keys(certificate(private_key()))

        self.assertEqual(found.thumbprint, private_key().thumbprint())
        self.assertEqual(found.valid_from, BEGIN)
        self.assertEqual(found.valid_until, BEGIN + timedelta(days=365))

    def test_jwk(self):
        jwk = public_jwk(kid="key-1", use="sig", alg="RS256", x5c=["AA"], extra=1)

        [found] = read_keys(json.dumps(jwk))

        self.assertEqual((found.kid, found.use, found.alg), ("key-1", "sig", "RS256"))
        self.assertEqual(found.jwk.keys(), {"kty", "n", "e", "kid", "use", "alg"})

    def test_several_at_once(self):
        blocks = (
            certificate(private_key())
            + "\n"
            + private_key("ec").as_pem(private=False).decode()
        )
        for text in (
            blocks,
            json.dumps({"keys": [public_jwk(), public_jwk("ec")]}),
            json.dumps([public_jwk(), public_jwk("ec")]),
        ):
            with self.subTest(text[:10]):
                found = [key.thumbprint for key in read_keys(text)]
                expected = [private_key(n).thumbprint() for n in ("rsa", "ec")]
                self.assertEqual(found, expected)

    def test_use(self):
        x_key = json.dumps(_x25519())
        for text, use, expected in (
            (json.dumps(public_jwk()), None, ("sig", None)),
            (json.dumps(public_jwk()), "enc", ("enc", "RSA-OAEP-256")),
            (json.dumps(public_jwk("ec")), "enc", ("enc", "ECDH-ES")),
            (json.dumps(public_jwk(use="enc")), "sig", ("enc", "RSA-OAEP-256")),
            (
                json.dumps(public_jwk(key_ops=["wrapKey"])),
                None,
                ("enc", "RSA-OAEP-256"),
            ),
            (json.dumps(public_jwk(key_ops=["verify"])), "enc", ("sig", None)),
            (x_key, None, ("enc", "ECDH-ES")),
        ):
            [found] = read_keys(text, use)
            with self.subTest(text[:60], use=use):
                self.assertEqual((found.use, found.alg), expected)

    def test_private_keys(self):
        key = private_key()
        for text in (
            key.as_pem(private=True).decode(),
            key.as_pem(private=False).decode() + key.as_pem(private=True).decode(),
            json.dumps(key.as_dict(private=True)),
            json.dumps({"keys": [public_jwk("ec"), key.as_dict(private=True)]}),
            json.dumps(private_key("ed").as_dict(private=True)),
            json.dumps({"kty": "oct", "k": "c2VjcmV0"}),
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n"
            "-----END ENCRYPTED PRIVATE KEY-----",
        ):
            with self.subTest(text[:40]):
                self._refused("private", text)

    def test_weak_and_foreign_keys(self):
        small = rsa.generate_private_key(65537, 1024)  # noqa: S505 - is refused
        self._refused("weak", pem(small.public_key()))
        for exponent in ("AQ", "BA"):
            self._refused("weak", json.dumps(public_jwk(e=exponent)))
        for native in (
            ec.generate_private_key(ec.SECP192R1()),
            ec.generate_private_key(ec.SECP256K1()),
            ed448.Ed448PrivateKey.generate(),
        ):
            with self.subTest(type(native).__name__):
                self._refused("unusable", pem(native.public_key()))
        # P-384 signs with no algorithm that is accepted; it may be encrypted for.
        p384 = pem(ec.generate_private_key(ec.SECP384R1()).public_key())
        self._refused("unusable", p384, use="sig")
        self.assertEqual(read_keys(p384, "enc")[0].alg, "ECDH-ES")

    def test_algorithm_that_does_not_fit(self):
        for values in (
            {"alg": "HS256"},
            {"alg": "none"},
            {"alg": "ES256"},
            {"alg": "RS512"},
            {"alg": 7},
            {"alg": "RSA-OAEP-256", "use": "sig"},
            {"alg": "RSA-OAEP", "use": "enc"},
            {"alg": "RSA1_5", "use": "enc"},
        ):
            with self.subTest(values=values):
                self._refused("unusable", json.dumps(public_jwk(**values)))

    def test_what_is_no_key(self):
        good = private_key().as_pem(private=False).decode()
        for code, text in (
            ("no_key", "hello"),
            ("no_key", ""),
            ("no_json", "{"),
            ("no_key", "[]"),
            ("no_key", '{"keys": []}'),
            ("no_key", "[1]"),
            ("broken_pem", good[:40] + good[60:]),
            (
                "broken_pem",
                "-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----",
            ),
            ("too_long", "x" * 300_000),
            ("use", json.dumps(public_jwk(use="both"))),
            ("kid", json.dumps(public_jwk(kid="x" * 300))),
            ("kid", json.dumps(public_jwk(kid="a\nb"))),
            ("kid", json.dumps(public_jwk(kid=7))),
            ("unusable", json.dumps({"kty": "RSA"})),
            (
                "unusable",
                json.dumps({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}),
            ),
            ("unusable", json.dumps({"kty": ["RSA"]})),
            ("too_many", json.dumps([public_jwk()] * 33)),
        ):
            with self.subTest(text[:40], code=code):
                self._refused(code, text)

    def test_published_set(self):
        """What is of no use here is for others."""
        raw = json.dumps(
            {"keys": [public_jwk(), {"kty": "oct", "k": "AA"}, {"kty": "PQ"}, 7]}
        ).encode()

        self.assertEqual(len(read_key_set(raw)), 1)
        for wrong in (b"", b"<html>", b"[]", b"{}", b'{"keys": 1}', b'{"keys": []}'):
            with self.subTest(wrong), self.assertRaises(KeyRefused):
                read_key_set(wrong)

    @patient
    @given(JSON)
    def test_any_json(self, content):
        for read, value in (
            (read_jwk, content),
            (read_key_set, json.dumps(content).encode()),
            (read_keys, json.dumps(content)),
        ):
            with self.assertRaises(KeyRefused):
                read(value)

    @patient
    @given(
        st.sampled_from(["rsa", "ec", "ed"]),
        st.dictionaries(
            st.sampled_from(
                ["kty", "n", "e", "crv", "x", "y", "use", "alg", "key_ops"]
            ),
            JSON,
            min_size=1,
        ),
    )
    def test_any_change(self, name, values):
        try:
            found = read_jwk(public_jwk(name) | values)
        except KeyRefused:
            return
        self.assertIn(found.use, ("sig", "enc"))
        self.assertEqual(load_key(found.jwk).thumbprint(), found.thumbprint)


def _x25519():
    native = x25519.X25519PrivateKey.generate().public_key()
    return OKPKey.import_key(pem(native)).as_dict(private=False)

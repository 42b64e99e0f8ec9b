import base64
import json
import warnings

from hypothesis import example, given
from hypothesis import strategies as st
from joserfc import jwe
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from odoo.tests import BaseCase, tagged

from ..core.jose.jwe import (
    ALGORITHMS,
    HEADER_LIMIT,
    KEY_TYPES,
    NotDecrypted,
    algorithm_of,
    decrypt,
    encrypt,
)

with warnings.catch_warnings():
    # The library says itself that such a key is too short.
    warnings.simplefilter("ignore")
    WEAK = RSAKey.generate_key(1024, private=True)
RSA = RSAKey.generate_key(2048, private=True, auto_kid=True)
EC = ECKey.generate_key("P-256", private=True, auto_kid=True)
OTHER_EC = ECKey.generate_key("P-256", private=True, auto_kid=True)
X25519 = OKPKey.generate_key("X25519", private=True, auto_kid=True)
KEYS = {key.kid: key for key in (RSA, EC, X25519)}
OF_TYPE = {"RSA": RSA, "EC": EC}
TEXT = b'{"transaction_id":"t1","link_request":[]}'

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner)
    ),
    max_leaves=6,
)


def b64(content):
    """Base64url without padding, of bytes or of what becomes compact JSON."""
    if not isinstance(content, bytes):
        content = json.dumps(content, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def by_another(header, key=EC):
    """A message in the specification's shape, with a header of its own order."""
    protected, encrypted_key, iv, ciphertext, tag = jwe.encrypt_compact(
        header, TEXT, key, algorithms=[header["alg"], "A256GCM"]
    ).split(".")
    padded = protected + "=" * (-len(protected) % 4)
    return {
        "header": json.loads(base64.urlsafe_b64decode(padded)),
        "ciphertext": ciphertext,
        "encrypted_key": encrypted_key,
        "tag": tag,
        "iv": iv,
    }, protected


@tagged("post_install", "-at_install")
class TestJwe(BaseCase):
    def _reason(self, sealed, keys=KEYS):
        with self.assertRaises(NotDecrypted) as caught:
            decrypt(sealed, keys)
        return caught.exception.reason

    def test_round_trip(self):
        for algorithm in ALGORITHMS:
            key = OF_TYPE[KEY_TYPES[algorithm][0]]
            with self.subTest(algorithm):
                sealed = encrypt(TEXT, key, algorithm, key.kid)
                self.assertEqual(sealed["header"]["alg"], algorithm)
                self.assertEqual(sealed["header"]["enc"], "A256GCM")
                self.assertEqual(decrypt(json.loads(json.dumps(sealed)), KEYS), TEXT)
                del sealed["protected"]
                self.assertEqual(decrypt(sealed, KEYS), TEXT)

    def test_curve_of_rfc_8037(self):
        self.assertEqual(decrypt(encrypt(TEXT, X25519, kid=X25519.kid), KEYS), TEXT)

    def test_members_of_the_header_may_be_sorted_on_the_way(self):
        """What was protected in the order of the alphabet may arrive in any."""
        sealed, _protected = by_another({"alg": "RSA-OAEP-256", "enc": "A256GCM"}, RSA)
        sealed["header"] = {"enc": "A256GCM", "alg": "RSA-OAEP-256"}

        self.assertEqual(decrypt(sealed, KEYS), TEXT)

    def test_other_bytes_of_the_header_are_sent_along(self):
        header = {"enc": "A256GCM", "alg": "RSA-OAEP-256", "kid": RSA.kid}
        sealed, protected = by_another(header, RSA)
        sealed["header"] = {"kid": RSA.kid, "enc": "A256GCM", "alg": "RSA-OAEP-256"}

        self.assertEqual(self._reason(sealed), "content")
        self.assertEqual(decrypt({**sealed, "protected": protected}, KEYS), TEXT)

    def test_header_and_protected_must_agree(self):
        sealed = encrypt(TEXT, RSA, kid=RSA.kid)
        for said in (b64({**sealed["header"], "kid": "x"}), "?", "", "bnVsbA"):
            with self.subTest(said):
                self.assertEqual(self._reason({**sealed, "protected": said}), "header")

    def test_without_key_id_every_fitting_key_is_tried(self):
        sealed = encrypt(TEXT, EC)

        self.assertNotIn("kid", sealed["header"])
        keys = {RSA.kid: RSA, OTHER_EC.kid: OTHER_EC, EC.kid: EC}
        self.assertEqual(decrypt(sealed, keys), TEXT)

    def test_refusals_of_the_header(self):
        sealed = encrypt(TEXT, RSA, kid=RSA.kid)
        del sealed["protected"]
        for values, reason in (
            ({"zip": "DEF"}, "header"),
            ({"crit": ["b64"]}, "header"),
            ({"x5c": ["A" * HEADER_LIMIT]}, "header"),
            ({"jwk": EC.as_dict(private=False)}, "content"),
            ({"alg": "dir"}, "algorithm"),
            ({"alg": "RSA1_5"}, "algorithm"),
            ({"alg": "RSA-OAEP"}, "algorithm"),
            ({"alg": "A256GCMKW"}, "algorithm"),
            ({"alg": "PBES2-HS256+A128KW", "p2c": 10**9}, "algorithm"),
            ({"alg": "none"}, "algorithm"),
            ({"alg": ["RSA-OAEP-256"]}, "algorithm"),
            ({"enc": "A128GCM"}, "algorithm"),
            ({"enc": "A128CBC-HS256"}, "algorithm"),
            ({"enc": None}, "algorithm"),
            ({"kid": "unknown"}, "key"),
            ({"kid": ["x"]}, "key"),
            ({"kid": EC.kid}, "key"),
            ({"alg": "ECDH-ES", "kid": EC.kid}, "content"),
            ({"alg": "ECDH-ES", "kid": EC.kid, "epk": {"kty": "RSA"}}, "content"),
        ):
            with self.subTest(values=values):
                changed = {**sealed, "header": {**sealed["header"], **values}}
                self.assertEqual(self._reason(changed), reason)

    def test_point_that_is_not_on_the_curve(self):
        sealed = encrypt(TEXT, EC, kid=EC.kid)
        del sealed["protected"]
        sealed["header"]["epk"]["x"] = b64(b"\1" * 32)

        self.assertEqual(self._reason(sealed), "content")

    def test_refusals_of_the_shape(self):
        sealed = encrypt(TEXT, RSA, kid=RSA.kid)
        for changed in (
            None,
            [],
            "a.b.c.d.e",
            {},
            {**sealed, "recipients": [{}] * 100},
            {**sealed, "unprotected": {}},
            {**sealed, "aad": "AA"},
            {name: v for name, v in sealed.items() if name != "tag"},
            {**sealed, "iv": None},
            {**sealed, "tag": 5},
            {**sealed, "ciphertext": "é"},
        ):
            with self.subTest(changed=changed):
                self.assertEqual(self._reason(changed), "shape")

    def test_altered_in_one_place(self):
        for key in (RSA, EC, X25519):
            sealed = encrypt(TEXT, key, kid=key.kid)
            for name in ("encrypted_key", "iv", "ciphertext", "tag"):
                text = sealed[name]
                if not text:
                    continue
                changed = {
                    "first": ("B" if text[0] == "A" else "A") + text[1:],
                    "cut": text[:-4],
                    "empty": "",
                    "dotted": f"{text[:5]}.{text[5:]}",
                }
                for how, value in changed.items():
                    with self.subTest(key.key_type, name=name, how=how):
                        self.assertEqual(
                            self._reason({**sealed, name: value}), "content"
                        )

    def test_another_key_with_the_same_name(self):
        sealed = encrypt(TEXT, EC, kid=EC.kid)

        self.assertEqual(self._reason(sealed, {EC.kid: OTHER_EC}), "content")

    @example({"header": {"alg": "ECDH-ES", "enc": "A256GCM", "epk": None}})
    @given(anything | st.dictionaries(st.sampled_from(["header", "tag"]), anything))
    def test_whatever_is_sent(self, thing):
        with self.assertRaises(NotDecrypted):
            decrypt(thing, KEYS)

    @given(
        st.fixed_dictionaries(
            {
                "header": st.fixed_dictionaries(
                    {
                        "alg": st.sampled_from(ALGORITHMS),
                        "enc": st.just("A256GCM"),
                        "epk": anything,
                    },
                    optional={"kid": anything, "typ": anything, "apu": anything},
                ),
                **dict.fromkeys(
                    ("encrypted_key", "iv", "ciphertext", "tag"),
                    st.text(max_size=40) | st.binary(max_size=300).map(b64),
                ),
            },
            optional={"protected": st.text(max_size=40)},
        )
    )
    def test_whatever_has_the_shape(self, sealed):
        with self.assertRaises(NotDecrypted):
            decrypt(sealed, KEYS)

    @given(st.binary(max_size=2000))
    def test_every_content_comes_back(self, content):
        self.assertEqual(decrypt(encrypt(content, EC), KEYS), content)

    def test_keys_of_partners(self):
        for key, said, algorithm in (
            (RSA, None, "RSA-OAEP-256"),
            (EC, None, "ECDH-ES"),
            (EC, "ECDH-ES+A256KW", "ECDH-ES+A256KW"),
            (X25519, None, "ECDH-ES"),
            (OKPKey.generate_key("Ed25519"), None, None),
            (EC, "ES256", None),
            (EC, "RSA-OAEP-256", None),
            (RSA, "RSA1_5", None),
            (WEAK, None, None),
            (OctKey.generate_key(256), None, None),
        ):
            with self.subTest(key.key_type, said=said):
                self.assertEqual(algorithm_of(key, said), algorithm)

"""Public keys of partners, read from what somebody pastes or a server publishes.

Understood are a certificate or a public key in PEM, a JWK and a JWK Set
(RFC 7517), several at once. A key is kept in one form: a JWK with its public
parameters, ``use``, ``alg`` where it is bound to one, and ``kid``.

A key that is too weak, or of a kind that nothing here verifies or encrypts
with, is refused when it is registered and so never met later.
"""

import json
import re
from datetime import datetime
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey
from joserfc.util import base64_to_int

#: Algorithm of a signature -> (key type, curve). No algorithm with a shared
#: secret, and none without a key. ``Ed25519`` is the name of RFC 9864.
SIGNATURE_ALGORITHMS = {
    "RS256": ("RSA", None),
    "PS256": ("RSA", None),
    "ES256": ("EC", "P-256"),
    "EdDSA": ("OKP", "Ed25519"),
    "Ed25519": ("OKP", "Ed25519"),
}
#: Algorithm of an encrypted key -> key types and curves it works with.
ENCRYPTION_ALGORITHMS = {
    "RSA-OAEP-256": {("RSA", None)},
    "ECDH-ES": {
        ("EC", "P-256"),
        ("EC", "P-384"),
        ("EC", "P-521"),
        ("OKP", "X25519"),
    },
}
LEAST_RSA_BITS, MOST_RSA_BITS = 2048, 8192
KID_LIMIT = 255
#: Longest text that is read, and most keys in it.
TEXT_LIMIT = 256 * 2**10
KEYS_LIMIT = 32

_PUBLIC = {"RSA": ("n", "e"), "EC": ("crv", "x", "y"), "OKP": ("crv", "x")}
_PRIVATE = ("d", "p", "q", "dp", "dq", "qi", "oth", "k")
_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----.+?-----END \1-----", re.DOTALL)
_SECRET_OPERATIONS = {"encrypt", "wrapKey", "deriveKey", "deriveBits"}


class KeyRefused(ValueError):
    """A key is not fit to be registered.

    :param str code: for programs
    :param str sentence: for persons, what is wrong and what to do
    """

    def __init__(self, code: str, sentence: str):
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


class PublicKey(NamedTuple):
    """A public key as it is stored.

    :param kid: its name; where none was given the RFC 7638 thumbprint
    :param use: ``sig`` or ``enc``
    :param alg: the one algorithm it is for; none: every one of its kind
    :param jwk: kty, public parameters, use, alg where set, kid
    :param valid_from: of a certificate; aware
    :param valid_until: of a certificate; aware
    """

    kid: str
    use: str
    alg: str | None
    jwk: dict
    thumbprint: str
    valid_from: datetime | None = None
    valid_until: datetime | None = None


def read_keys(text: str, use: str | None = None) -> list[PublicKey]:
    """Read what was pasted; one unfit key refuses the whole text.

    :param use: what the keys are for where they do not say so; none: signatures,
        or encryption for a kind of key that does nothing else
    :raise KeyRefused: it is no key, a private one, weak, or of no use here
    """
    text = text.strip()
    if len(text) > TEXT_LIMIT:
        raise KeyRefused(
            "too_long", "This is too long to be a key: paste the key alone."
        )
    if "PRIVATE KEY" in text:
        raise _private()
    is_json = text.startswith(("{", "["))
    keys = _read_json(text, use) if is_json else _read_pem(text, use)
    if not keys:
        raise KeyRefused("no_key", "There is no key in this text.")
    if len(keys) > KEYS_LIMIT:
        raise KeyRefused("too_many", f"At most {KEYS_LIMIT} keys can be read at once.")
    return keys


def read_key_set(raw: bytes) -> list[PublicKey]:
    """Read a published JWK Set; keys that are of no use here are left out.

    :raise KeyRefused: it is no JWK Set, or none of its keys is fit
    """
    content = _load_json(raw)
    listed = content.get("keys") if isinstance(content, dict) else None
    if not isinstance(listed, list):
        raise KeyRefused("no_key_set", "The address did not answer with a JWK Set.")
    keys = []
    for jwk in listed[:KEYS_LIMIT]:
        try:
            keys.append(read_jwk(jwk))
        except KeyRefused:
            # A set may hold keys for others (RFC 7517, section 5).
            continue
    if not keys:
        raise KeyRefused("no_key", "The JWK Set has no key that can be used here.")
    return keys


def read_jwk(jwk: object, use: str | None = None) -> PublicKey:
    """Read one JWK.

    :raise KeyRefused: see :func:`read_keys`
    """
    if not isinstance(jwk, dict):
        raise KeyRefused("no_key", "A JWK must be a JSON object.")
    if any(name in jwk for name in _PRIVATE):
        raise _private()
    if not isinstance(jwk.get("kty"), str) or jwk["kty"] not in _PUBLIC:
        raise _unusable()
    return _accept(_import(jwk), jwk, use)


def load_key(jwk: dict) -> ECKey | OKPKey | RSAKey:
    """Return the key of a JWK that was read here.

    ``use`` and ``alg`` are left out: the rules for them are ours.
    """
    names = ("kty", *_PUBLIC[jwk["kty"]])
    return JWKRegistry.import_key({name: jwk[name] for name in names})


def _read_json(text: str, use: str | None) -> list[PublicKey]:
    content = _load_json(text)
    if isinstance(content, dict) and isinstance(content.get("keys"), list):
        content = content["keys"]
    listed = content if isinstance(content, list) else [content]
    return [read_jwk(jwk, use) for jwk in listed[: KEYS_LIMIT + 1]]


def _load_json(text: str | bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise KeyRefused("no_json", "This is not JSON: paste the whole key.") from error


def _read_pem(text: str, use: str | None) -> list[PublicKey]:
    return [
        _read_block(match[1], match[0].encode(), use) for match in _PEM.finditer(text)
    ]


def _read_block(label: str, block: bytes, use: str | None) -> PublicKey:
    """Read one PEM block: a certificate or a public key."""
    try:
        if label == "CERTIFICATE":
            certificate = x509.load_pem_x509_certificate(block)
            return _accept(_wrap(certificate.public_key()), {}, use)._replace(
                valid_from=certificate.not_valid_before_utc,
                valid_until=certificate.not_valid_after_utc,
            )
        return _accept(_wrap(serialization.load_pem_public_key(block)), {}, use)
    except KeyRefused:
        raise
    except (ValueError, TypeError, KeyError, JoseError, UnsupportedAlgorithm) as error:
        raise KeyRefused(
            "broken_pem",
            "This is no certificate and no public key in PEM: paste the whole block, "
            "with its first and last line.",
        ) from error


def _wrap(native: object):
    """Return a key of ``cryptography`` as one of joserfc."""
    if isinstance(native, rsa.RSAPublicKey):
        numbers = native.public_numbers()
        _check_strength(numbers.n, numbers.e)
    pem = native.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for native_kind, kind in _KINDS:
        if isinstance(native, native_kind):
            return _check_parameters(kind.import_key(pem))
    raise _unusable()


def _check_parameters(key):
    """Return a key whose parameters can be written as a JWK."""
    try:
        _ = key.public_key, key.dict_value
    except (JoseError, ValueError, TypeError, KeyError, UnsupportedAlgorithm) as error:
        raise _unusable() from error
    return key


_KINDS = (
    (rsa.RSAPublicKey, RSAKey),
    (ec.EllipticCurvePublicKey, ECKey),
    (ed25519.Ed25519PublicKey | x25519.X25519PublicKey, OKPKey),
)


def _import(jwk: dict):
    parameters = {name: jwk.get(name) for name in ("kty", *_PUBLIC[jwk["kty"]])}
    try:
        if jwk["kty"] == "RSA":
            _check_strength(base64_to_int(jwk["n"]), base64_to_int(jwk["e"]))
        return _check_parameters(JWKRegistry.import_key(parameters))
    except KeyRefused:
        raise
    except (JoseError, ValueError, TypeError, KeyError, UnsupportedAlgorithm) as error:
        raise _unusable() from error


def _accept(key, said: dict, use: str | None) -> PublicKey:
    """Check a key and write it in the one form.

    :param said: what its owner says of it: use, key_ops, alg, kid
    """
    shape = _shape(key)
    use = _find_use(shape, said, use)
    alg = _find_algorithm(shape, said.get("alg"), use)
    kid = said.get("kid") or key.thumbprint()
    if not isinstance(kid, str) or len(kid) > KID_LIMIT or not kid.isprintable():
        raise KeyRefused("kid", "The key ID (kid) must be a short printable text.")
    parameters = key.as_dict(private=False)
    jwk = {name: parameters[name] for name in ("kty", *_PUBLIC[key.key_type])}
    jwk |= {"use": use, "kid": kid} | ({"alg": alg} if alg else {})
    return PublicKey(kid, use, alg, jwk, key.thumbprint())


def _shape(key) -> tuple[str, str | None]:
    """Return key type and curve."""
    if key.key_type == "RSA":
        return "RSA", None
    return key.key_type, key.as_dict(private=False)["crv"]


def _check_strength(modulus: int, exponent: int) -> None:
    """Refuse an RSA key that is not safe, or slow beyond measure."""
    if not LEAST_RSA_BITS <= modulus.bit_length() <= MOST_RSA_BITS:
        raise KeyRefused(
            "weak",
            f"An RSA key must have {LEAST_RSA_BITS} to {MOST_RSA_BITS} bits: "
            "ask the partner for another key.",
        )
    if exponent < 3 or not exponent % 2:
        raise KeyRefused("weak", "The exponent of this RSA key is not safe.")


def _find_use(shape: tuple, said: dict, use: str | None) -> str:
    operations = said.get("key_ops")
    named = said.get("use")
    if named is None and isinstance(operations, list):
        named = "enc" if _SECRET_OPERATIONS & {*map(str, operations)} else "sig"
    if named is None:
        named = use or ("sig" if shape in SIGNATURE_ALGORITHMS.values() else "enc")
    if named not in ("sig", "enc"):
        raise KeyRefused("use", "The use of a key must be sig or enc.")
    return named


def _find_algorithm(shape: tuple, alg: object, use: str) -> str | None:
    """Return the one algorithm a key is bound to.

    A key for encryption is always bound to one, so that no sender has to guess.
    """
    fit = [name for name in _ALGORITHMS[use] if shape in _ALGORITHMS[use][name]]
    if not fit or (alg is not None and alg not in fit):
        raise _unusable()
    return alg or (fit[0] if use == "enc" else None)


_ALGORITHMS = {
    "sig": {name: {shape} for name, shape in SIGNATURE_ALGORITHMS.items()},
    "enc": ENCRYPTION_ALGORITHMS,
}


def _private() -> KeyRefused:
    return KeyRefused(
        "private",
        "This is a private key or a shared secret. It was not stored. Ask the partner "
        "for its public key, and tell it to replace this one: it is no longer secret.",
    )


def _unusable() -> KeyRefused:
    return KeyRefused(
        "unusable",
        "This kind of key cannot be used here. For signatures: RSA from 2048 bits, "
        "EC P-256 or Ed25519. For encryption: RSA from 2048 bits, EC P-256, P-384, "
        "P-521 or X25519.",
    )

"""Encrypted messages: JSON Web Encryption (RFC 7516, RFC 7518) as G2P Connect has it.

The specification's ``EncryptedMessage`` is a JWE for one recipient whose parts are
members of an object: ``header``, ``encrypted_key``, ``iv``, ``ciphertext`` and
``tag``. It has the header as an object, while the encryption protects the header's
*bytes*, and it does not say which. Here they are the compact JSON of ``header``
(UTF-8, nothing between the tokens) with the members in the order in which they were
sent, or else in the order of the alphabet. A sender that protects other bytes adds
them as ``protected``, base64url, as the flattened JSON serialization of RFC 7516
does; what this registry sends always has it.

Out of reach on purpose: compression (a small message could be a huge one), several
recipients, keys in the header, and everything that is not in :data:`ALGORITHMS`.
"""

from collections.abc import Iterator, Mapping

import orjson
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

#: Ways to agree on the content key, and the types of key they are for (RFC 7518,
#: section 4.1; RFC 8037, section 3.2).
KEY_TYPES = {
    "RSA-OAEP-256": ("RSA",),
    "ECDH-ES": ("EC", "OKP"),
    "ECDH-ES+A128KW": ("EC", "OKP"),
    "ECDH-ES+A256KW": ("EC", "OKP"),
}
ALGORITHMS = tuple(KEY_TYPES)
#: The only way to encrypt the content (RFC 7518, 5.3).
CONTENT_ALGORITHM = "A256GCM"
#: Bytes of a header; keys and certificates have no place in it.
HEADER_LIMIT = 1024
#: Shorter RSA keys are not used (NIST SP 800-131A).
RSA_BITS = 2048

_MEMBERS = frozenset({"header", "encrypted_key", "iv", "ciphertext", "tag"})
_PREFERRED = {"RSA": "RSA-OAEP-256", "EC": "ECDH-ES", "OKP": "ECDH-ES"}

Key = RSAKey | ECKey | OKPKey


class NotDecrypted(Exception):
    """An encrypted message cannot be opened.

    The sender is not told which of these it was, an auditor is.

    :param str reason: ``shape`` (not the specification's object), ``header``,
        ``algorithm``, ``key`` (no key of ours), or ``content`` (not encrypted with
        that key, or altered)
    """

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class _Registry(jwe.JWERegistry):
    """What is accepted: see the module. The size of a body is limited before."""

    max_protected_header_length = HEADER_LIMIT
    max_ciphertext_length = 2**27


_REGISTRY = _Registry(algorithms=[*ALGORITHMS, CONTENT_ALGORITHM])


def looks_encrypted(message: object) -> bool:
    """Whether a value has the shape of an encrypted message."""
    return type(message) is dict and "ciphertext" in message


def decrypt(sealed: object, keys: Mapping[str, Key]) -> bytes:
    """Open an encrypted message.

    :param sealed: the specification's object, as it was sent
    :param keys: private keys by key id
    :raise NotDecrypted: it cannot be opened, for whatever reason
    """
    header = _read_shape(sealed)
    tail = "." + ".".join(
        sealed[name] for name in ("encrypted_key", "iv", "ciphertext", "tag")
    )
    candidates = list(_protected_forms(sealed, header))
    for key in _find_keys(header, keys):
        for protected in candidates:
            try:
                opened = jwe.decrypt_compact(protected + tail, key, registry=_REGISTRY)
            except (JoseError, ValueError, TypeError, KeyError, AssertionError):
                continue
            return opened.plaintext
    raise NotDecrypted("content")


def _read_shape(sealed: object) -> dict:
    """Return the header of an encrypted message whose shape is right."""
    if type(sealed) is not dict or not _MEMBERS <= sealed.keys() <= _MEMBERS | {
        "protected"
    }:
        raise NotDecrypted("shape")
    texts = [value for name, value in sealed.items() if name != "header"]
    if not all(type(text) is str and text.isascii() for text in texts):
        raise NotDecrypted("shape")
    header = sealed["header"]
    if type(header) is not dict or {"zip", "crit"} & header.keys():
        raise NotDecrypted("header")
    if (
        header.get("enc") != CONTENT_ALGORITHM
        or type(header.get("alg")) is not str
        or header["alg"] not in KEY_TYPES
    ):
        raise NotDecrypted("algorithm")
    return header


def _protected_forms(sealed: dict, header: dict) -> Iterator[str]:
    """Yield what may have been protected as the header, base64url.

    :raise NotDecrypted: too long, or ``protected`` is not the same header
    """
    if "protected" in sealed:
        if not _says(sealed["protected"], header):
            raise NotDecrypted("header")
        yield sealed["protected"]
        return
    for option in (None, orjson.OPT_SORT_KEYS):
        raw = orjson.dumps(header, option=option)
        if len(raw) > HEADER_LIMIT:
            raise NotDecrypted("header")
        yield urlsafe_b64encode(raw).decode()


def _says(protected: str, header: dict) -> bool:
    """Whether base64url text is the JSON of a header."""
    if len(protected) > HEADER_LIMIT:
        return False
    try:
        return orjson.loads(urlsafe_b64decode(protected.encode())) == header
    except ValueError:
        return False


def _find_keys(header: dict, keys: Mapping[str, Key]) -> list[Key]:
    """Return the keys that may open a message: the one it names, or all that fit.

    :raise NotDecrypted: there is none
    """
    kid, kinds = header.get("kid"), KEY_TYPES[header["alg"]]
    if kid is None:
        found = list(keys.values())
    else:
        found = [keys[kid]] if type(kid) is str and kid in keys else []
    fitting = [key for key in found if key.key_type in kinds]
    if not fitting:
        raise NotDecrypted("key")
    return fitting


def encrypt(
    plaintext: bytes, key: Key, algorithm: str | None = None, kid: str | None = None
) -> dict:
    """Encrypt a message for the holder of a key.

    :param key: a public key for which :func:`algorithm_of` knows a way
    :param algorithm: the one the key is for; none: what its kind is used with
    :param kid: name that the holder knows the key by
    :return: the specification's object, with ``protected``
    """
    header = {"alg": algorithm_of(key, algorithm), "enc": CONTENT_ALGORITHM}
    if kid:
        header["kid"] = kid
    compact = jwe.encrypt_compact(header, plaintext, key, registry=_REGISTRY)
    protected, encrypted_key, iv, ciphertext, tag = compact.split(".")
    return {
        "header": orjson.loads(urlsafe_b64decode(protected.encode())),
        "protected": protected,
        "encrypted_key": encrypted_key,
        "iv": iv,
        "ciphertext": ciphertext,
        "tag": tag,
    }


def algorithm_of(key: Key, said: str | None = None) -> str | None:
    """Return how to encrypt for a key: as it is said, else as its kind is used.

    :param said: the one algorithm the key is for, or none
    :return: none when there is no way: another kind, a signing key, a weak key
    """
    kind = key.key_type
    if said is not None and kind not in KEY_TYPES.get(said, ()):
        return None
    if kind == "RSA" and key.public_key.key_size < RSA_BITS:
        return None
    if kind == "OKP" and key.curve_name != "X25519":
        return None
    return said or _PREFERRED.get(kind)

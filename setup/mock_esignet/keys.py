"""The provider's keys: its own, and the identity system's, which signs userinfo."""

import base64
import hashlib
import time
from dataclasses import dataclass

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc.jwk import RSAKey

BITS = 2048
LIFE_SECONDS = 3 * 365 * 86400


@dataclass(frozen=True)
class SigningKey:
    """A private key with the identifier under which it is published.

    :param RSAKey key: the key pair
    :param str kid: identifier, a digest of the public key
    :param int exp: end of its life; eSignet publishes it, though no standard knows it
    """

    key: RSAKey
    kid: str
    exp: int

    @classmethod
    def new(cls) -> "SigningKey":
        """A key made up now."""
        pair = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
        public = pair.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        digest = hashlib.sha256(public).digest()
        kid = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        pem = pair.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return cls(RSAKey.import_key(pem), kid, int(time.time()) + LIFE_SECONDS)

    def public_pem(self) -> bytes:
        """The public key as text, which key confusion uses as a shared secret."""
        return self.key.as_pem(private=False)

    def published(self, alg: str = "") -> dict:
        """The entry of the key set; it has no ``alg`` unless one is told.

        :param alg: algorithm to name, rightly or wrongly
        """
        public = self.key.as_dict(private=False)
        entry = {name: public[name] for name in ("kty", "n", "e")}
        entry |= {"kid": self.kid, "use": "sig", "exp": self.exp}
        return entry | ({"alg": alg} if alg else {})


class KeyRing:
    """The keys in use, and those that rotated out but are still published."""

    def __init__(self):
        self.service = SigningKey.new()
        self.identity = SigningKey.new()
        #: Never published: what an attacker would sign with.
        self.foreign = SigningKey.new()

    def rotate(self) -> None:
        """Sign with new keys from now on; the old ones are not published any more."""
        self.service, self.identity = SigningKey.new(), SigningKey.new()

    def published(self, omit: str, alg: str, signing_alg: str) -> dict:
        """The key set.

        :param omit: ``identity`` or ``service`` to leave one out
        :param alg: "" for keys without an algorithm, ``right`` or ``wrong``
        :param signing_alg: what the service's own key signs with
        """
        algs = {"service": signing_alg, "identity": "RS256"}
        other = {"RS256": "PS256", "PS256": "RS256"}
        if alg == "wrong":
            algs = {name: other[right] for name, right in algs.items()}
        return {
            "keys": [
                getattr(self, name).published(algs[name] if alg else "")
                for name in algs
                if name != omit
            ]
        }

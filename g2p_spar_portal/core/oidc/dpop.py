"""Proofs that a token is used by whom it was issued to (DPoP, RFC 9449)."""

import base64
import hashlib
from urllib.parse import urlsplit

from authlib.common.security import generate_token
from joserfc import jwt
from joserfc.jwk import ECKey

_ALGORITHM = "ES256"


class DpopKey:
    """A key for one login; nobody keeps it."""

    def __init__(self):
        self._key = ECKey.generate_key("P-256", private=True)

    def prove(
        self, method: str, url: str, now: float, nonce: str = "", token: str = ""
    ) -> str:
        """Return a proof for one request (section 4.2).

        :param now: seconds since the epoch
        :param nonce: that the server demanded, if any
        :param token: access token that is sent along, if any
        """
        names = ("kty", "crv", "x", "y")
        public = self._key.as_dict(private=False)
        header = {
            "typ": "dpop+jwt",
            "alg": _ALGORITHM,
            "jwk": {name: public[name] for name in names},
        }
        claims = {
            "jti": generate_token(32),
            "htm": method,
            "htu": _without_query(url),
            "iat": int(now),
        }
        if nonce:
            claims["nonce"] = nonce
        if token:
            claims["ath"] = _hash(token)
        return jwt.encode(header, claims, self._key, algorithms=[_ALGORITHM])


def _without_query(url: str) -> str:
    return urlsplit(url)._replace(query="", fragment="").geturl()


def _hash(token: str) -> str:
    digest = hashlib.sha256(token.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

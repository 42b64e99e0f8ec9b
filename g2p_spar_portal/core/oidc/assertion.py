"""How the portal proves at the provider who it is (RFC 7523, private_key_jwt)."""

from authlib.oauth2.rfc7523.assertion import private_key_jwt_sign
from authlib.oauth2.rfc7523.client import ASSERTION_TYPE
from joserfc.jwk import ECKey, RSAKey

from .errors import OidcError
from .own_key import SIGNS_WITH, kind_of

SECONDS = 60


class ClientKey:
    """The key in use at a provider, and how it signs.

    :param kid: named in assertions; none: no key is named
    :param audience: whom assertions are for, see :func:`find_audience`
    :raise OidcError: ``configuration``: the key cannot sign so
    """

    def __init__(
        self,
        client_id: str,
        key: ECKey | RSAKey,
        kid: str | None,
        algorithm: str,
        audience: str,
    ):
        if SIGNS_WITH.get(algorithm) != kind_of(key):
            raise OidcError("configuration", "the client key does not fit its alg")
        self._client_id, self._key = client_id, key
        self._kid, self._algorithm, self._audience = kid, algorithm, audience

    def sign(self) -> str:
        """Return a new assertion; none is ever used twice (``jti``)."""
        return private_key_jwt_sign(
            self._key,
            client_id=self._client_id,
            token_endpoint=self._audience,
            alg=self._algorithm,
            header={"kid": self._kid} if self._kid else {},
            expires_in=SECONDS,
        )

    def params(self) -> dict[str, str]:
        """Return the parameters with which a request proves who sends it."""
        return {
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.sign(),
        }


def find_audience(mode: str, issuer: str, token_endpoint: str) -> str:
    """Return whom assertions are for.

    eSignet before 1.7 takes its token address only, other servers rather the
    issuer.

    :param mode: ``issuer`` or ``token_endpoint``
    """
    return issuer if mode == "issuer" else token_endpoint

"""Client authentication by a signed assertion, as strict as each release is."""

from authlib.oauth2.rfc6749 import InvalidClientError
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc import jwt
from joserfc.errors import JoseError

from .clients import AUTH_METHOD, Client
from .profiles import issuer
from .store import Store


class Assertion(JWTBearerClientAssertion):
    """``private_key_jwt`` at the token and the pushed request endpoint."""

    CLIENT_AUTH_METHOD = AUTH_METHOD

    def __init__(self, store: Store, host: str):
        super().__init__()
        self.store, self.host = store, host

    def resolve_client_public_key(self, client: Client):
        return client.key()

    def process_assertion_claims(self, assertion, resolve_key):
        """Verify with the client's key and one of the release's algorithms."""
        client = self._client(assertion)
        try:
            token = jwt.decode(
                assertion, resolve_key, algorithms=list(client.profile.assertion_algs)
            )
        except (JoseError, ValueError) as error:
            raise InvalidClientError(description="invalid_assertion") from error
        self._check(token.claims, client)
        return token.claims

    def _client(self, assertion: str) -> Client:
        _header, claims = self.extract_assertion(assertion)
        return self.store.clients[claims["sub"]]

    def _check(self, claims: dict, client: Client) -> None:
        """Check audience, times and single use; clocks may differ by seconds."""
        now, profile = self.store.now(), client.profile
        leeway = profile.leeway_seconds
        audience = claims.get("aud")
        for one in audience if isinstance(audience, list) else [audience]:
            if one in self._audiences(client):
                break
        else:
            raise InvalidClientError(description="invalid_assertion")
        if claims.get("iss") != client.client_id or "iat" not in claims:
            raise InvalidClientError(description="invalid_assertion")
        if not _is_time(claims.get("exp")) or claims["exp"] < now - leeway:
            raise InvalidClientError(description="invalid_assertion")
        if not _is_time(claims["iat"]) or claims["iat"] > now + leeway:
            raise InvalidClientError(description="invalid_assertion")
        jti = claims.get("jti")
        if profile.needs_jti and not jti:
            raise InvalidClientError(description="invalid_assertion")
        if jti and not self.store.use_once("jti", f"{client.client_id} {jti}"):
            raise InvalidClientError(description="invalid_assertion")

    def _audiences(self, client: Client) -> list[str]:
        profile, found = client.profile, []
        if profile.issuer_is_audience:
            found.append(issuer(self.host, profile))
        if profile.endpoint_is_audience:
            found.append(self.host + profile.paths["token_endpoint"])
        if profile.endpoint_is_audience and profile.pushes:
            pushing = profile.paths["pushed_authorization_request_endpoint"]
            found.append(self.host + pushing)
        return found


def _is_time(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)

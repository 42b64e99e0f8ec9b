"""The authorization code flow: authlib's, with what eSignet does its own way."""

import secrets
import time

from authlib.common.urls import add_params_to_uri
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import (
    InvalidGrantError,
    OAuth2Request,
    grants,
)
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode

from . import people, tokens
from .assertion import Assertion
from .clients import AUTH_METHOD
from .profiles import PATHS, issuer
from .store import TOKEN_SECONDS, Code, Login, Store, Token


class StoredRequest(OAuth2Request):
    """An authorization request that was validated before and is answered now."""

    def __init__(self, host: str, values: dict, login: Login | None = None):
        super().__init__("GET", host + PATHS["authorization_endpoint"])
        self.payload = BasicOAuth2Payload(values)
        self.login = login

    @property
    def args(self) -> dict:
        return self.payload.data


class Server(AuthorizationServer):
    """authlib's server; it also takes requests that were made beforehand."""

    store: Store
    host: str

    def create_oauth2_request(self, request):
        if isinstance(request, OAuth2Request):
            return request
        return super().create_oauth2_request(request)

    def save_token(self, token, request):
        login = request.authorization_code.login
        kept = Token(
            request.client, login, token["scope"], time.monotonic() + TOKEN_SECONDS,
            getattr(request, "thumbprint", ""),
        )  # fmt: skip
        self.store.tokens[token["access_token"]] = kept


class CodeGrant(grants.AuthorizationCodeGrant):
    """Codes of 43 characters, taken away by the success of their exchange only."""

    TOKEN_ENDPOINT_AUTH_METHODS = [AUTH_METHOD]

    def generate_authorization_code(self) -> str:
        return secrets.token_urlsafe(32)

    def save_authorization_code(self, code: str, request: StoredRequest) -> None:
        store, login = self.server.store, request.login
        expires = time.monotonic() + login.client.profile.code_seconds
        acr = store.behaviour.acr or " ".join(login.factors)
        store.codes[code] = Code(code, login, expires, acr)

    def query_authorization_code(self, code: str, client) -> Code | None:
        found = self.server.store.codes.get(code)
        alive = found and found.expires > time.monotonic()
        return (
            found
            if alive and found.login.client.client_id == client.client_id
            else None
        )

    def delete_authorization_code(self, authorization_code: Code) -> None:
        if self.server.store.codes.pop(authorization_code.code, None) is None:
            raise InvalidGrantError("invalid_transaction")

    def authenticate_user(self, authorization_code: Code) -> Login:
        return authorization_code.login


class IdToken(OpenIDCode):
    """ID tokens with the claims of eSignet, and single-use nonces."""

    def __init__(self, server: Server):
        super().__init__()
        self.server = server

    def exists_nonce(self, nonce: str, request) -> bool:
        if getattr(request, "login", None):
            return False
        return not self.server.store.use_once("nonce", nonce)

    def get_client_algorithm(self, client) -> str:
        return client.profile.signing_alg

    def get_encode_header(self, client) -> dict:
        kid = self.server.store.keys.service.kid
        return {"kid": kid, "alg": self.get_client_algorithm(client)}

    def resolve_client_private_key(self, client):
        return self.server.store.keys.service.key

    def get_client_claims(self, client) -> dict:
        now = self.server.store.now()
        return {
            "iss": issuer(self.server.host, client.profile),
            "aud": client.client_id,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
        }

    def generate_user_info(self, user: Login, scope: str) -> dict:
        number = user.person.id
        return {"sub": people.subject(number, user.client.relying_party_id)}

    def encode_id_token(self, token, request) -> str | None:
        """The token as authlib writes it, or bent as the test asks for."""
        right = super().encode_id_token(token, request)
        return tokens.bent_id_token(right, self.server.store, request.client)

    def process_token(self, grant, response):
        token = super().process_token(grant, response)
        if token.get("id_token") is None:
            token.pop("id_token", None)
        # eSignet does not repeat the scope.
        token.pop("scope", None)
        return token


class Challenge(CodeChallenge):
    """PKCE with S256 alone."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]
    DEFAULT_CODE_CHALLENGE_METHOD = "S256"


def make_server(store: Store, host: str) -> Server:
    """The server with the one flow and the one way to prove who asks.

    :param host: address of the provider, such as ``http://127.0.0.1:8088``
    """
    server = Server(query_client=store.clients.get)
    server.store, server.host = store, host
    server.register_token_generator("default", tokens.AccessTokens(store, host))
    server.register_client_auth_method(AUTH_METHOD, Assertion(store, host))
    server.register_grant(CodeGrant, [Challenge(required=False), IdToken(server)])
    return server


def answer(server: Server, login: Login, *, granted: bool) -> str:
    """The address that the browser goes back to.

    A success tells the issuer (RFC 9207), except to older clients and after a login
    with a wallet; a refusal of a pushed request has lost its state, as in eSignet.

    :param granted: whether the person allowed it
    """
    values, behaviour = dict(login.request), server.store.behaviour
    if not granted and (login.pushed or behaviour.state_null):
        values["state"] = "null"
    request = StoredRequest(server.host, values, login)
    response = server.create_authorization_response(
        request,
        grant_user=login.person if granted else None,
        grant=server.get_authorization_grant(request),
    )
    profile, more = login.client.profile, {}
    if granted and login.wallet:
        more = {"nonce": values.get("nonce", "")}
    elif granted and profile.sends_iss:
        more = {"iss": behaviour.iss or issuer(server.host, profile)}
    return add_params_to_uri(response.location, more.items())

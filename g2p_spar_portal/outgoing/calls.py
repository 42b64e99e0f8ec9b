"""What is asked of a provider, over HTTP (eSignet and OpenID Connect alike)."""

import re
import time
from typing import NamedTuple

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523.auth import PrivateKeyJWT
from requests import RequestException, Response

from odoo.addons.g2p_spar_mapper.core.outgoing.errors import OutgoingError
from odoo.addons.g2p_spar_mapper.outgoing.session import FencedSession

from ..core.oidc.assertion import ClientKey
from ..core.oidc.dpop import DpopKey
from ..core.oidc.errors import OidcError
from ..core.oidc.settings import Settings
from .transport import FencedTransport

#: How the fence fails -> our code; all else: no whole answer came.
_FENCE = {
    "address_invalid": "configuration",
    "address_forbidden": "configuration",
    "redirected": "provider_answer",
    "answer_encoded": "provider_answer",
    "answer_too_large": "provider_answer",
}
_ERROR = re.compile(r"[A-Za-z_]{1,60}")
_FORM = "application/x-www-form-urlencoded"


class Tokens(NamedTuple):
    """What a code was exchanged for."""

    access_token: str
    id_token: str


class _FreshAssertion(PrivateKeyJWT):
    """Lets authlib prove who we are with an assertion made for each request."""

    def __init__(self, client_key: ClientKey):
        super().__init__()
        self._client_key = client_key

    def sign(self, auth, token_endpoint):
        return self._client_key.sign()


class ProviderCalls:
    """Calls to one provider for one login.

    :param settings: with all addresses that are needed
    :param client_key: proves who we are; none where nothing has to be proved
    """

    def __init__(
        self, settings: Settings, client_key: ClientKey | None, fence: FencedSession
    ):
        self._settings, self._client_key = settings, client_key
        self._transport = FencedTransport(fence)
        self._dpop = DpopKey() if settings.use_dpop else None

    def fetch(self, url: str) -> bytes:
        """Return what a provider publishes: its description or its keys.

        :raise OidcError: it cannot be had
        """
        with self._open() as session:
            response = _answer(
                lambda: session.get(
                    url, withhold_token=True, headers={"Accept": "application/json"}
                )
            )
        if response.status_code != 200:
            raise OidcError("provider_answer", f"status {response.status_code}")
        return response.content

    def push(self, params: dict[str, str]) -> str:
        """Push an authorization request (RFC 9126) and return its reference.

        :raise OidcError: it was not taken
        """
        with self._open() as session:
            response = _answer(
                lambda: session.post(
                    self._settings.par_endpoint,
                    data=params | self._client_key.params(),
                    headers={"Accept": "application/json"},
                    withhold_token=True,
                )
            )
        if response.status_code not in (200, 201):
            raise OidcError("provider_answer", f"push {_read_error(response)}")
        request_uri = _read_json(response).get("request_uri")
        if not isinstance(request_uri, str) or not 0 < len(request_uri) <= 512:
            raise OidcError("provider_answer", "push without request_uri")
        return request_uri

    def redeem(self, code: str, code_verifier: str, redirect_uri: str) -> Tokens:
        """Exchange a code; it is tried once (and once more with a nonce, DPoP).

        :raise OidcError: it was not exchanged
        """
        with self._open() as session:
            return _answer(
                lambda: self._redeem(session, code, code_verifier, redirect_uri)
            )

    def userinfo(self, tokens: Tokens) -> tuple[bytes, str]:
        """Return the provider's data of the person, and their content type.

        :raise OidcError: they cannot be had
        """
        with self._open() as session:
            response = _answer(lambda: self._get_userinfo(session, tokens))
            if response.status_code == 401 and self._dpop and self._nonce:
                response = _answer(lambda: self._get_userinfo(session, tokens))
        if response.status_code != 200:
            raise OidcError("provider_answer", f"userinfo {response.status_code}")
        return response.content, response.headers.get("Content-Type", "")

    @property
    def date(self) -> str:
        """What time the provider said it was, empty where it did not."""
        return self._transport.date

    @property
    def _nonce(self) -> str:
        return self._transport.dpop_nonce

    def _open(self) -> OAuth2Session:
        session = OAuth2Session(
            self._settings.client_id,
            token_endpoint_auth_method=_FreshAssertion.name,
            trust_env=False,
        )
        session.register_client_auth_method(_FreshAssertion(self._client_key))
        for scheme in ("https://", "http://"):
            session.mount(scheme, self._transport)
        return session

    def _redeem(self, session, code, code_verifier, redirect_uri) -> Tokens:
        for is_last in (False, True):
            try:
                token = session.fetch_token(
                    self._settings.token_endpoint,
                    grant_type="authorization_code",
                    client_id=self._settings.client_id,
                    code=code,
                    code_verifier=code_verifier,
                    redirect_uri=redirect_uri,
                    headers=self._token_headers(),
                )
                return self._read_tokens(token)
            except OAuthError as error:
                wants_nonce = error.error == "use_dpop_nonce" and self._nonce
                if is_last or not (self._dpop and wants_nonce):
                    raise
        raise AssertionError

    def _token_headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json", "Content-Type": _FORM}
        return headers | self._prove("POST", self._settings.token_endpoint)

    def _prove(self, method: str, url: str, token: str = "") -> dict[str, str]:
        if not self._dpop:
            return {}
        proof = self._dpop.prove(method, url, time.time(), self._nonce, token)
        return {"DPoP": proof}

    def _read_tokens(self, token: dict) -> Tokens:
        kind = "dpop" if self._dpop else "bearer"
        if str(token.get("token_type", "")).lower() != kind:
            raise OidcError("provider_answer", "token_type")
        found = token.get("access_token"), token.get("id_token")
        for value, name in zip(found, Tokens._fields, strict=True):
            if not isinstance(value, str) or not value or not value.isascii():
                raise OidcError("provider_answer", f"no {name}")
        return Tokens(*found)

    def _get_userinfo(self, session, tokens: Tokens) -> Response:
        url, token = self._settings.userinfo_endpoint, tokens.access_token
        scheme = "DPoP" if self._dpop else "Bearer"
        headers = {
            "Accept": "application/jwt, application/json",
            "Authorization": f"{scheme} {token}",
        }
        return session.get(
            url, withhold_token=True, headers=headers | self._prove("GET", url, token)
        )


def _answer(call):
    """Return what a call brings, and let it fail in our words only."""
    try:
        return call()
    except OutgoingError as error:
        code = _FENCE.get(error.code, "provider_unreachable")
        raise OidcError(code, error.code) from error
    except OAuthError as error:
        raise OidcError("token_refused", _shorten(error.error)) from error
    except (RequestException, ValueError) as error:
        raise OidcError("provider_answer", "answer is not as it should be") from error


def _read_json(response: Response) -> dict:
    try:
        content = response.json()
    except ValueError as error:
        raise OidcError("provider_answer", "answer is no JSON") from error
    if not isinstance(content, dict):
        raise OidcError("provider_answer", "answer is no object")
    return content


def _read_error(response: Response) -> str:
    """Return the code of an error, for the log."""
    try:
        content = response.json()
    except ValueError:
        content = None
    error = content.get("error") if isinstance(content, dict) else None
    return f"{response.status_code} {_shorten(error)}".strip()


def _shorten(error: object) -> str:
    """Return a code that others chose, if it is one."""
    return error if isinstance(error, str) and _ERROR.fullmatch(error) else ""

"""A partner's program: it gets itself a token and sends messages."""

import time
from http import HTTPStatus

import requests

from .words import item, message

TOKEN_PATH = "/spar/v1/oauth2/client/token"
PATHS = ("mapper/sync", "sync")
TIMEOUT_SECONDS = 90


class Api:
    """One partner with its client credentials.

    :param base_url: address of the server, without a trailing slash
    """

    def __init__(self, base_url: str, client_id: str, client_secret: str):
        self.base_url = base_url
        self.client_id = client_id
        self.client_secret = client_secret
        self._token: tuple[str, float] = ("", 0.0)

    def ask_token(self, scope: str | None = None, **form) -> requests.Response:
        """Ask the token endpoint; fields of the form may be set otherwise."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            **({"scope": scope} if scope else {}),
            **form,
        }
        return requests.post(
            self.base_url + TOKEN_PATH, data=form, timeout=TIMEOUT_SECONDS
        )

    def new_token(self, scope: str | None = None) -> str:
        """A fresh token, with all scopes or with one."""
        answer = self.ask_token(scope)
        assert answer.status_code == HTTPStatus.OK, answer.text
        return answer.json()["access_token"]

    @property
    def token(self) -> str:
        """A token for all operations, kept for the first half of its life."""
        token, renew_at = self._token
        if time.monotonic() >= renew_at:
            answer = self.ask_token().json()
            token = answer["access_token"]
            self._token = token, time.monotonic() + answer["expires_in"] / 2
        return token

    def url(self, operation: str, path: str = PATHS[0]) -> str:
        """Address of an operation."""
        return f"{self.base_url}/spar/v1/{path}/{operation}"

    def post(
        self,
        operation: str,
        body,
        *,
        path: str = PATHS[0],
        token: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> requests.Response:
        """Send a body, an object or bytes as they are.

        :param token: another token than one's own; "" sends none
        :param headers: added to, or in place of, the usual ones
        """
        token = self.token if token is None else token
        usual = {"Content-Type": "application/json"}
        if token:
            usual["Authorization"] = f"Bearer {token}"
        raw = {"data": body} if isinstance(body, bytes) else {"json": body}
        return requests.post(
            self.url(operation, path),
            headers={**usual, **(headers or {})},
            timeout=TIMEOUT_SECONDS,
            **raw,
        )

    def send(self, operation: str, items: list, **header) -> dict:
        """Send items in one message and return the whole answer."""
        answer = self.post(operation, message(operation, items, **header))
        assert answer.status_code == HTTPStatus.OK, answer.text
        return answer.json()

    def results(self, operation: str, items: list, **header) -> list[dict]:
        """Send items in one message and return what became of each."""
        answer = self.send(operation, items, **header)
        return answer["message"][f"{operation}_response"]

    def one(self, operation: str, **fields) -> dict:
        """Send one item with these fields and return what became of it."""
        [result] = self.results(operation, [item(**fields)])
        return result

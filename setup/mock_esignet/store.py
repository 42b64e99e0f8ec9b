"""What the provider remembers, all of it in memory and gone when it ends."""

import secrets
import threading
import time
from collections import deque
from dataclasses import dataclass, field

from authlib.oauth2.rfc6749 import TokenMixin
from authlib.oidc.core import AuthorizationCodeMixin

from .behaviour import Behaviour
from .clients import BadRegistration, Client
from .keys import KeyRing
from .people import Person

AUTHENTICATE_SECONDS = 300
CONSENT_SECONDS = 120
TOKEN_SECONDS = 3600
#: eSignet remembers nonces and jtis for a day.
USED_SECONDS = 86400
INBOX = 100


@dataclass
class Login:
    """One authorization request, from the first page to the redirect.

    :param str id: what its pages are addressed by, known to one browser
    :param dict request: parameters as validated
    :param Client client: who asks
    :param bool pushed: whether the request came by PAR
    :param float expires: when it is too late for the next page (monotonic)
    """

    id: str
    request: dict
    client: Client
    pushed: bool
    expires: float
    person: Person | None = None
    factors: tuple[str, ...] = ()
    auth_time: int = 0
    consented: tuple[str, ...] = ()
    wallet: bool = False


@dataclass
class Code(AuthorizationCodeMixin):
    """An authorization code that can be redeemed once."""

    code: str
    login: Login
    expires: float
    acr: str

    def get_redirect_uri(self) -> str:
        return self.login.request["redirect_uri"]

    def get_scope(self) -> str:
        return self.login.client.get_allowed_scope(self.login.request["scope"])

    def get_nonce(self) -> str | None:
        return self.login.request.get("nonce")

    def get_auth_time(self) -> int:
        return self.login.auth_time

    def get_acr(self) -> str:
        return self.acr

    @property
    def code_challenge(self) -> str | None:
        return self.login.request.get("code_challenge")

    @property
    def code_challenge_method(self) -> str | None:
        return self.login.request.get("code_challenge_method")


@dataclass
class Token(TokenMixin):
    """An access token, which can be used until it expires."""

    client: Client
    login: Login
    scope: str
    expires: float
    thumbprint: str = ""

    def get_client(self) -> Client:
        return self.client

    def get_user(self) -> Login:
        return self.login

    def get_scope(self) -> str:
        return self.scope

    def get_expires_in(self) -> int:
        return TOKEN_SECONDS

    def is_expired(self) -> bool:
        return time.monotonic() > self.expires

    def is_revoked(self) -> bool:
        return False


@dataclass(frozen=True)
class Message:
    """A text message or a mail that the demonstration sent."""

    kind: str
    to: str
    subject: str
    text: str
    at: str


@dataclass
class Store:
    """Everything; ``lock`` guards what two requests could change at once."""

    keys: KeyRing = field(default_factory=KeyRing)
    behaviour: Behaviour = field(default_factory=Behaviour)
    clients: dict[str, Client] = field(default_factory=dict)
    logins: dict[str, Login] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    pushed: dict[str, tuple[dict, float]] = field(default_factory=dict)
    consents: dict[tuple[str, str], tuple] = field(default_factory=dict)
    messages: deque = field(default_factory=lambda: deque(maxlen=INBOX))
    calls: deque = field(default_factory=lambda: deque(maxlen=INBOX))
    lock: threading.RLock = field(default_factory=threading.RLock)
    #: Whose discovery documents are answered: at the usual address, and at the one
    #: below the path of the service.
    release: str = "1.8"
    old_release: str = "1.6"
    _used: dict[tuple[str, str], float] = field(default_factory=dict)

    def now(self) -> int:
        """The provider's clock, which may be wrong on purpose."""
        return int(time.time()) + self.behaviour.clock_skew

    def register(self, client: Client) -> None:
        """Add or replace a client.

        :raise BadRegistration: its key is already another client's
        """
        with self.lock:
            for other in self.clients.values():
                same_key = other.public_key.get("n") == client.public_key.get("n")
                if (
                    other.client_id != client.client_id
                    and same_key
                    and client.public_key.get("n")
                ):
                    raise BadRegistration("duplicate_public_key")
            self.clients[client.client_id] = client

    def use_once(self, kind: str, value: str) -> bool:
        """Mark a nonce or jti as used.

        :return: False when it was used before
        """
        with self.lock:
            now = time.monotonic()
            self._used = {key: end for key, end in self._used.items() if end > now}
            fresh = (kind, value) not in self._used
            self._used.setdefault((kind, value), now + USED_SECONDS)
            return fresh

    def open_login(self, request: dict, client: Client, *, pushed: bool) -> Login:
        """Remember an authorization request whose person is still to come."""
        login = Login(
            secrets.token_urlsafe(24),
            request,
            client,
            pushed,
            time.monotonic() + AUTHENTICATE_SECONDS,
        )
        with self.lock:
            self.logins[login.id] = login
        return login

    def close_login(self, login: Login) -> bool:
        """Take a login away; of two that try, one gets it."""
        with self.lock:
            return self.logins.pop(login.id, None) is not None

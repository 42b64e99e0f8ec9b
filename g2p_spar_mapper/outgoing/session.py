"""Calls to servers of others, over HTTP and behind a fence.

All calls of the registry go through here. No known library does all of it: those
that judge addresses look at the first one only, know no single allowed address,
and bound neither the whole time nor the answer.
"""

import ssl
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

import requests
from requests.adapters import HTTPAdapter
from requests.certs import where
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as WaitedTooLong
from urllib3.util.ssl_ import create_urllib3_context

from ..core.outgoing.address import Allowed
from ..core.outgoing.errors import OutgoingError
from ..core.outgoing.place import PlaceError, read_place
from .attempt import Attempt

_REDIRECTS = range(300, 400)
_HEADERS = {
    "Accept-Encoding": "identity",
    "Connection": "close",
    "User-Agent": "g2p-spar",
}


class Received(NamedTuple):
    """An answer.

    :param status: HTTP status, never that of a redirect
    :param headers: names in any case
    :param seconds: from the beginning of the call to the end of the answer
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


class FencedSession:
    """Makes calls that cannot be led astray, held up or flooded.

    Connects to public addresses only, or to those an administrator allowed;
    without TLS to allowed ones only. The certificate must be that of the named
    host. Redirects are not followed; proxies and passwords of the server's
    environment are not used. Time and answer are bounded.

    :param allowed: addresses an administrator allowed
    :param connect_seconds: to resolve a name, and to connect to an address
    :param read_seconds: longest silence
    :param total_seconds: for a call from beginning to end
    :param body_limit: bytes of an answer
    :param needs_body: whether the answer's body is used; where only its status is,
        a compressed one does no harm
    :param ca_file: file of certificate authorities that are trusted besides the
        public ones
    """

    def __init__(
        self,
        allowed: Iterable[Allowed] = frozenset(),
        connect_seconds: float = 3,
        read_seconds: float = 10,
        total_seconds: float = 20,
        body_limit: int = 2**20,
        needs_body: bool = True,
        ca_file: str | None = None,
    ):
        self._allowed = frozenset(allowed)
        self._connect_seconds = connect_seconds
        self._read_seconds = read_seconds
        self._total_seconds = total_seconds
        self._body_limit = body_limit
        self._needs_body = needs_body
        self.ca_file = ca_file

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Received:
        """Fetch something; see :meth:`post`."""
        return self._call("GET", url, None, headers)

    def post(
        self, url: str, data: bytes, headers: Mapping[str, str] | None = None
    ) -> Received:
        """Send something.

        :return: the answer, whatever its status
        :raise OutgoingError: there is none, or none that can be used
        """
        return self._call("POST", url, data, headers)

    def _call(self, method, url, data, headers) -> Received:
        begin = time.monotonic()
        try:
            url = read_place(url).url
        except PlaceError as error:
            raise OutgoingError("address_invalid", str(error), True) from error
        attempt = Attempt(self._allowed, self._connect_seconds, self._total_seconds)
        try:
            with attempt, self._open(attempt) as session:
                return self._receive(
                    session, attempt, begin, method, url, data, headers
                )
        except (requests.RequestException, HTTPError, OSError) as error:
            raise _explain(error, attempt) from error

    def _open(self, attempt: Attempt) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.mount("https://", _FencedAdapter(attempt, self.ca_file))
        session.mount("http://", _FencedAdapter(attempt, self.ca_file))
        return session

    def _receive(self, session, attempt, begin, method, url, data, headers) -> Received:
        with session.request(
            method,
            url,
            data=data,
            headers={**(headers or {}), **_HEADERS},
            timeout=self._read_seconds,
            allow_redirects=False,
            stream=True,
        ) as response:
            body = self._read(response)
        if attempt.is_over:
            raise _timeout(is_safe_to_repeat=False)
        seconds = time.monotonic() - begin
        return Received(response.status_code, response.headers, body, seconds)

    def _read(self, response: requests.Response) -> bytes:
        """Return the body of an answer, unless it cannot be used."""
        if response.status_code in _REDIRECTS:
            raise _redirected()
        encoding = response.headers.get("Content-Encoding", "identity")
        if self._needs_body and encoding != "identity":
            raise _encoded()
        body, limit = b"", self._body_limit
        # Only a reading that comes back empty tells a whole answer from a part.
        while piece := response.raw.read(limit + 1 - len(body), decode_content=False):
            body += piece
            if len(body) > limit:
                raise _too_large(limit)
        return body


class _FencedAdapter(HTTPAdapter):
    """Lets requests connect through an attempt, and no other way."""

    def __init__(self, attempt: Attempt, ca_file: str | None):
        self._attempt = attempt
        self._ca_file = ca_file
        super().__init__()

    def init_poolmanager(self, *args, **options):
        """Make the manager of connections; its connections are fenced."""
        options["ssl_context"] = _trust(self._ca_file)
        made = super().init_poolmanager(*args, **options)
        own = {"attempt": self._attempt}
        plain, tls = (type(c.__name__, (c,), own) for c in (_Plain, _Encrypted))
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("Pool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("Pool", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
        }
        return made

    def cert_verify(self, conn, url, verify, cert):
        """Demand a certificate; whom to trust is in the context already.

        Reading the authorities anew for each call would take longer than the call.
        """
        conn.cert_reqs = "CERT_REQUIRED"


class _Fenced:
    """What both kinds of connections have in common."""

    attempt: Attempt
    is_encrypted: bool

    def _new_conn(self):
        return self.attempt.connect(self._dns_host, self.port, self.is_encrypted)

    def connect(self):
        """Connect; from then on the other server may have received something."""
        connected = super().connect()
        self.attempt.is_connected = True
        return connected


class _Plain(_Fenced, HTTPConnection):
    """A connection without TLS."""

    is_encrypted = False


class _Encrypted(_Fenced, HTTPSConnection):
    """A connection with TLS, to the host that the certificate names."""

    is_encrypted = True


@lru_cache(maxsize=8)
def _trust(ca_file: str | None) -> ssl.SSLContext:
    """Return the rules of TLS: version 1.2 or newer, known authorities."""
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
    context.check_hostname = True
    context.load_verify_locations(where())
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


def _explain(error: Exception, attempt: Attempt) -> OutgoingError:
    """Say why a call failed."""
    is_safe = not attempt.is_connected
    if attempt.is_over or _is_timeout(error):
        return _timeout(is_safe)
    if is_safe and isinstance(error, requests.exceptions.SSLError | ssl.SSLError):
        return OutgoingError(
            "tls_failed",
            "The certificate of the host is not valid for it, or not of a known "
            "authority.",
            is_safe_to_repeat=True,
        )
    return OutgoingError(
        "broken", "The host ended the connection without a whole answer.", is_safe
    )


def _is_timeout(error: Exception) -> bool:
    kinds = requests.Timeout | WaitedTooLong | TimeoutError
    return isinstance(error, kinds)


def _timeout(is_safe_to_repeat: bool) -> OutgoingError:
    return OutgoingError(
        "timeout", "The host did not answer in time.", is_safe_to_repeat
    )


def _redirected() -> OutgoingError:
    return OutgoingError(
        "redirected",
        "The host answers with a redirect, which is never followed: enter the "
        "address it leads to.",
        is_safe_to_repeat=False,
    )


def _encoded() -> OutgoingError:
    return OutgoingError(
        "answer_encoded",
        "The host compresses its answer although it was asked not to.",
        is_safe_to_repeat=False,
    )


def _too_large(limit: int) -> OutgoingError:
    return OutgoingError(
        "answer_too_large",
        f"The answer of the host is larger than {limit} bytes.",
        is_safe_to_repeat=False,
    )

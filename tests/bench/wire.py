"""HTTP as the load generator speaks it: few instructions for each request.

The generator shares the processors with the server it measures, so it does no more
than needed: one request in one write, the answer read to its end. A server that
closes the connection (Odoo does) gets a new one for each request; one that keeps it
open is asked again on the same. Only ``http``; nothing is redirected.
"""

import json
import re
import socket
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable

_RECEIVE = 1 << 18
_TIMEOUT_SECONDS = 120
_LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection:\s*close", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:\s*chunked", re.IGNORECASE)
#: Part of its life after which a token is replaced.
_TOKEN_SHARE = 0.8


class Connection:
    """One user's way to the server. Not for two threads."""

    def __init__(self, host: str, port: int):
        self._address = (host, port)
        self._socket: socket.socket | None = None

    def send(self, request: bytes) -> tuple[int, bytes]:
        """Send a whole request and return status and body of the answer.

        :raise OSError: no connection, a time-out, or an answer cut off
        """
        if self._socket is not None:
            try:
                return self._exchange(request)
            except ConnectionError:
                # The server closed while we were idle: not an answer of its own.
                self.close()
        self._socket = socket.create_connection(self._address, _TIMEOUT_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            return self._exchange(request)
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Give the connection up."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _exchange(self, request: bytes) -> tuple[int, bytes]:
        self._socket.sendall(request)
        head, body = self._read_head()
        length = _LENGTH.search(head)
        if length:
            body = self._read_rest(body, int(length[1]))
        else:
            body = self._read_to_end(body)
            if _CHUNKED.search(head):
                body = _join_chunks(body)
        if head.startswith(b"HTTP/1.0") or _CLOSE.search(head) or not length:
            self.close()
        return int(head[9:12]), body

    def _read_head(self) -> tuple[bytes, bytes]:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._receive()
        head, _end, body = data.partition(b"\r\n\r\n")
        return head, body

    def _read_rest(self, body: bytes, length: int) -> bytes:
        parts, have = [body], len(body)
        while have < length:
            parts.append(self._receive())
            have += len(parts[-1])
        return b"".join(parts)

    def _read_to_end(self, body: bytes) -> bytes:
        parts = [body]
        while data := self._socket.recv(_RECEIVE):
            parts.append(data)
        return b"".join(parts)

    def _receive(self) -> bytes:
        data = self._socket.recv(_RECEIVE)
        if not data:
            raise ConnectionResetError("the server closed before the answer ended")
        return data


def _join_chunks(body: bytes) -> bytes:
    """Undo the chunked transfer coding (RFC 9112, section 7.1)."""
    parts, at = [], 0
    while True:
        end = body.index(b"\r\n", at)
        size = int(body[at:end].split(b";")[0], 16)
        if not size:
            return b"".join(parts)
        parts.append(body[end + 2 : end + 2 + size])
        at = end + 4 + size


class Token:
    """An access token, fetched when first needed and renewed before it expires.

    :param url: token endpoint
    :param client_id: of the client credentials
    :param client_secret: of the client credentials
    """

    def __init__(self, url: str, client_id: str, client_secret: str):
        self._url = url
        self._form = urllib.parse.urlencode(
            {
                "grant_type": "client_credentials",
                "client_id": client_id,
                "client_secret": client_secret,
            }
        ).encode()
        self._lock = threading.Lock()
        self._text = ""
        self._renew_at = 0.0

    def text(self) -> str:
        """The token, fresh enough for a request that is sent now.

        :raise OSError: the token endpoint refused or does not answer
        """
        if time.monotonic() >= self._renew_at:
            with self._lock:
                if time.monotonic() >= self._renew_at:
                    self._fetch()
        return self._text

    def _fetch(self) -> None:
        request = urllib.request.Request(self._url, data=self._form)  # noqa: S310 - loopback
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - the same
            content = json.load(answer)
        self._text = content["access_token"]
        self._renew_at = time.monotonic() + _TOKEN_SHARE * content["expires_in"]


class Target:
    """A server to be measured.

    :param label: its name in the table
    :param url: its address, for example ``http://127.0.0.1:8069``
    :param path: path with ``{operation}`` in it
    :param headers: further header lines, by name
    :param token: gives the bearer token; none: without one
    """

    def __init__(
        self,
        label: str,
        url: str,
        path: str,
        headers: dict[str, str] | None = None,
        token: Callable[[], str] | None = None,
    ):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError(f"{url} is not an address of the form http://host:port")
        self.label = label
        self.url = url.rstrip("/")
        self.host, self.port = parts.hostname, parts.port or 80
        self._prefix, self._path = parts.path.rstrip("/"), path
        self._token = token
        lines = {"Host": parts.netloc, "Content-Type": "application/json"}
        lines |= headers or {}
        self._lines = "".join(f"{name}: {value}\r\n" for name, value in lines.items())

    def connect(self) -> Connection:
        """A connection of one user."""
        return Connection(self.host, self.port)

    def address(self, operation: str) -> str:
        """Where messages of an operation go."""
        return self.url + self._path.format(operation=operation)

    def bearer(self) -> str:
        """The token, "" without one."""
        return self._token() if self._token else ""

    def request(
        self, operation: str, content: bytes, headers: dict[str, str] | None = None
    ) -> bytes:
        """The bytes of one request.

        :param headers: of this request alone
        """
        path = self._prefix + self._path.format(operation=operation)
        bearer = f"Authorization: Bearer {self._token()}\r\n" if self._token else ""
        own = "".join(f"{name}: {text}\r\n" for name, text in (headers or {}).items())
        head = (
            f"POST {path} HTTP/1.1\r\n{self._lines}{bearer}{own}"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        return head.encode() + content

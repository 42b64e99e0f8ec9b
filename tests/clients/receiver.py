"""A partner's web server: takes callbacks, and behaves as well or as badly as told.

It listens on a free port of 127.0.0.1 and keeps every request it got. What it does at
an address is set with :meth:`Receiver.behave`; otherwise it acknowledges.
"""

import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECE = b"x" * 65536
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Received:
    """One request as it came.

    :param path: with the query
    :param headers: names in small letters
    :param at: moment of the monotonic clock, in seconds
    """

    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def message(self) -> dict:
        """The body, read as JSON."""
        return json.loads(self.body)

    @property
    def correlation_id(self) -> str:
        """Of a result: which acknowledgement it belongs to."""
        return self.message["message"]["correlation_id"]


class Answer:
    """The connection of one request, to be answered in any way.

    :param stopped: set when the receiver ends; whoever waits, waits for it
    """

    def __init__(self, handler: BaseHTTPRequestHandler, stopped: threading.Event):
        self._handler = handler
        self.stopped = stopped

    def send(self, status: int, body: bytes = b"{}", **headers: str) -> None:
        """Answer in one piece."""
        self.begin(status, Content_Length=str(len(body)), **headers)
        self.write(body)

    def begin(self, status: int, **headers: str) -> None:
        """Send status and header fields; underscores stand for hyphens."""
        self._handler.send_response(status)
        for name, value in {"Content_Type": "application/json", **headers}.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()

    def write(self, raw: bytes) -> None:
        """Send bytes.

        :raise OSError: the client is gone
        """
        self._handler.wfile.write(raw)
        self._handler.wfile.flush()

    def client_is_gone(self, seconds: float) -> bool:
        """Wait for the client to hang up, at most so long."""
        self._handler.connection.settimeout(seconds)
        with suppress(TimeoutError, ConnectionResetError):
            return not self._handler.connection.recv(1)
        return False

    def close(self) -> None:
        """Hang up without a word."""
        self._handler.connection.shutdown(socket.SHUT_RDWR)


Behaviour = Callable[[Answer], None]


def acknowledge(answer: Answer) -> None:
    """Take it: the answer of a partner that works."""
    body = {"message": {"ack_status": "ACK", "correlation_id": "1"}}
    answer.send(HTTPStatus.OK, json.dumps(body).encode())


def refuse(status: int) -> Behaviour:
    """Answer with a status, each time."""
    return lambda answer: answer.send(status)


def redirect(address: str) -> Behaviour:
    """Send the caller to another address, with its request."""
    return lambda answer: answer.send(HTTPStatus.TEMPORARY_REDIRECT, Location=address)


def hang(answer: Answer) -> None:
    """Take the request and say nothing, until one of both ends."""
    while not answer.stopped.is_set() and not answer.client_is_gone(0.1):
        pass


def drip(answer: Answer) -> None:
    """Answer rightly, one byte in a fifth of a second: never silent, never done."""
    answer.begin(HTTPStatus.OK, Content_Length="100000")
    with suppress(OSError):
        while not answer.stopped.wait(0.2):
            answer.write(b" ")


def flood(answer: Answer) -> None:
    """Answer without end."""
    answer.begin(HTTPStatus.OK)
    with suppress(OSError):
        while not answer.stopped.is_set():
            answer.write(PIECE)


def hang_up(answer: Answer) -> None:
    """Close the connection at once."""
    answer.close()


def first(times: int, behaviour: Behaviour, then: Behaviour = acknowledge) -> Behaviour:
    """Behave in one way for the first requests, then in another."""
    left = [behaviour] * times

    def behave(answer: Answer) -> None:
        (left.pop() if left else then)(answer)

    return behave


@dataclass
class Receiver:
    """A web server in a thread of its own; a context manager."""

    requests: list[Received] = field(default_factory=list)
    _behaviours: dict[str, Behaviour] = field(default_factory=dict)
    _pages: dict[str, bytes] = field(default_factory=dict)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _news: threading.Condition = field(default_factory=threading.Condition)

    def __enter__(self) -> "Receiver":
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                receiver._take(self)

            def do_GET(self):
                receiver._show(self)

            def log_message(self, *_arguments):
                """Say nothing: the requests themselves are kept."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(
            target=self._server.serve_forever, args=(POLL_SECONDS,), daemon=True
        ).start()
        return self

    def __exit__(self, *_error) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        """The port of 127.0.0.1 on which it listens."""
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        """Its address, without a trailing slash."""
        return f"http://127.0.0.1:{self.port}"

    def behave(self, behaviour: Behaviour, path: str = "") -> None:
        """Behave so at this address and below, from now on."""
        self._behaviours[path] = behaviour

    def publish(self, path: str, content: dict) -> None:
        """Show a JSON document at an address, for example a key set."""
        self._pages[path] = json.dumps(content).encode()

    def at(self, path: str) -> list[Received]:
        """The requests that came to an address."""
        return [one for one in self.requests if one.path == path]

    def about(self, correlation_id: str) -> list[Received]:
        """The results of one acknowledged message, the oldest first."""
        return [one for one in self.requests if one.correlation_id == correlation_id]

    def wait(
        self,
        condition: Callable[["Receiver"], object],
        what: str,
        seconds: float = 30,
    ):
        """Wait until something is so of what was received, and return it.

        :param what: for the message when it never becomes so
        """
        with self._news:
            found = self._news.wait_for(lambda: condition(self), seconds)
        assert found, f"not within {seconds} s: {what}; {len(self.requests)} came"
        return found

    def wait_for(self, correlation_id: str, seconds: float = 30) -> Received:
        """Wait for the result of one acknowledged message."""
        what = f"a callback about {correlation_id}"
        return self.wait(lambda r: r.about(correlation_id), what, seconds)[0]

    def _take(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        with self._news:
            self.requests.append(
                Received(handler.path, headers, body, time.monotonic())
            )
            self._news.notify_all()
        handler.close_connection = True
        self._behaviour(handler.path)(Answer(handler, self._stopped))

    def _behaviour(self, path: str) -> Behaviour:
        """What was set for the longest beginning of a path."""
        fitting = [known for known in self._behaviours if path.startswith(known)]
        return self._behaviours[max(fitting, key=len)] if fitting else acknowledge

    def _show(self, handler: BaseHTTPRequestHandler) -> None:
        found = self._pages.get(handler.path)
        status = HTTPStatus.NOT_FOUND if found is None else HTTPStatus.OK
        Answer(handler, self._stopped).send(status, found or b"{}")

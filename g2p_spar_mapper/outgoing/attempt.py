"""The connection of one call: where it may go and how long it may take."""

import queue
import socket
import threading
import time

from ..core.outgoing.address import Allowed, may_connect
from ..core.outgoing.errors import OutgoingError

_OPTIONS = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)


class Attempt:
    """One attempt to reach another server.

    The name is resolved once, all its addresses are judged, and one of them is
    connected to: nothing asks for the name again in between. When the time is
    over, the connection is shut down, wherever it is by then.

    :param allowed: addresses an administrator allowed
    :param connect_seconds: for resolving and for connecting
    :param total_seconds: for all of it
    """

    def __init__(
        self, allowed: frozenset[Allowed], connect_seconds: float, total_seconds: float
    ):
        self._allowed = allowed
        self._connect_seconds = connect_seconds
        self._deadline = time.monotonic() + total_seconds
        self._brake: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(total_seconds, self._stop)
        self._timer.daemon = True
        #: Whether the other server may have received something.
        self.is_connected = False
        #: Whether the time ended before the answer.
        self.is_over = False

    def __enter__(self):
        self._timer.start()
        return self

    def __exit__(self, *_error):
        self._timer.cancel()
        with self._lock:
            if self._brake:
                self._brake.close()
                self._brake = None

    def connect(self, host: str, port: int, is_encrypted: bool) -> socket.socket:
        """Connect to a host by one of its judged addresses.

        :raise OutgoingError: it cannot or must not be reached
        """
        found = self._resolve(host.strip("[]"), port)
        for *_kind, address in found:
            if not may_connect(address[0], port, is_encrypted, self._allowed):
                raise _forbidden()
        fault: OSError | None = None
        for family, kind, protocol, _name, address in found:
            try:
                return self._open(family, kind, protocol, address)
            except OSError as error:
                fault = error
        raise _unreachable() from fault

    def _resolve(self, host: str, port: int) -> list[tuple]:
        """Ask the system for the addresses of a name; it knows no time limit."""
        answers: queue.SimpleQueue = queue.SimpleQueue()

        def ask() -> None:
            try:
                found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            except (OSError, UnicodeError) as error:
                answers.put(error)
            else:
                answers.put(found)

        threading.Thread(target=ask, daemon=True).start()
        try:
            answer = answers.get(timeout=self._patience())
        except queue.Empty:
            raise _name_unknown() from None
        if not isinstance(answer, list):
            raise _name_unknown() from answer
        return answer

    def _open(self, family, kind, protocol, address) -> socket.socket:
        link = socket.socket(family, kind, protocol)
        try:
            for option in _OPTIONS:
                link.setsockopt(*option)
            link.settimeout(self._patience())
            link.connect(address)
            self._arm(link)
        except OSError:
            link.close()
            raise
        return link

    def _arm(self, link: socket.socket) -> None:
        """Keep a second handle of the connection, to end it from outside.

        TLS takes the first one over; shutting down any handle ends them all.
        """
        with self._lock:
            if self.is_over:
                raise TimeoutError
            self._brake = link.dup()

    def _patience(self) -> float:
        """Seconds that the next step may take; some milliseconds at least."""
        remaining = self._deadline - time.monotonic()
        return max(min(self._connect_seconds, remaining), 0.001)

    def _stop(self) -> None:
        with self._lock:
            self.is_over = True
            if self._brake:
                try:
                    self._brake.shutdown(socket.SHUT_RDWR)
                except OSError:
                    # The other side was faster.
                    return


def _forbidden() -> OutgoingError:
    return OutgoingError(
        "address_forbidden",
        "The host leads to an address which the registry must not call: one of a "
        "private or local network, or one without TLS. An administrator can allow "
        "that very address.",
        is_safe_to_repeat=True,
    )


def _name_unknown() -> OutgoingError:
    return OutgoingError(
        "name_unknown",
        "The name of the host is not known: check how it is written.",
        is_safe_to_repeat=True,
    )


def _unreachable() -> OutgoingError:
    return OutgoingError(
        "unreachable",
        "The host does not take a connection: check host and port, and whether the "
        "server runs.",
        is_safe_to_repeat=True,
    )

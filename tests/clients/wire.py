"""HTTP by hand: requests that no library would send, and clients that go away."""

import socket
import struct
from urllib.parse import urlsplit

from .api import Api

TIMEOUT_SECONDS = 30


def request_bytes(api: Api, operation: str, body: bytes, **headers) -> bytes:
    """A request with a right token, as it goes over the wire.

    :param headers: header fields, underscores for hyphens; None leaves one out
    """
    fields = {
        "Host": urlsplit(api.base_url).netloc,
        "Authorization": f"Bearer {api.token}",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = [f"POST /spar/v1/sync/{operation} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return "\r\n".join([*lines, "", ""]).encode() + body


def chunked(body: bytes, size: int = 1000) -> bytes:
    """A body in chunks (RFC 9112, section 7.1)."""
    pieces = [body[n : n + size] for n in range(0, len(body), size)]
    frames = [f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces]
    return b"".join(frames) + b"0\r\n\r\n"


class Wire:
    """One connection.

    :param base_url: address of the server
    """

    def __init__(self, base_url: str):
        address = urlsplit(base_url)
        self.socket = socket.create_connection(
            (address.hostname, address.port), TIMEOUT_SECONDS
        )

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_error) -> None:
        self.socket.close()

    def send(self, raw: bytes) -> None:
        """Send bytes as they are."""
        self.socket.sendall(raw)

    def finish(self) -> None:
        """Say that nothing more comes, and go on listening."""
        self.socket.shutdown(socket.SHUT_WR)

    def hang_up(self) -> None:
        """Be gone at once: whatever the server still says meets nobody."""
        self.socket.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        self.socket.close()

    def answer(self) -> tuple[int, bytes]:
        """Status and body of the answer; 0 when the server only closed."""
        raw = b""
        try:
            while piece := self.socket.recv(65536):
                raw += piece
        except ConnectionResetError:
            return 0, raw
        head, _, body = raw.partition(b"\r\n\r\n")
        return (int(head.split()[1]) if head.startswith(b"HTTP/") else 0), body

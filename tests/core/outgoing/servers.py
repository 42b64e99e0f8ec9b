"""Small servers on loopback that behave as badly as a test needs."""

import contextlib
import datetime
import re
import socket
import ssl
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Answer: yes\r\n\r\nok"


class Server:
    """Answers each connection with one script.

    :param script: ``(socket, request, stopped) -> None``; ``stopped`` is an event
        that is set when the test ends
    :param context: rules of TLS; none: without
    """

    def __init__(self, script, context: ssl.SSLContext | None = None):
        self.requests: list[bytes] = []
        self._script, self._context = script, context
        self._stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._stopped.set()
        self._listener.close()

    def _serve(self):
        while not self._stopped.is_set():
            try:
                link, _peer = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(link,), daemon=True).start()

    def _answer(self, link):
        with contextlib.suppress(OSError), link:
            if self._context:
                link = self._context.wrap_socket(link, server_side=True)
            request = _read(link)
            self.requests.append(request)
            with link:
                self._script(link, request, self._stopped)


def _read(link) -> bytes:
    """A whole request, as far as its length is announced."""
    request = link.recv(65536)
    head, _, body = request.partition(b"\r\n\r\n")
    announced = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    missing = int(announced[1]) - len(body) if announced else 0
    while missing > 0 and (piece := link.recv(65536)):
        request += piece
        missing -= len(piece)
    return request


def say(*pieces: bytes):
    """A script that says something at once."""

    def script(link, _request, _stopped):
        for piece in pieces:
            link.sendall(piece)

    return script


def drip(beginning: bytes, piece: bytes, seconds: float):
    """A script that says a little at a time, for ever."""

    def script(link, _request, stopped):
        link.sendall(beginning)
        while not stopped.wait(seconds):
            link.sendall(piece)

    return script


def hang(_link, _request, stopped):
    """A script that never answers."""
    stopped.wait(60)


class Authority:
    """A certificate authority of the test's own.

    :param folder: where its files are written
    """

    def __init__(self, folder):
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Authority of the test")
        self._certificate = self._sign(self._name, self._key, is_authority=True)
        self.ca_file = str(folder / "authority.pem")
        self._write("authority.pem", self._certificate)

    def context(self, host: str) -> ssl.SSLContext:
        """The rules of a server which has a certificate for a host."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._sign(_name(host), key, host=host)
        path = self._write(f"{host}.pem", certificate, key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _sign(self, subject, key, host=None, is_authority=False):
        now = datetime.datetime.now(datetime.timezone.utc)
        names = [x509.DNSName(host)] if host else []
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), False)
        return builder.sign(self._key, hashes.SHA256())

    def _write(self, name, certificate, key=None) -> str:
        raw = certificate.public_bytes(serialization.Encoding.PEM)
        if key:
            raw += key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        path = self._folder / name
        path.write_bytes(raw)
        return str(path)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

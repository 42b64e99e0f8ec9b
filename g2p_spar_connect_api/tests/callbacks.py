"""A partner's web server for tests: takes callbacks and behaves as told."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class CallbackServer:
    """Listens on a free port of 127.0.0.1 until it is closed.

    :param statuses: answered one after the other; then 200
    """

    def __init__(self, *statuses: int):
        self.received = []
        self.statuses = list(statuses)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def url(self) -> str:
        """Address to register."""
        return f"http://127.0.0.1:{self.port}/callback"

    def close(self):
        """Stop listening: from now on nobody answers."""
        self._server.shutdown()
        self._server.server_close()


def _handler(server: CallbackServer):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            server.received.append((self.path, dict(self.headers), json.loads(raw)))
            self.send_response(server.statuses.pop(0) if server.statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    return Handler

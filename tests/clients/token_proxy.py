"""A loopback proxy for a client that knows no tokens: it adds one and passes on.

The public client library sends no ``Authorization``. It is the proxy that changes for
the test, not the server: the server has no way to be called without a token.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

from .api import TIMEOUT_SECONDS, Api


class TokenProxy:
    """Passes POST requests on to a partner's server with the partner's token.

    :param api: whose token is added
    """

    def __init__(self, api: Api):
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                proxy.pass_on(self)

            def log_message(self, *_arguments):
                """Say nothing: the server has its own log."""

        self.api = api
        self.seen: list[bytes] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def base_url(self) -> str:
        """Address of the proxy, without a trailing slash."""
        host, port = self._server.server_address
        return f"http://{host}:{port}"

    def __enter__(self) -> "TokenProxy":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error) -> None:
        self._server.shutdown()
        self._server.server_close()

    def pass_on(self, handler: BaseHTTPRequestHandler) -> None:
        """Send one request on, byte for byte, and its answer back."""
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.seen.append(body)
        answer = requests.post(
            self.api.base_url + handler.path,
            data=body,
            headers={
                "Content-Type": handler.headers["Content-Type"],
                "Authorization": f"Bearer {self.api.token}",
            },
            timeout=TIMEOUT_SECONDS,
        )
        handler.send_response(answer.status_code)
        handler.send_header("Content-Type", answer.headers["Content-Type"])
        handler.send_header("Content-Length", str(len(answer.content)))
        handler.end_headers()
        handler.wfile.write(answer.content)

"""Another mapper for tests: a small HTTP server on loopback."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "test-token"


class OtherMapper:
    """Answers each message with what ``answer`` makes of it, and keeps them all.

    :ivar answer: ``(operation, message) -> (HTTP status, bytes or JSON)``, or none
        to end the connection without an answer
    :ivar requests: (path, headers, message) of each request but those for tokens
    :ivar token_status: HTTP status of the token endpoint
    """

    def __init__(self):
        self.answer = grant
        self.requests = []
        self.tokens = []
        self.token_status = 200
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self):
        """Base address."""
        return f"http://127.0.0.1:{self.port}/spar/v1"

    def close(self):
        """End the server."""
        self._server.shutdown()
        self._server.server_close()

    def messages(self):
        """The messages that came."""
        return [message for _path, _headers, message in self.requests]

    def take(self, path, headers, raw):
        """Answer one request. :return: HTTP status and body, or none"""
        if path.endswith("/token"):
            self.tokens.append(raw)
            body = {"access_token": TOKEN, "expires_in": 300}
            return self.token_status, json.dumps(body).encode()
        message = json.loads(raw)
        self.requests.append((path, headers, message))
        answered = self.answer(path.rpartition("/")[2], message)
        if answered is None:
            return None
        status, body = answered
        return status, body if isinstance(body, bytes) else json.dumps(body).encode()

    def _handler(self):
        other = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                answered = other.take(self.path, self.headers, raw)
                if answered is None:
                    return
                status, body = answered
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                """Say nothing."""

        return Handler


def answer_of(operation, message, **values):
    """An answer that says the same of every item."""
    items = message["message"][f"{operation}_request"]
    results = [
        {
            "reference_id": item["reference_id"],
            "timestamp": item["timestamp"],
            "id": item["id"],
            "status": "succ",
            **values,
        }
        for item in items
    ]
    return 200, {
        "header": {"status": "succ"},
        "message": {f"{operation}_response": results},
    }


def grant(operation, message):
    """Grant every change, and find every ID without an address."""
    codes = (
        {"status_reason_code": "succ.id.not_found"} if operation == "resolve" else {}
    )
    return answer_of(operation, message, **codes)

"""Lets a library that speaks through requests speak through the fence only."""

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from odoo.addons.g2p_spar_mapper.outgoing.session import FencedSession


class FencedTransport(BaseAdapter):
    """The transport of a session of requests: every request goes through the fence.

    What the library asks for as to time, redirects, certificates and proxies does
    not count; the fence decides.
    """

    def __init__(self, fence: FencedSession):
        super().__init__()
        self._fence = fence
        #: Last nonce that the server demanded for its next proof (RFC 9449, 8).
        self.dpop_nonce = ""
        #: What time it was at the server with its last answer.
        self.date = ""

    def send(self, request: PreparedRequest, *_args, **_options) -> Response:
        """Send a request and return the whole answer.

        :raise OutgoingError: there is none that can be used
        """
        if request.method == "GET":
            received = self._fence.get(request.url, dict(request.headers))
        else:
            body = request.body or b""
            raw = body.encode() if isinstance(body, str) else body
            received = self._fence.post(request.url, raw, dict(request.headers))
        self.dpop_nonce = received.headers.get("DPoP-Nonce", self.dpop_nonce)
        self.date = received.headers.get("Date", "")
        return _wrap(request, received)

    def close(self) -> None:
        """Nothing is kept open."""


def _wrap(request: PreparedRequest, received) -> Response:
    response = Response()
    response.request, response.url = request, request.url
    response.status_code = received.status
    response.headers = CaseInsensitiveDict(received.headers)
    response.encoding = "utf-8"
    response._content = received.body
    return response

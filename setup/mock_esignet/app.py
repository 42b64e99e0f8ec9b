"""The web application, put together."""

from flask import Flask, Response, abort, request

from . import control, endpoints, inbox, pages
from .grants import make_server
from .safety import is_own_name
from .store import Store

LARGEST_BODY = 1_000_000
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def make_app(store: Store, host: str) -> Flask:
    """The provider as a web application.

    :param host: address under which browsers and clients see it
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    server = make_server(store, host)
    app.register_blueprint(endpoints.make_blueprint(server))
    app.register_blueprint(pages.make_blueprint(server))
    app.register_blueprint(control.make_blueprint(store))
    app.register_blueprint(inbox.make_blueprint(store))
    app.before_request(_require_own_name)
    app.after_request(_protect)
    return app


def _require_own_name() -> None:
    """Refuse a page of the network whose name was rebound to this machine."""
    if not is_own_name(request.host):
        abort(421)


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response

"""Answers that go wrong at the level of HTTP: late, broken, endless, elsewhere."""

import socket
import time

from flask import Response, request

from .store import Store

HUGE_CHUNK, HUGE_CHUNKS = b"x" * 65536, 200


def answer(store: Store, endpoint: str) -> Response | None:
    """What to answer in place of the right thing; None for the right thing.

    :param endpoint: which part of the provider was called
    """
    store.calls.append({"endpoint": endpoint, "method": request.method})
    kind = store.behaviour.trouble.get(endpoint)
    return _ANSWERS[kind](store) if kind else None


def _slow(store: Store) -> None:
    time.sleep(store.behaviour.slow_seconds)


def _error(_store: Store) -> Response:
    return Response('{"error":"unknown_error"}', 500, mimetype="application/json")


def _close(_store: Store) -> Response:
    """Close the connection without a word."""
    connection = request.environ.get("werkzeug.socket")
    if connection:
        connection.shutdown(socket.SHUT_RDWR)
    return Response(status=500)


def _garbage(_store: Store) -> Response:
    return Response(b"\x00\xff{not json", 200, mimetype="application/json")


def _redirect(_store: Store) -> Response:
    return Response("", 302, {"Location": "http://127.0.0.1:9/elsewhere"})


def _huge(_store: Store) -> Response:
    body = (HUGE_CHUNK for _ in range(HUGE_CHUNKS))
    return Response(body, 200, mimetype="application/json")


_ANSWERS = {
    "slow": _slow,
    "error": _error,
    "close": _close,
    "garbage": _garbage,
    "redirect": _redirect,
    "huge": _huge,
}

"""Answers are read to their end from servers that frame them in different ways."""

import contextlib
import json
import socket
import threading

import pytest
import wire

OLD = b"HTTP/1.0 200 OK\r\nContent-Type: x\r\n\r\nhello"
CLOSING = b"HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"
KEPT = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n"
)
PATIENCE_SECONDS = 2.0
SHORT = b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello"


@contextlib.contextmanager
def server(*conversations):
    """A server that plays conversations: one connection each, a list of answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE_SECONDS)
        thread = threading.Thread(target=_play, args=(listener, conversations))
        thread.start()
        yield listener.getsockname()
        thread.join()


def _play(listener, conversations):
    """Play to whoever comes; a client that stays away is the test's own failure."""
    with contextlib.suppress(OSError):
        for answers in conversations:
            client, _address = listener.accept()
            client.settimeout(PATIENCE_SECONDS)
            with client:
                for answer in answers:
                    client.recv(65536)
                    client.sendall(answer)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (OLD, (200, b"hello")),
        (CLOSING, (503, b"hello")),
        (CHUNKED, (200, b"hello")),
    ],
    ids=["until the end", "length", "chunks"],
)
def test_a_connection_for_each_request(answer, expected):
    with server([answer], [answer]) as address:
        connection = wire.Connection(*address)

        assert connection.send(b"x") == expected
        assert connection.send(b"x") == expected


def test_an_open_connection_is_used_again():
    with server([KEPT, KEPT]) as address:
        connection = wire.Connection(*address)

        assert [connection.send(b"x"), connection.send(b"x")] == [(200, b"hello")] * 2
        connection.close()


def test_a_connection_that_was_closed_meanwhile_is_opened_anew():
    with server([KEPT], [KEPT]) as address:
        connection = wire.Connection(*address)

        assert [connection.send(b"x"), connection.send(b"x")] == [(200, b"hello")] * 2
        connection.close()


def test_an_answer_that_is_cut_off_is_an_error():
    with server([SHORT]) as address, pytest.raises(ConnectionResetError):
        wire.Connection(*address).send(b"x")


def test_a_request_has_its_length_and_headers():
    target = wire.Target(
        "peer",
        "http://host:81/base/",
        "/sync/{operation}",
        {"X-Key": "k"},
        token=lambda: "t",
    )
    request = target.request("link", b"{}", {"Signature": "a..b"})
    head, _end, content = request.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")

    assert lines[0] == "POST /base/sync/link HTTP/1.1"
    assert {"Host: host:81", "X-Key: k", "Authorization: Bearer t"} <= set(lines)
    assert {"Content-Length: 2", "Signature: a..b"} <= set(lines)
    assert content == b"{}"


@pytest.mark.parametrize("url", ["https://host", "host:80", "ftp://host", "http://"])
def test_only_plain_http_is_spoken(url):
    with pytest.raises(ValueError, match="http://host:port"):
        wire.Target("peer", url, "/{operation}")


def test_a_token_is_renewed_before_it_expires(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(wire.time, "monotonic", lambda: now[0])
    body = [
        json.dumps({"access_token": text, "expires_in": 100}).encode()
        for text in ("first", "second")
    ]
    answers = [
        b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(raw), raw)
        for raw in body
    ]
    with server(*([answer] for answer in answers)) as (host, port):
        token = wire.Token(f"http://{host}:{port}/", "id", "secret")
        seen = []
        for moment in (1000.0, 1079.0, 1081.0):
            now[0] = moment
            seen.append(token.text())

    assert seen == ["first", "first", "second"]

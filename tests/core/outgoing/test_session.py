"""The fence, tried with real sockets: nothing is led astray, held up or flooded."""

import gzip
import importlib.util
import socket
import time
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_mapper.core.outgoing.address import Allowed
from odoo.addons.g2p_spar_mapper.core.outgoing.errors import OutgoingError
from odoo.addons.g2p_spar_mapper.outgoing.session import FencedSession

_spec = importlib.util.spec_from_file_location(
    "outgoing_servers", Path(__file__).with_name("servers.py")
)
servers = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(servers)

LOOPBACK = frozenset({Allowed("127.0.0.1")})
HOST = "mapper.example"


def fenced(**options) -> FencedSession:
    usual = {"connect_seconds": 1, "read_seconds": 0.5, "total_seconds": 1.5}
    return FencedSession(**{"allowed": LOOPBACK, **usual, **options})


def refusal(call) -> OutgoingError:
    with pytest.raises(OutgoingError) as caught:
        call()
    assert caught.value.sentence.endswith(".")
    return caught.value


@pytest.fixture
def name(monkeypatch):
    """Let names resolve as a test says: each question gets the next answer."""
    asked = []

    def resolve(*answers):
        def getaddrinfo(host, port, **_options):
            asked.append(host)
            answer = answers[min(len(asked), len(answers)) - 1]
            return [
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in answer
            ]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return asked

    return resolve


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return servers.Authority(tmp_path_factory.mktemp("authority"))


def test_an_allowed_address_answers():
    with servers.Server(servers.say(servers.OK)) as server:
        url = f"http://127.0.0.1:{server.port}/spar?x=1"
        received = fenced().post(url, b"body", {"X-Own": "1"})
    assert (received.status, received.body) == (200, b"ok")
    assert received.headers["x-answer"] == "yes"
    assert 0 < received.seconds < 10
    [request] = server.requests
    assert request.startswith(b"POST /spar?x=1 HTTP/1.1\r\n")
    assert b"X-Own: 1\r\n" in request and request.endswith(b"\r\n\r\nbody")


def test_another_port_of_the_address_is_not_allowed():
    with servers.Server(servers.say(servers.OK)) as server:
        allowed = {Allowed("127.0.0.1", server.port + 1)}
        url = f"http://127.0.0.1:{server.port}/"
        error = refusal(lambda: fenced(allowed=allowed).get(url))
    assert (error.code, error.is_safe_to_repeat) == ("address_forbidden", True)
    assert server.requests == []


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[64:ff9b::7f00:1]",
        "169.254.169.254",
        "10.0.0.1",
        "192.168.0.1",
    ],
)
def test_no_way_of_writing_it_leads_inside(host):
    with servers.Server(servers.say(servers.OK)) as server:
        for scheme in ("https", "http"):
            url = f"{scheme}://{host}:{server.port}/"
            error = refusal(lambda u=url: fenced(allowed=()).get(u))
            assert error.code == "address_forbidden"
    assert server.requests == []


def test_a_public_address_is_not_called_without_tls(name):
    name(["192.0.32.10"])
    error = refusal(lambda: fenced().get("http://mapper.example/"))
    assert error.code == "address_forbidden"


def test_one_bad_address_among_good_ones_refuses_all(name):
    name(["127.0.0.1", "10.0.0.1"])
    with servers.Server(servers.say(servers.OK)) as server:
        error = refusal(lambda: fenced().get(f"http://{HOST}:{server.port}/"))
    assert error.code == "address_forbidden"
    assert server.requests == []


def test_a_name_is_asked_for_once_whatever_it_would_say_next(name):
    asked = name(["127.0.0.2"], ["127.0.0.1"])
    with servers.Server(servers.say(servers.OK)) as server:
        allowed = {Allowed("127.0.0.2")}
        url = f"http://{HOST}:{server.port}/"
        error = refusal(lambda: fenced(allowed=allowed).get(url))
    assert error.code == "unreachable"
    assert asked == [HOST]
    assert server.requests == []


def test_the_next_address_is_tried_when_one_is_down(name):
    name(["127.0.0.2", "127.0.0.1"])
    with servers.Server(servers.say(servers.OK)) as server:
        allowed = LOOPBACK | {Allowed("127.0.0.2")}
        url = f"http://{HOST}:{server.port}/"
        assert fenced(allowed=allowed).get(url).status == 200
    assert f"Host: {HOST}:{server.port}".encode() in server.requests[0]


def test_a_redirect_is_not_followed():
    with servers.Server(servers.say(servers.OK)) as inside:
        to = f"Location: http://127.0.0.1:{inside.port}/\r\n"
        answer = f"HTTP/1.1 307 Go\r\n{to}Content-Length: 0\r\n\r\n".encode()
        with servers.Server(servers.say(answer)) as server:
            url = f"http://127.0.0.1:{server.port}/"
            error = refusal(lambda: fenced().post(url, b""))
    assert (error.code, error.is_safe_to_repeat) == ("redirected", False)
    assert inside.requests == []


BAD_PACE = {
    "never answers": servers.hang,
    "drips its head": servers.drip(b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n", 0.1),
    "drips a line": servers.drip(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x", 0.1),
    "drips its body": servers.drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x", 0.1),
    "goes on for ever": servers.drip(b"", b"HTTP/1.1 100 Go on\r\n\r\n", 0.1),
}


@pytest.mark.parametrize("script", BAD_PACE.values(), ids=BAD_PACE)
def test_nobody_holds_a_call_up(script):
    with servers.Server(script) as server:
        begin = time.monotonic()
        url = f"http://127.0.0.1:{server.port}/"
        error = refusal(lambda: fenced(total_seconds=1).get(url))
        assert time.monotonic() - begin < 10
    assert (error.code, error.is_safe_to_repeat) == ("timeout", False)


def test_a_slow_handshake_ends_too():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/"
        begin = time.monotonic()
        error = refusal(lambda: fenced(total_seconds=0.5).get(url))
        assert time.monotonic() - begin < 5
    assert (error.code, error.is_safe_to_repeat) == ("timeout", True)


def test_a_name_server_that_is_silent_holds_nothing_up(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: time.sleep(8))
    begin = time.monotonic()
    error = refusal(lambda: fenced(connect_seconds=0.2).get("https://a.example/"))
    assert time.monotonic() - begin < 5
    assert (error.code, error.is_safe_to_repeat) == ("name_unknown", True)


def test_a_flood_is_cut_off():
    answers = {
        "announced": b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + b"x" * 99999,
        "not announced": b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 99999,
        "in chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"ffff\r\n"
        + b"x" * 99999,
    }
    for answer in answers.values():
        with servers.Server(servers.say(answer)) as server:
            url = f"http://127.0.0.1:{server.port}/"
            error = refusal(lambda u=url: fenced(body_limit=1000).get(u))
        assert error.code == "answer_too_large"


def test_a_compressed_answer_is_refused_unopened():
    bomb = gzip.compress(b"0" * 10_000_000)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
    answer = head + f"Content-Length: {len(bomb)}\r\n\r\n".encode() + bomb
    with servers.Server(servers.say(answer)) as server:
        error = refusal(lambda: fenced().get(f"http://127.0.0.1:{server.port}/"))
        session = fenced(needs_body=False)
        received = session.get(f"http://127.0.0.1:{server.port}/")
    assert error.code == "answer_encoded"
    assert (received.status, received.body) == (200, bomb)
    assert b"Accept-Encoding: identity\r\n" in server.requests[0]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    ],
)
def test_half_an_answer_is_none(answer):
    with servers.Server(servers.say(answer)) as server:
        error = refusal(lambda: fenced().get(f"http://127.0.0.1:{server.port}/"))
    assert (error.code, error.is_safe_to_repeat) == ("broken", False)


def test_the_environment_leads_nowhere(monkeypatch):
    with servers.Server(servers.say(servers.OK)) as proxy:
        for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}")
        with servers.Server(servers.say(servers.OK)) as server:
            fenced().get(f"http://127.0.0.1:{server.port}/")
    assert proxy.requests == []
    assert b"Authorization" not in server.requests[0]


def test_what_is_no_address_is_not_called():
    for url in ("ftp://a.example/", "https://u:p@a.example/", "https://a.example/#"):
        error = refusal(lambda u=url: fenced().get(u))
        assert (error.code, error.is_safe_to_repeat) == ("address_invalid", True)


@given(
    st.sampled_from(["https", "http", "HTTPS"]),
    st.text("aA0-_.[]:%~1xé@/?#\\ ", min_size=1, max_size=12)
    | st.text("a", min_size=60, max_size=70),
    st.text("/a.%2Fe?=&:@ \\~'", max_size=8),
)
def test_no_text_breaks_a_call(scheme, host, path):
    no_names = patch.object(socket, "getaddrinfo", side_effect=socket.gaierror)
    with no_names, pytest.raises(OutgoingError) as caught:
        fenced().get(f"{scheme}://{host}{path}")
    assert caught.value.code in ("address_invalid", "name_unknown")


def test_an_unknown_name_and_a_closed_port_are_told_apart():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    error = refusal(lambda: fenced().get(f"http://127.0.0.1:{port}/"))
    assert (error.code, error.is_safe_to_repeat) == ("unreachable", True)
    error = refusal(lambda: fenced().get("https://nobody.invalid/"))
    assert (error.code, error.is_safe_to_repeat) == ("name_unknown", True)


def test_the_certificate_of_the_named_host_is_accepted(name, authority):
    name(["127.0.0.1"])
    context = authority.context(HOST)
    with servers.Server(servers.say(servers.OK), context) as server:
        session = fenced(ca_file=authority.ca_file)
        assert session.get(f"https://{HOST}:{server.port}/").body == b"ok"


@pytest.mark.parametrize(("host", "trusts"), [("other.example", True), (HOST, False)])
def test_another_certificate_is_refused(name, authority, host, trusts):
    name(["127.0.0.1"])
    context = authority.context(host)
    with servers.Server(servers.say(servers.OK), context) as server:
        session = fenced(ca_file=authority.ca_file if trusts else None)
        error = refusal(lambda: session.get(f"https://{HOST}:{server.port}/"))
    assert (error.code, error.is_safe_to_repeat) == ("tls_failed", True)
    assert server.requests == []

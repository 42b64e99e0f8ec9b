"""Connections that break, stall or speak nonsense: no half-done work, no harm."""

import json
import threading
import time
from contextlib import suppress

import pytest

from clients.api import Api
from clients.refusals import assert_sentence, unchanged
from clients.running import wait_until
from clients.wire import Wire, chunked, request_bytes
from clients.words import item, link_item, message, new_person, outcome

pytestmark = pytest.mark.usefixtures("quiet_log")


def assert_serves(api: Api) -> None:
    """Fail when the server does not answer; each worker gets its turn."""
    for _ in range(6):
        assert outcome(api.one("resolve", id=new_person())) == (
            "succ",
            "succ.id.not_found",
        )


@pytest.fixture
def body() -> bytes:
    """A message that links 100 people."""
    return json.dumps(message("link", [link_item() for _ in range(100)])).encode()


def assert_cut_off(status: int, answer: bytes) -> None:
    assert status == 400, (status, answer[:300])
    [error] = json.loads(answer)["errors"]
    assert error["code"] == "err.request.bad"
    assert_sentence(error["message"])


# === CUT OFF === #


@pytest.mark.parametrize("share", [0, 0.5, 1])
def test_body_shorter_than_announced(api, spar, body, share):
    """Also when what came would be a whole message by itself."""
    raw = request_bytes(api, "link", body, Content_Length=str(len(body) + 10))
    sent = len(raw) - len(body) + int(len(body) * share)
    with unchanged(spar), Wire(api.base_url) as wire:
        wire.send(raw[:sent])
        wire.finish()
        assert_cut_off(*wire.answer())
    assert_serves(api)


def test_body_longer_than_announced_is_not_read_on(api, spar, body):
    with unchanged(spar), Wire(api.base_url) as wire:
        wire.send(request_bytes(api, "link", body, Content_Length="100"))
        wire.finish()
        status, answer = wire.answer()
        assert status in (0, 400), answer[:300]
    assert_serves(api)


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_client_is_gone_before_its_message_ends(api, spar, body, share):
    raw = request_bytes(api, "link", body)
    with unchanged(spar):
        for _ in range(5):
            wire = Wire(api.base_url)
            wire.send(raw[: int(len(raw) * share)])
            wire.hang_up()
        assert_serves(api)


def test_client_hangs_up_before_the_answer(api, spar, body):
    """The message is done as a whole, and its repeat is answered as if heard."""
    before = spar.effects()
    wire = Wire(api.base_url)
    wire.send(request_bytes(api, "link", body))
    name = json.loads(body)["header"]["message_id"]
    wait_until(lambda: stored_message(spar, name), "the message is committed")
    wire.hang_up()
    assert spar.effects() - before == (100, 100, 1)
    first, again = api.post("link", body), api.post("link", body)
    assert {outcome(r) for r in first.json()["message"]["link_response"]} == {
        ("succ", None)
    }
    assert again.content == first.content
    assert spar.effects() - before == (100, 100, 1)
    assert_serves(api)


def stored_message(spar, name: str) -> list:
    """The stored row of a message, once it is committed."""
    return spar.rows("SELECT id FROM g2p_spar_message WHERE message_id = %s", name)


def test_client_that_stalls_does_not_stop_the_others(api, spar, body):
    """More stalled connections than workers: the others are served all the same."""
    raw = request_bytes(api, "link", body)
    wires = [Wire(api.base_url) for _ in range(6)]
    with unchanged(spar):
        for wire in wires:
            wire.send(raw[:-20])
        begun = time.monotonic()
        assert_serves(api)
        assert time.monotonic() - begun < 30
        for wire in wires:
            status, answer = wire.answer()
            assert status in (0, 400, 408), answer[:300]
            wire.hang_up()


# === ANNOUNCED OTHERWISE === #


def test_chunked_body_is_read_like_any_other(api, spar, body):
    before = spar.effects()
    raw = request_bytes(
        api, "link", b"", Content_Length=None, Transfer_Encoding="chunked"
    )
    with Wire(api.base_url) as wire:
        wire.send(raw + chunked(body))
        status, answer = wire.answer()
    assert status == 200, answer[:300]
    results = json.loads(answer)["message"]["link_response"]
    assert {outcome(r) for r in results} == {("succ", None)}
    assert spar.effects() - before == (100, 100, 1)


def test_chunked_body_without_end_is_bounded(new_partner, spar):
    """Nobody can send more than the limit by not saying how much it is."""
    _record, small = new_partner(body_megabytes=1)
    raw = request_bytes(
        small, "link", b"", Content_Length=None, Transfer_Encoding="chunked"
    )
    with unchanged(spar), Wire(small.base_url) as wire:
        wire.send(raw + chunked(b" " * (2 * 2**20), 2**16))
        status, answer = wire.answer()
    assert status in (0, 413), (status, answer[:300])
    assert_serves(small)


def test_chunked_body_that_is_cut_off(api, spar, body):
    raw = request_bytes(
        api, "link", b"", Content_Length=None, Transfer_Encoding="chunked"
    )
    with unchanged(spar), Wire(api.base_url) as wire:
        wire.send(raw + chunked(body)[:-5])
        wire.finish()
        status, answer = wire.answer()
        assert status in (0, 400), answer[:300]
    assert_serves(api)


@pytest.mark.parametrize("length", ["-1", "many", "1e3", "9" * 400, "", "0x10"])
def test_length_that_is_no_number(api, spar, body, length):
    with unchanged(spar), Wire(api.base_url) as wire:
        wire.send(request_bytes(api, "link", body, Content_Length=length))
        wire.finish()
        status, answer = wire.answer()
        assert status in (0, 400, 411, 413), (status, answer[:300])
    assert_serves(api)


def test_no_length_at_all(api, spar, body):
    with unchanged(spar), Wire(api.base_url) as wire:
        wire.send(request_bytes(api, "link", body, Content_Length=None))
        wire.finish()
        status, answer = wire.answer()
        assert status in (0, 400, 411), (status, answer[:300])
    assert_serves(api)


# === NONSENSE === #

NONSENSE = {
    "not HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
    "nothing": b"",
    "line ends": b"\r\n" * 1000,
    "half a request line": b"POST /spar/v1/sync/li",
    "no version": b"POST /spar/v1/sync/link\r\n\r\n",
    "a version to come": b"POST /spar/v1/sync/link HTTP/9.9\r\n\r\n",
    "a long address": b"GET /spar/v1/" + b"a" * 2**20 + b" HTTP/1.1\r\n\r\n",
    "a long header": b"GET /spar/v1/health HTTP/1.1\r\nX: "
    + b"a" * 2**20
    + b"\r\n\r\n",
    "many headers": b"GET /spar/v1/health HTTP/1.1\r\n" + b"X: a\r\n" * 5000 + b"\r\n",
    "a header that is none": b"GET / HTTP/1.1\r\nHost: x\r\n\xff\xfe\r\n\r\n",
}


@pytest.mark.parametrize("raw", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_refused_and_does_no_harm(api, spar, raw):
    with unchanged(spar), Wire(api.base_url) as wire:
        # The server may have heard enough and closed.
        with suppress(OSError):
            wire.send(raw)
            wire.finish()
        status, answer = wire.answer()
        assert status < 500 or status == 505, answer[:300]
    assert_serves(api)


def test_many_bad_clients_at_once(api, spar, body):
    """Forty clients that break off, while another one works."""
    raw = request_bytes(api, "link", body)

    def break_off():
        wire = Wire(api.base_url)
        wire.send(raw[:-1])
        wire.hang_up()

    with unchanged(spar):
        threads = [threading.Thread(target=break_off) for _ in range(40)]
        for thread in threads:
            thread.start()
        assert_serves(api)
        for thread in threads:
            thread.join()
    assert outcome(api.one("resolve", **item(id=new_person())))[0] == "succ"

"""The callback receiver of the black-box tests behaves as told, also badly."""

import threading

import pytest
import requests

from clients import receiver as partner
from clients.receiver import Receiver

MESSAGE = {"message": {"correlation_id": "c-1"}}


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


def post(receiver, path="/on-link", timeout=5.0, **options):
    return requests.post(
        receiver.url + path,
        json=MESSAGE,
        timeout=timeout,
        allow_redirects=False,
        **options,
    )


def test_takes_and_keeps_what_comes(receiver):
    answer = post(receiver, headers={"Signature": "a..b"})

    assert answer.json()["message"]["ack_status"] == "ACK"
    [one] = receiver.at("/on-link")
    assert one.message == MESSAGE
    assert one.headers["signature"] == "a..b"
    assert receiver.about("c-1") == [one]
    assert receiver.about("c-2") == []


def test_waits_for_a_callback(receiver):
    sender = threading.Timer(0.05, post, [receiver])
    sender.start()

    assert receiver.wait_for("c-1").path == "/on-link"
    sender.join()
    with pytest.raises(AssertionError, match="c-2"):
        receiver.wait_for("c-2", seconds=0.01)


def test_behaves_by_the_longest_address(receiver):
    receiver.behave(partner.refuse(500), "/a")
    receiver.behave(partner.refuse(410), "/a/b")

    paths = ("/", "/a/x", "/a/b/on-link")
    assert [post(receiver, p).status_code for p in paths] == [200, 500, 410]


def test_fails_at_first(receiver):
    receiver.behave(partner.first(2, partner.refuse(500)))

    assert [post(receiver).status_code for _ in range(3)] == [500, 500, 200]


def test_redirects(receiver):
    receiver.behave(partner.redirect("http://127.0.0.1:9/"))

    answer = post(receiver)

    assert (answer.status_code, answer.headers["Location"]) == (
        307,
        "http://127.0.0.1:9/",
    )


def test_hangs(receiver):
    receiver.behave(partner.hang)

    with pytest.raises(requests.ReadTimeout):
        post(receiver, timeout=0.3)
    assert len(receiver.requests) == 1


def test_drips(receiver):
    """Never silent for long, and never done."""
    receiver.behave(partner.drip)

    with post(receiver, timeout=1, stream=True) as answer:
        assert answer.raw.read(3) == b"   "


def test_hangs_up(receiver):
    receiver.behave(partner.hang_up)

    with pytest.raises(requests.ConnectionError):
        post(receiver)
    assert len(receiver.requests) == 1


def test_floods(receiver):
    receiver.behave(partner.flood)

    with post(receiver, stream=True) as answer:
        assert len(answer.raw.read(10_000_000)) == 10_000_000


def test_shows_what_was_published(receiver):
    receiver.publish("/jwks.json", {"keys": []})

    assert requests.get(f"{receiver.url}/jwks.json", timeout=5).json() == {"keys": []}
    assert requests.get(f"{receiver.url}/x", timeout=5).status_code == 404

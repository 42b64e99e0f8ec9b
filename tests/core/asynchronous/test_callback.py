"""Callbacks: where they go, and nowhere else."""

import pytest

from odoo.addons.g2p_spar_connect_api.core.asynchronous.callback import (
    ACTIONS,
    PATHS,
    find_target,
    judge_sender_uri,
    to_callback,
)

BASE = "https://pbms.example/spar"


@pytest.mark.parametrize(
    ("operation", "wanted", "target"),
    [
        ("link", None, f"{BASE}/on-link"),
        ("update", None, f"{BASE}/on-update"),
        ("unlink", None, f"{BASE}/on-unlink"),
        ("resolve", None, f"{BASE}/on-resolve"),
        ("txn-status", None, f"{BASE}/txn/on-status"),
        ("link", f"{BASE}/a", f"{BASE}/a/on-link"),
        ("link", f"{BASE}/a/", f"{BASE}/a/on-link"),
        ("link", f"{BASE}/a/on-link", f"{BASE}/a/on-link"),
        ("txn-status", f"{BASE}/txn/on-status", f"{BASE}/txn/on-status"),
        ("link", f"{BASE}/xon-link", f"{BASE}/xon-link/on-link"),
        ("link", "https://evil.example/spar", None),
        ("link", "https://pbms.example/sparrow", None),
        ("link", "http://pbms.example/spar", None),
        ("link", f"{BASE}/../other", None),
    ],
)
def test_target(operation, wanted, target):
    assert find_target(operation, wanted, BASE) == target


def test_without_a_registered_address_there_is_none():
    assert find_target("link", None, None) is None
    assert find_target("link", BASE, None) is None


@pytest.mark.parametrize(
    ("sender_uri", "registered", "fits"),
    [
        (None, None, True),
        ("", None, True),
        ("", BASE, True),
        (BASE, BASE, True),
        (f"{BASE}/below", BASE, True),
        (BASE, None, False),
        ("https://evil.example/", BASE, False),
        ("https://pbms.example@evil.example/spar", BASE, False),
        ("no url", BASE, False),
    ],
)
def test_address_in_a_message(sender_uri, registered, fits):
    ack = judge_sender_uri(sender_uri, registered)
    assert (ack is None) == fits
    if ack:
        assert (ack.status, ack.code) == ("ERR", "err.sender_uri.invalid")


def test_a_callback_has_its_own_name_and_action():
    answer = {"header": {"message_id": "m1", "action": "link", "status": "succ"}}
    sent = to_callback(answer | {"message": {}}, "link", "own")
    header = {"message_id": "own", "action": "on-link", "status": "succ"}
    assert sent == {"header": header, "message": {}}
    assert answer["header"]["message_id"] == "m1"


def test_actions():
    assert ACTIONS.keys() == PATHS.keys()
    assert ACTIONS["resolve"] == "on-resolve"
    assert ACTIONS["txn-status"] == "txn-on-status"

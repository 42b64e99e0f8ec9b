"""What is said at the door."""

from datetime import datetime, timezone

import pytest

from odoo.addons.g2p_spar_connect_api.core.asynchronous.ack import (
    ACCEPTED,
    DUPLICATE,
    UNANNOUNCED,
    judge_receiver,
    judge_sender,
    refuse,
    write_ack,
)
from odoo.addons.g2p_spar_connect_api.core.envelope import Rejection
from odoo.addons.g2p_spar_connect_api.core.reply import Receipt
from odoo.addons.g2p_spar_connect_api.core.schema import validator

RECEIPT = Receipt(datetime(2026, 3, 1, 12, tzinfo=timezone.utc), "c1")
FRAME = {"timestamp": "2026-03-01T12:00:00.000Z", "correlation_id": "c1"}


@pytest.mark.parametrize(("ack", "status"), [(ACCEPTED, "ACK"), (UNANNOUNCED, "NACK")])
def test_what_was_taken(ack, status):
    assert write_ack(ack, RECEIPT) == {"message": {"ack_status": status, **FRAME}}


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("rjct.version.invalid", "err.version.not_supported"),
        ("rjct.action.invalid", "err.request.bad"),
        ("rjct.total_count.invalid", "err.request.bad"),
        ("rjct.message_ts.invalid", "err.request.bad"),
    ],
)
def test_what_was_not_taken(code, told):
    body = write_ack(refuse(Rejection(code, "Why.")), RECEIPT)
    error = {"code": told, "message": "Why."}
    assert body == {"message": {"ack_status": "ERR", **FRAME, "error": error}}


@pytest.mark.parametrize(
    ("receiver", "own", "fits"),
    [
        ("", None, True),
        ("spar", None, True),
        ("", "spar", True),
        ("spar", "spar", True),
        ("other", "spar", False),
    ],
)
def test_the_receiver_is_checked_where_the_registry_has_a_name(receiver, own, fits):
    ack = judge_receiver(receiver, own)
    assert (ack is None) == fits
    if ack:
        assert (ack.status, ack.code) == ("ERR", "err.receiver_id.invalid")


@pytest.mark.parametrize(
    ("named", "fits"),
    [("", True), ("pbms", True), ("PBMS", True), ("nobody", True), ("bank", False)],
)
def test_a_message_may_not_name_another_sender(named, fits):
    ack = judge_sender(named, "pbms", {"pbms", "bank"}.__contains__)
    assert (ack is None) == fits
    if ack:
        assert (ack.status, ack.code) == ("ERR", "err.sender_id.invalid")


def test_each_follows_the_published_schema():
    compiled = validator("Acknowledgement")
    for ack in (ACCEPTED, UNANNOUNCED, DUPLICATE, judge_receiver("a", "b")):
        assert compiled.is_valid(write_ack(ack, RECEIPT))

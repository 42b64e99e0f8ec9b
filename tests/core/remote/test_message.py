"""Messages to other mappers: their form, and names that follow from the caller's."""

from datetime import datetime, timezone

import orjson
import pytest

from odoo.addons.g2p_spar_connect_api.core.envelope import read_message
from odoo.addons.g2p_spar_connect_api.core.openg2p import reader as openg2p
from odoo.addons.g2p_spar_connect_api.core.outgoing.breaker import Rules
from odoo.addons.g2p_spar_connect_api.core.remote.facts import DIALECTS, RemoteFacts
from odoo.addons.g2p_spar_connect_api.core.remote.message import write_message
from odoo.addons.g2p_spar_connect_api.core.remote.split import (
    failed_outcome,
    may_repeat,
    split,
)
from odoo.addons.g2p_spar_connect_api.core.remote.token import (
    read_token,
    write_token_request,
)
from odoo.addons.g2p_spar_mapper.core.commands import (
    LinkItem,
    Origin,
    Outcome,
    ResolveItem,
    StoredKey,
    UnlinkItem,
)
from odoo.addons.g2p_spar_mapper.core.outgoing.errors import OutgoingError
from odoo.addons.g2p_spar_mapper.core.reading import Reader
from odoo.addons.g2p_spar_mapper.core.reason import Cause, Operation
from odoo.addons.g2p_spar_mapper.tests.pure import FA, ID, REFERENCE

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
ORIGIN = Origin("api", "pbms", "t1", message_id="m1", message_ts="2026-03-01T11:00:00Z")
ROUTES = {41: 7}
ITEMS = {
    Operation.LINK: LinkItem("r1", ID, FA, "Ana", "+639171234567", [{"a": 1}]),
    Operation.UPDATE: LinkItem("r1", ID),
    Operation.UNLINK: UnlinkItem("r1", ID),
    Operation.RESOLVE: ResolveItem("r1", ID, None, True),
}


def facts(dialect="g2p_connect", **values) -> RemoteFacts:
    usual = dict.fromkeys(RemoteFacts._fields)
    usual |= {
        "record_id": 7,
        "dialect": DIALECTS[dialect],
        "sender_id": "registry.example",
        "receiver_id": "country.example",
        "rules": Rules(5, 30),
    }
    return RemoteFacts(**usual | values)


def entries(operation, *items):
    reader = Reader(REFERENCE, Origin())
    kept, away = split(operation, items or (ITEMS[operation],), reader, ROUTES)
    return away.get(7, []), kept


def written(operation, dialect="g2p_connect", origin=ORIGIN, now=NOW) -> bytes:
    found, _kept = entries(operation)
    return write_message(facts(dialect), operation, found, origin, now, REFERENCE)


@pytest.mark.parametrize("operation", list(Operation))
def test_our_own_reader_accepts_what_is_written(operation):
    raw = written(operation)
    message = read_message(operation, orjson.loads(raw), NOW, 10)
    assert message.rejection is None
    assert message.items.refused == {}
    assert message.transaction_id == "t1"
    [asked], item = message.items.asked, ITEMS[operation]
    assert (asked.reference_id, asked.id) == ("r1", ID)
    if operation is Operation.LINK:
        assert asked[:5] == item[:5]
    if operation is Operation.RESOLVE:
        assert asked.details


@pytest.mark.parametrize("operation", list(Operation))
def test_the_reader_of_the_other_envelope_accepts_it_too(operation):
    content = orjson.loads(written(operation, "openg2p_2"))
    message = openg2p.read_message(operation, content, NOW, 10)
    assert message.rejection is None and message.items.refused == {}
    [asked] = message.items.asked
    assert asked.id == ID
    if operation is Operation.LINK:
        address = REFERENCE.build_address(asked.fa_parts, asked.fa_type)
        assert address.fa_value == FA


def test_the_same_message_makes_the_same_bytes():
    later = NOW.replace(hour=15)
    for operation in (Operation.LINK, Operation.UPDATE, Operation.UNLINK):
        assert written(operation) == written(operation, now=later)


@pytest.mark.parametrize(
    "other",
    [
        ORIGIN._replace(message_id="m2"),
        ORIGIN._replace(sender="another"),
        ORIGIN._replace(message_id=None),
    ],
)
def test_another_message_has_another_name(other):
    first = orjson.loads(written(Operation.LINK))["header"]["message_id"]
    second = orjson.loads(written(Operation.LINK, origin=other))["header"]["message_id"]
    assert first != second


def test_questions_are_new_each_time():
    assert written(Operation.RESOLVE) != written(Operation.RESOLVE)


def test_only_items_of_the_other_mapper_leave():
    items = [
        ResolveItem("1", ID),
        ResolveItem("2", "anything"),
        ResolveItem("3", None, FA),
        Cause.ID_INVALID,
        Outcome(Cause.DONE),
        ResolveItem("1", ID),
        ResolveItem("", ID),
        ResolveItem("6", "token:x@"),
        ResolveItem("7", StoredKey("token:x@nationalid")),
        ResolveItem("8", ID, FA),
        ResolveItem("9", ID, "x" * 501),
    ]
    found, kept = entries(Operation.RESOLVE, *items)
    assert [entry.index for entry in found] == [0, 9]
    assert kept[:5] == items[:5]
    assert kept[5].cause is Cause.REFERENCE_DUPLICATE
    assert kept[6].cause is Cause.REFERENCE_INVALID
    assert kept[7:10] == items[7:10]
    assert kept[10].cause is Cause.FA_INVALID


def test_an_id_that_the_caller_may_not_use_does_not_leave():
    reader = Reader(REFERENCE, Origin(id_type_ids=frozenset({42})))
    item = ITEMS[Operation.LINK]
    kept, away = split(Operation.LINK, [item], reader, ROUTES)
    assert (kept[0].cause, away) == (Cause.ID_NOT_ALLOWED, {})


def test_a_bad_change_does_not_leave():
    bad = ITEMS[Operation.LINK]._replace(name="x" * 201)
    found, kept = entries(Operation.LINK, bad)
    assert (found, kept[0].cause) == ([], Cause.NAME_INVALID)


@pytest.mark.parametrize(
    ("operation", "code", "is_safe", "attempts", "expected"),
    [
        (Operation.RESOLVE, "broken", False, 1, True),
        (Operation.RESOLVE, "broken", False, 2, False),
        (Operation.RESOLVE, "server_failed", False, 1, True),
        (Operation.RESOLVE, "timeout", False, 1, False),
        (Operation.LINK, "unreachable", True, 1, True),
        (Operation.LINK, "broken", False, 1, False),
        (Operation.UNLINK, "server_failed", False, 1, False),
        (Operation.UPDATE, "access_refused", True, 1, False),
    ],
)
def test_only_what_is_safe_is_repeated(operation, code, is_safe, attempts, expected):
    error = OutgoingError(code, "It failed.", is_safe)
    assert may_repeat(operation, error, attempts) is expected


def test_a_change_that_may_have_been_made_is_not_called_undone():
    table = {
        (Operation.RESOLVE, False): Cause.REMOTE_UNAVAILABLE,
        (Operation.LINK, True): Cause.REMOTE_UNAVAILABLE,
        (Operation.LINK, False): Cause.REMOTE_UNCERTAIN,
    }
    for (operation, is_safe), cause in table.items():
        assert failed_outcome(operation, is_safe).cause is cause


def test_tokens():
    form = write_token_request("me", "s&=ü", "mapper.link")
    assert form == (
        b"grant_type=client_credentials&client_id=me"
        b"&client_secret=s%26%3D%C3%BC&scope=mapper.link"
    )
    assert read_token(200, b'{"access_token": "t", "expires_in": 300}') == ("t", 270)
    assert read_token(200, b'{"access_token": "t"}') == ("t", 270)
    assert read_token(200, b'{"access_token": "t", "expires_in": 5}') == ("t", 0)


@pytest.mark.parametrize(
    ("status", "raw"),
    [
        (401, b'{"access_token": "t"}'),
        (200, b""),
        (200, b"[]"),
        (200, b"{}"),
        (200, b'{"access_token": ""}'),
        (200, b'{"access_token": 5}'),
        (200, b'{"access_token": "a\\r\\nX: y"}'),
    ],
)
def test_what_is_no_token_is_refused(status, raw):
    with pytest.raises(OutgoingError) as caught:
        read_token(status, raw)
    assert (caught.value.code, caught.value.is_safe_to_repeat) == (
        "access_refused",
        True,
    )

"""Messages that are refused as a whole: they change nothing and do no harm."""

import gzip
import json
from http import HTTPStatus

import pytest
import requests

from clients.refusals import assert_refused, assert_sentence, unchanged
from clients.words import OPERATIONS, item, link_item, message, new_person, outcome

pytestmark = pytest.mark.usefixtures("quiet_log")

BAD_REQUEST = (HTTPStatus.BAD_REQUEST, "err.request.bad")
WRONG_KIND = (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "err.request.bad")
TOO_LARGE = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "err.request.bad")
GONE = object()


def encoded(**parts) -> bytes:
    """A good message with some of its parts otherwise, as bytes.

    :param parts: ``header`` and ``message`` are merged, what is ``GONE`` left out
    """
    sent = message("link", [link_item()])
    for place, changes in parts.items():
        if isinstance(changes, dict):
            merged = {**sent[place], **changes}
            sent[place] = {k: v for k, v in merged.items() if v is not GONE}
        elif changes is GONE:
            del sent[place]
        else:
            sent[place] = changes
    return json.dumps(sent).encode()


GOOD = encoded()
BODIES = {
    "empty": b"",
    "blank": b"   ",
    "cut off": GOOD[: len(GOOD) // 2],
    "one bracket too few": GOOD[:-1],
    "one bracket too many": GOOD + b"}",
    "two messages": GOOD + GOOD,
    "single quotes": GOOD.replace(b'"', b"'"),
    "a comma too many": GOOD[:-1] + b",}",
    "not a number": GOOD.replace(b'"total_count": 1', b'"total_count": NaN'),
    "infinite": GOOD.replace(b'"total_count": 1', b'"total_count": Infinity'),
    "a list": b"[" + GOOD + b"]",
    "a text": b'"link"',
    "null": b"null",
    "a form": b"grant_type=client_credentials",
    "XML": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///">]><x/>',
    "UTF-16": GOOD.decode().encode("utf-16"),
    "Latin-1": GOOD[:-1] + ', "note": "é"}'.encode("latin-1"),
    "surrogates as bytes": GOOD[:-1] + b', "note": "\xed\xa0\x80"}',
    "a NUL byte": GOOD + b"\0",
    "nested lists": b"[" * 200_000,
    "nested objects": b'{"a":' * 200_000 + b"1" + b"}" * 200_000,
    "nested in the message": GOOD[:-1]
    + b', "note": '
    + b"[" * 5000
    + b"]" * 5000
    + b"}",
    "a surrogate, nested deep": GOOD[:-1]
    + b', "a": "\\ud800", "note": '
    + b"[" * 5000
    + b"]" * 5000
    + b"}",
    "a huge number": GOOD.replace(
        b'"total_count": 1', b'"total_count": 1' + b"0" * 2**20
    ),
    "a huge exponent": GOOD.replace(b'"total_count": 1', b'"total_count": 1e99999'),
    "a count that is a fraction": encoded(header={"total_count": 1.5}),
    "a count that is a text": encoded(header={"total_count": "1"}),
    "no header": encoded(header=GONE),
    "no message": encoded(message=GONE),
    "header null": encoded(header=None),
    "header a list": encoded(header=[]),
    "message a text": encoded(message="link"),
    "no message id": encoded(header={"message_id": GONE}),
    "message id a number": encoded(header={"message_id": 7}),
    "message id empty": encoded(header={"message_id": ""}),
    "message id with NUL": encoded(header={"message_id": "a\0b"}),
    "message id with a surrogate": encoded(header={"message_id": "a\ud800"}),
    "message id of a megabyte": encoded(header={"message_id": "m" * 2**20}),
    "no action": encoded(header={"action": GONE}),
    "action a list": encoded(header={"action": ["link"]}),
    "no message time": encoded(header={"message_ts": GONE}),
    "message time a number": encoded(header={"message_ts": 1767225600}),
    "sender a number": encoded(header={"sender_id": 7}),
    "meta a list": encoded(header={"meta": [1]}),
    "purpose an object": encoded(header={"meta": {"purpose": {}}}),
    "no transaction": encoded(message={"transaction_id": GONE}),
    "transaction a number": encoded(message={"transaction_id": 7}),
    "transaction with NUL": encoded(message={"transaction_id": "a\0b"}),
    "no items": encoded(message={"link_request": GONE}),
    "items null": encoded(message={"link_request": None}),
    "items an object": encoded(message={"link_request": {"0": item()}}),
    "items a text": encoded(message={"link_request": "items"}),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_body_that_is_no_message(api, spar, body):
    with unchanged(spar):
        assert_refused(api.post("link", body), *BAD_REQUEST)


def test_the_message_they_are_made_from_is_good(api):
    """Else the table above would prove nothing."""
    assert api.post("link", encoded()).json()["header"]["status"] == "succ"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_items_of_another_operation(api, spar, operation):
    """The list of another operation is none of this one's."""
    other = "unlink" if operation == "link" else "link"
    with unchanged(spar):
        answer = api.post(operation, message(other, [link_item()]))
        assert_refused(answer, *BAD_REQUEST)


@pytest.mark.parametrize("flag", ["is_msg_encrypted", "is_encrypted"])
def test_encrypted_message_is_refused_with_its_code(api, spar, flag):
    with unchanged(spar):
        answer = api.post("link", encoded(header={flag: True}))
        assert_refused(answer, HTTPStatus.BAD_REQUEST, "err.encryption.invalid")


# === REFUSED BY THE HEADER: ANSWERED IN THE PROTOCOL'S OWN WORDS === #

HEADERS = [
    ({"action": "search"}, "rjct.action.not_supported"),
    ({"action": ""}, "rjct.action.not_supported"),
    ({"action": "unlink"}, "rjct.action.invalid"),
    ({"version": "9.0.0"}, "rjct.version.invalid"),
    ({"message_ts": "yesterday"}, "rjct.message_ts.invalid"),
    ({"message_ts": ""}, "rjct.message_ts.invalid"),
    ({"message_ts": "2999-01-01T00:00:00Z"}, "rjct.message_ts.invalid"),
    ({"total_count": 3}, "rjct.total_count.invalid"),
    ({"total_count": 1}, "rjct.total_count.invalid"),
    ({"total_count": -2}, "rjct.total_count.invalid"),
    ({"total_count": 10**18}, "rjct.total_count.invalid"),
]


@pytest.mark.parametrize(("header", "code"), HEADERS)
def test_header_refuses_the_message(api, spar, header, code):
    items = [link_item(), link_item()]
    with unchanged(spar):
        answer = api.send("link", items, **header)
    assert answer["header"]["status"] == "rjct"
    assert answer["header"]["status_reason_code"] == code
    assert_sentence(answer["header"]["status_reason_message"])
    results = answer["message"]["link_response"]
    assert [outcome(r) for r in results] == [("rjct", None)] * 2
    assert [r["reference_id"] for r in results] == [i["reference_id"] for i in items]
    assert [r["id"] for r in results] == [i["id"] for i in items]


@pytest.mark.parametrize(
    "header",
    [
        {"total_count": 0},
        {"version": "0.1.0"},
        {"message_ts": "2026-01-01 00:00:00.123456"},
        {"sender_id": None, "sender_uri": "", "receiver_id": None, "meta": None},
        {"is_encrypted": False, "is_msg_encrypted": False},
    ],
)
def test_header_that_real_clients_send_is_accepted(api, header):
    answer = api.send("resolve", [item(id=new_person())], **header)
    assert answer["header"]["status"] == "succ"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_empty_list(api, spar, operation):
    with unchanged(spar):
        answer = api.send(operation, [])
    assert answer["header"]["status_reason_code"] == "rjct.total_count.invalid"
    assert_sentence(answer["header"]["status_reason_message"])
    assert answer["message"][f"{operation}_response"] == []


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_hundred_thousand_items(api, spar, operation):
    """Refused with the number that is allowed, in an answer of bounded size."""
    with unchanged(spar):
        answer = api.post(operation, message(operation, [{}] * 100_000))
    header = answer.json()["header"]
    assert header["status_reason_code"] == "rjct.total_count.limit_exceeded"
    assert "2000" in header["status_reason_message"]
    assert header["total_count"] == 100_000
    assert 0 < len(answer.json()["message"][f"{operation}_response"]) <= 100
    assert len(answer.content) < 2**16


# === LIMITS OF A PARTNER === #


def test_limit_of_items(new_partner, spar):
    _record, small = new_partner(item_limit=2)
    assert small.send("link", [link_item(), link_item()])["header"]["status"] == "succ"
    with unchanged(spar):
        answer = small.send("link", [link_item() for _ in range(3)])
    header = answer["header"]
    assert header["status_reason_code"] == "rjct.total_count.limit_exceeded"
    assert "2 are allowed" in header["status_reason_message"]


def test_limit_of_the_body(new_partner, spar):
    """Refused before it is read, and told how large it may be."""
    _record, small = new_partner(body_megabytes=1)
    padding = " " * (2**20 + 1)
    with unchanged(spar):
        answer = small.post("link", encoded(message={"padding": padding}))
        assert_refused(answer, *TOO_LARGE)
    assert "1048576" in answer.text


def test_limit_of_requests(new_partner, spar):
    """The last one allowed is answered, the next is told when to come again."""
    _record, busy = new_partner(request_limit=5)
    person = new_person()
    sent = [message("resolve", [item(id=person)]) for _ in range(11)]
    answers = [busy.post("resolve", one) for one in sent]
    refused = [a for a in answers if a.status_code == HTTPStatus.TOO_MANY_REQUESTS]
    # Six, or fewer when the minute turned meanwhile: then five more are allowed.
    assert 1 <= len(refused) <= 6
    for answer in refused:
        assert_refused(
            answer, HTTPStatus.TOO_MANY_REQUESTS, "err.request.too_many_requests"
        )
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        assert answer.headers["Retry-After"] in answer.text


def test_a_limit_of_one_partner_is_not_anothers(new_partner, api):
    _record, busy = new_partner(request_limit=1)
    for _ in range(3):
        busy.post("resolve", message("resolve", [item(id=new_person())]))
    assert outcome(api.one("resolve", id=new_person()))[0] == "succ"


def test_purpose_that_is_not_the_partners(new_partner, admin, spar):
    name = new_person()
    [purpose] = admin.call(
        "g2p.spar.purpose", "create", [{"name": "Pensions", "code": name[6:30]}]
    )
    _record, narrow = new_partner(purpose_ids=[[6, 0, [purpose]]])
    good = narrow.send("link", [link_item()], meta={"purpose": name[6:30]})
    assert good["header"]["status"] == "succ"
    with unchanged(spar):
        sent = message("link", [link_item()], meta={"purpose": "something else"})
        answer = narrow.post("link", sent)
        assert_refused(answer, HTTPStatus.FORBIDDEN, "err.request.forbidden")


def test_id_type_that_is_not_the_partners(new_partner, admin, spar):
    """Only that item is refused."""
    [kind] = admin.call(
        "g2p.spar.id.type", "search", [["code", "=", "national_id"]]
    ) or [None]
    _record, narrow = new_partner(all_id_types=False, id_type_ids=[[6, 0, [kind]]])
    other = f"household:{new_person()[6:20]}@villages"
    before = spar.effects()
    results = narrow.results("link", [link_item(other), link_item()])
    assert outcome(results[0]) == ("rjct", "rjct.id.invalid")
    assert outcome(results[1]) == ("succ", None)
    assert spar.effects() - before == (1, 1, 1)
    assert outcome(narrow.one("resolve", id=other)) == ("rjct", "rjct.id.invalid")


def test_no_id_type_at_all(new_partner):
    """None chosen means none, not all."""
    _record, nobody = new_partner(all_id_types=False)
    assert outcome(nobody.one("link", **link_item())) == ("rjct", "rjct.id.invalid")


# === THE WRONG WAY OF ASKING === #

MEDIA = [
    {"Content-Type": "text/plain"},
    {"Content-Type": "application/x-www-form-urlencoded"},
    {"Content-Type": "multipart/form-data; boundary=x"},
    {"Content-Type": "application/xml"},
    {"Content-Type": ""},
    {"Content-Type": None},
]


@pytest.mark.parametrize("headers", MEDIA)
def test_body_that_is_not_announced_as_json(api, spar, headers):
    with unchanged(spar):
        assert_refused(api.post("link", GOOD, headers=headers), *WRONG_KIND)


def test_compressed_body_is_not_unpacked(api, spar):
    """A small body that would unpack to a gigabyte costs nothing."""
    bomb = gzip.compress(b" " * 2**26, 9)
    with unchanged(spar):
        answer = api.post("link", bomb, headers={"Content-Encoding": "gzip"})
    assert answer.status_code in (400, 415)
    assert_sentence(answer.json()["errors"][0]["message"])
    assert answer.elapsed.total_seconds() < 5


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_wrong_method(api, spar, method):
    with unchanged(spar):
        answer = requests.request(
            method,
            api.url("link"),
            data=GOOD,
            headers={
                "Authorization": f"Bearer {api.token}",
                "Content-Type": "application/json",
            },
            timeout=30,
        )
        assert_refused(answer, HTTPStatus.METHOD_NOT_ALLOWED, "err.request.bad")
    assert answer.headers["Allow"] == "POST"


@pytest.mark.parametrize(
    "path", ["nowhere", "mapper/sync", "mapper/sync/search", "sync/link/7", "%00", "é"]
)
def test_unknown_address(api, path):
    answer = requests.post(
        f"{api.base_url}/spar/v1/{path}",
        json={},
        headers={"Authorization": f"Bearer {api.token}"},
        timeout=30,
    )
    assert_refused(answer, HTTPStatus.NOT_FOUND, "err.request.not_found")

"""The generator sends what it means to, and does not take a wrong answer for right."""

import messages
import orjson
import pytest
import rows

NUMBERS = (7, 8, 9)


def _entries(body):
    return [
        {
            "reference_id": str(n),
            "id": id_,
            "fa": body.addresses[n] if body.addresses else None,
            "status": "succ",
        }
        for n, id_ in enumerate(body.ids)
    ]


def _answer(body, entries):
    return orjson.dumps({"message": {f"{body.operation}_response": entries}})


@pytest.mark.parametrize(
    "body",
    [
        messages.make_resolve(NUMBERS),
        messages.make_link(NUMBERS),
        messages.make_update(NUMBERS, 1),
        messages.make_unlink(NUMBERS),
    ],
    ids=messages.OPERATIONS,
)
def test_a_message_is_whole_when_its_id_is_spliced_in(body):
    message = orjson.loads(b"the-id".join(body.pieces))
    items = message["message"][f"{body.operation}_request"]

    assert message["header"]["message_id"] == "the-id"
    assert message["header"]["total_count"] == len(items) == 3
    assert message["message"]["transaction_id"] == "the-id"
    assert [item["id"] for item in items] == [rows.id_of(i) for i in NUMBERS]


def test_a_right_answer_in_any_order():
    body = messages.make_resolve(NUMBERS)
    entries = _entries(body)

    for answer in (entries, entries[::-1]):
        verdict = messages.check(body, 200, _answer(body, answer))
        assert verdict == messages.Verdict(3, 0, "")


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (lambda e: e[1].update(fa=rows.fa_of(1)), 1),
        (lambda e: e[1].update(fa=None), 1),
        (lambda e: e[0].update(id=rows.id_of(1)), 1),
        (lambda e: e[2].update(status="rjct"), 1),
        (lambda e: [one | {"status": "rjct"} for one in e], 3),
        (lambda e: e[:2], 3),
        (lambda e: [*e, e[0]], 1),
    ],
    ids=["fa", "no fa", "id", "one refused", "all refused", "missing", "one more"],
)
def test_a_wrong_answer_is_counted(change, wrong):
    body = messages.make_resolve(NUMBERS)
    entries = _entries(body)
    raw = _answer(body, change(entries) or entries)

    verdict = messages.check(body, 200, raw)

    assert verdict.wrong == wrong
    assert verdict.right == 3 - wrong
    assert verdict.problem


@pytest.mark.parametrize(
    ("status", "raw"),
    [(503, b"busy"), (0, b"refused"), (200, b"<html>"), (200, b"[]"), (200, b"{}")],
)
def test_what_is_no_answer_is_wrong_for_all_items(status, raw):
    verdict = messages.check(messages.make_link(NUMBERS), status, raw)

    assert (verdict.right, verdict.wrong) == (0, 3)
    assert verdict.problem


@pytest.mark.parametrize(
    ("raw", "right"),
    [
        (b'{"message": {"ack_status": "ACK", "correlation_id": "7"}}', 3),
        (b'{"message": {"ack_status": "ACK", "correlation_id": ""}}', 0),
        (b'{"message": {"ack_status": "NACK", "correlation_id": "7"}}', 0),
        (b'{"message": {"link_response": []}}', 0),
        (b"[]", 0),
    ],
)
def test_what_is_done_later_must_be_acknowledged(raw, right):
    body = messages.make_link(NUMBERS)._replace(is_later=True)

    verdict = messages.check(body, 200, raw)

    assert (verdict.right, verdict.wrong) == (right, 3 - right)
    assert bool(verdict.problem) is not bool(right)


def test_draws_can_be_repeated_and_stay_among_the_stored():
    first, again, other = (
        messages.random_resolves(20, 5, 100, seed) for seed in (1, 1, 2)
    )
    stored = {rows.id_of(i) for i in range(100)}

    assert [body.ids for body in first] == [body.ids for body in again]
    assert [body.ids for body in first] != [body.ids for body in other]
    assert {id_ for body in first for id_ in body.ids} <= stored

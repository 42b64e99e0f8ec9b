"""Messages that are acknowledged, worked off and answered by a callback."""

import json
import uuid

import pytest
import requests
from joserfc.errors import BadSignatureError

from clients.partner import ASYNC_PATHS, CALLBACK_PATHS, STATUS_PATHS, status_message
from clients.receiver import first, refuse
from clients.running import wait_until
from clients.signatures import published_keys, verify
from clients.words import item, link_item, message, new_account, new_person, outcome

pytestmark = pytest.mark.usefixtures("quiet_log")


@pytest.fixture
def partner(new_listener):
    """A partner that is called back."""
    return new_listener()


# === THE WHOLE WAY === #


@pytest.mark.parametrize("path", ASYNC_PATHS)
def test_link_resolve_update_unlink(partner, spar, path):
    """Each step is called back where it belongs, and shows in the next."""
    person, account, other = new_person(), new_account(), new_account()

    def ask(operation, **fields):
        items = [item(id=person, **fields)]
        ack = partner.send(operation, items, path=path)
        callback = partner.called_back(ack)
        assert callback.path == CALLBACK_PATHS[operation]
        return one_result(operation, items[0], ack, callback)

    assert outcome(ask("link", fa=account)) == ("succ", None)
    assert ask("resolve", scope="details")["fa"] == account
    assert outcome(ask("update", fa=other)) == ("succ", None)
    assert ask("resolve", scope="details")["fa"] == other
    assert outcome(ask("unlink")) == ("succ", None)
    assert outcome(ask("resolve")) == ("succ", "succ.id.not_found")
    assert [v["step"] for v in spar.history(person)] == ["link", "update", "unlink"]


def one_result(operation: str, asked: dict, ack: dict, callback) -> dict:
    """Check all that clients need of a callback about one item; return its result."""
    assert callback.headers["content-type"].startswith("application/json")
    header, body = callback.message["header"], callback.message["message"]
    assert header["action"] == f"on-{operation}"
    assert header["message_id"]
    assert header["status"] == "succ"
    assert (header["total_count"], header["completed_count"]) == (1, 1)
    assert body["correlation_id"] == ack["correlation_id"]
    [result] = body[f"{operation}_response"]
    assert result["reference_id"] == asked["reference_id"]
    return result


def test_a_thousand_items_are_called_back_in_order(partner, spar):
    items = [link_item() for _ in range(1000)]
    before = spar.effects()
    results = partner.results("link", items)
    assert [r["reference_id"] for r in results] == [i["reference_id"] for i in items]
    assert {outcome(r) for r in results} == {("succ", None)}
    assert spar.effects() - before == (1000, 1000, 1)


def test_answers_and_callbacks_are_signed(partner, spar):
    """With a key that is published; another body does not fit the signature."""
    keys = published_keys(spar.base_url)
    callback = partner.called_back(partner.send("link", [link_item()]))
    head = verify(callback.body, callback.headers["signature"], keys)
    assert head["alg"] != "none"
    assert head["kid"] in [key["kid"] for key in keys["keys"]]
    changed = callback.body.replace(b"succ", b"rjct", 1)
    with pytest.raises(BadSignatureError):
        verify(changed, callback.headers["signature"], keys)


def test_results_are_those_of_a_call_that_waits(partner, new_partner):
    """Granted and refused items get the same codes and sentences both ways."""
    _record, other = new_partner()
    items = [link_item(), item(id=new_person()), item(id="", fa=""), "no item"]
    later = partner.results("link", items)
    at_once = other.results("link", [link_item(), *items[1:]])
    keys = ("status", "status_reason_code", "status_reason_message")
    assert [[r[k] for k in keys] for r in later] == [
        [r[k] for k in keys] for r in at_once
    ]
    assert [r["status"] for r in later] == ["succ", "rjct", "rjct", "rjct"]


# === THE SAME MESSAGE AGAIN === #


def test_the_same_message_again_is_acknowledged_as_before(partner, spar):
    body = json.dumps(message("link", [link_item()])).encode()
    ack = partner.send_message("link", body)
    partner.called_back(ack)
    after = spar.effects()
    again = partner.send_message("link", body)
    assert (again["ack_status"], again["correlation_id"]) == (
        "ACK",
        ack["correlation_id"],
    )
    assert spar.effects() == after


def test_the_same_name_with_another_body_is_not_taken(partner, spar):
    sent = message("link", [link_item()])
    partner.called_back(partner.send_message("link", sent))
    before = spar.effects()
    other = message("link", [link_item()], message_id=sent["header"]["message_id"])
    ack = partner.send_message("link", other)
    assert ack["ack_status"] == "ERR"
    assert ack["error"]["code"].startswith("err.")
    assert spar.effects() == before


# === WHERE CALLBACKS GO === #


def test_callback_to_an_address_below_the_registered_one(partner):
    address = f"{partner.receiver.url}/programme-7"
    ack = partner.send("link", [link_item()], sender_uri=address)
    assert partner.called_back(ack).path == "/programme-7/on-link"


@pytest.mark.parametrize(
    "address", ["https://example.org", "http://127.0.0.1:1/", "no address"]
)
def test_no_callback_to_an_address_elsewhere(partner, spar, address):
    """It is refused, not sent to the registered address instead."""
    before = spar.effects()
    ack = partner.send("link", [link_item()], sender_uri=address)
    assert ack["ack_status"] == "ERR"
    assert ack["error"]["code"] == "err.sender_uri.invalid"
    assert ack["error"]["message"]
    assert spar.effects() == before
    assert partner.receiver.requests == []


def test_without_a_callback_address_it_is_done_and_can_be_asked_for(new_partner):
    """NACK: taken, but nothing will follow."""
    _record, api = new_partner()
    person = new_person()
    sent = message("link", [link_item(person)])
    ack = api.post("link", sent, path="mapper").json()["message"]
    assert ack["ack_status"] == "NACK"
    wait_until(
        lambda: outcome(api.one("resolve", id=person))[1] != "succ.id.not_found",
        "it is worked off",
    )


def test_a_callback_that_fails_is_sent_again(partner):
    partner.receiver.behave(first(2, refuse(500)))
    ack = partner.send("link", [link_item()])
    partner.receiver.wait(
        lambda r: len(r.about(ack["correlation_id"])) == 3, "a third attempt", 60
    )
    bodies = {one.body for one in partner.receiver.about(ack["correlation_id"])}
    assert len({json.loads(body)["header"]["message_id"] for body in bodies}) == 1


# === STATUS === #


def told_status(answer: dict) -> list[dict]:
    """Results of one message, as an answer about its status repeats them."""
    told = answer["message"]["txnstatus_response"]
    assert told["txn_type"] == "on-link"
    return told["txn_status"]["link_response"]


@pytest.mark.parametrize("path", STATUS_PATHS)
def test_status_by_each_attribute(partner, path):
    sent = message("link", [link_item(), item(id=new_person())])
    ack = partner.send_message("link", sent)
    results = partner.called_back(ack).message["message"]["link_response"]
    references = [one["reference_id"] for one in results]
    for kind, value in (
        ("transaction_id", sent["message"]["transaction_id"]),
        ("correlation_id", ack["correlation_id"]),
        ("reference_id_list", references),
    ):
        told = told_status(partner.status(kind, value, path=path))
        assert [outcome(one) for one in told] == [outcome(one) for one in results]
        assert [one["reference_id"] for one in told] == references


def test_status_by_callback(partner):
    ack = partner.send("link", [link_item()])
    partner.called_back(ack)
    question = status_message("correlation_id", ack["correlation_id"])
    asked = partner.send_message("txn/status", question)
    assert asked["ack_status"] == "ACK"
    path = CALLBACK_PATHS["txn/status"]
    [told] = partner.receiver.wait(lambda r: r.at(path), "the status")
    assert told.message["header"]["action"] == "txn-on-status"
    assert {outcome(one) for one in told_status(told.message)} == {("succ", None)}


def test_status_is_for_the_sender_alone(partner, new_partner):
    """Another partner learns the same as of a message that never was."""
    ack = partner.send("link", [link_item()])
    partner.called_back(ack)
    _record, other = new_partner()

    def ask(correlation_id: str) -> dict:
        sent = status_message("correlation_id", correlation_id)
        answer = other.post("txn/status", sent).json()
        return {k: answer["header"].get(k) for k in ("status", "status_reason_code")}

    assert ask(ack["correlation_id"]) == ask(str(uuid.uuid4()))


# === WHAT STAFF SEE === #


def test_staff_see_states_and_digests_but_no_content(partner, admin):
    ack = partner.send("link", [link_item()])
    partner.called_back(ack)
    [seen] = admin.call(
        "g2p.spar.message",
        "search_read",
        [["correlation_id", "=", ack["correlation_id"]]],
    )
    assert len(seen["digest"]) == 64
    assert "bbx" not in json.dumps(seen)
    deliveries = wait_until(
        lambda: admin.call(
            "g2p.spar.delivery",
            "search_read",
            [
                ["correlation_id", "=", ack["correlation_id"]],
                ["state", "=", "delivered"],
            ],
        ),
        "staff see that it was delivered",
    )
    assert "bbx" not in json.dumps(deliveries)


# === AT THE DOOR === #


@pytest.mark.parametrize("path", ASYNC_PATHS)
def test_without_a_token_nothing_is_taken(api, spar, path):
    before = spar.effects()
    answer = api.post("link", message("link", [link_item()]), path=path, token="")
    assert answer.status_code == requests.codes.unauthorized
    assert answer.json()["errors"][0]["code"].startswith("err.")
    assert spar.effects() == before

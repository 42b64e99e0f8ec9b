"""A partner's way through the registry over HTTP: what it sends, what it gets."""

import json
import uuid
from http import HTTPStatus
from pathlib import Path
from string import Template

import pytest

from clients.api import PATHS
from clients.words import (
    item,
    link_item,
    message,
    new_account,
    new_name,
    new_number,
    new_person,
    outcome,
)

pytestmark = pytest.mark.usefixtures("quiet_log")

# === THE WHOLE WAY === #


@pytest.mark.parametrize("path", PATHS)
def test_link_resolve_update_unlink(api, spar, path):
    """Each step shows in the next resolve, at both addresses of the operations."""
    person, first, second = new_person(), new_account(), new_account()

    def ask(operation, **fields):
        sent = message(operation, [item(id=person, **fields)])
        answer = api.post(operation, sent, path=path)
        assert answer.status_code == HTTPStatus.OK
        return one_result(sent, operation, answer.json())

    assert outcome(ask("resolve")) == ("succ", "succ.id.not_found")
    assert outcome(ask("link", fa=first)) == ("succ", None)
    assert ask("resolve", scope="details")["fa"] == first
    assert outcome(ask("update", fa=second)) == ("succ", None)
    assert ask("resolve", scope="details")["fa"] == second
    assert outcome(ask("unlink")) == ("succ", None)
    gone = ask("resolve", scope="details")
    assert outcome(gone) == ("succ", "succ.id.not_found")
    assert gone["fa"] is None
    assert [v["step"] for v in spar.history(person)] == ["link", "update", "unlink"]


def one_result(sent: dict, operation: str, answer: dict) -> dict:
    """Check all that clients need of an answer to one item, and return its result."""
    [asked] = sent["message"][f"{operation}_request"]
    header, body = answer["header"], answer["message"]
    assert isinstance(header["message_ts"], str)
    assert header["message_id"]
    assert header["action"] == operation
    assert header["status"] in ("succ", "rjct")
    assert header["meta"] is None or isinstance(header["meta"], dict)
    assert (header["total_count"], header["completed_count"]) == (1, 1)
    assert body["transaction_id"] == sent["message"]["transaction_id"]
    assert body["correlation_id"]
    [result] = body[f"{operation}_response"]
    assert result["reference_id"] == asked["reference_id"]
    assert result["id"] == asked["id"]
    assert result["timestamp"]
    assert result["status"] in ("succ", "rjct")
    assert result["additional_info"] is None or isinstance(
        result["additional_info"], list
    )
    return result


def test_resolve_tells_provider_and_strategy(api):
    """Details carry what payers read: provider, and the strategy in both spellings."""
    person, account = new_person(), new_account()
    info = [{"name": "ward", "value": "7"}]
    api.one("link", id=person, fa=account, additional_info=info)
    result = api.one("resolve", id=person, scope="details")
    assert result["account_provider_info"] == {
        "name": "Bank 1",
        "code": "dfsp1",
        "subcode": "indigo",
        "additional_info": None,
    }
    strategy, *rest = result["additional_info"]
    assert strategy == {
        "name": "strategy_id",
        "value": strategy["strategy_id"],
        "strategy_id": strategy["strategy_id"],
    }
    assert rest == info


def test_a_thousand_items_come_back_in_order(api, spar):
    """Each of 1,000 links and 1,000 resolves answers its own item, in its place."""
    items = [link_item() for _ in range(1000)]
    before = spar.effects()
    linked = api.results("link", items)
    assert [r["reference_id"] for r in linked] == [i["reference_id"] for i in items]
    assert {outcome(r) for r in linked} == {("succ", None)}
    assert spar.effects() - before == (1000, 1000, 1)
    asked = [item(id=i["id"], scope="details") for i in reversed(items)]
    found = api.results("resolve", asked)
    assert [r["fa"] for r in found] == [i["fa"] for i in reversed(items)]
    assert [r["id"] for r in found] == [i["id"] for i in asked]


SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_messages_as_known_clients_send_them(api, sample):
    """Written as each of them writes: times, counts, flags and empty fields."""
    linked, person = new_person(), new_person()
    api.one("link", id=linked, fa=new_account())
    values = {
        "message": f"m-{uuid.uuid4()}",
        "linked": linked,
        "person": person,
        "account": new_account(),
        "digits": new_number(),
        "name": new_name(),
    }
    told = json.loads(Template(sample.read_text()).substitute(values))
    answer = api.post(told["operation"], told["message"]).json()
    assert answer["header"]["status"] == "succ", answer["header"]
    [result] = answer["message"][f"{told['operation']}_response"]
    assert list(outcome(result)) == told["expected"]


# === THE SAME MESSAGE AGAIN === #


@pytest.mark.parametrize("operation", ["link", "update", "unlink"])
def test_the_same_message_again_changes_nothing(api, spar, operation):
    """A repeat is answered byte for byte as before, also after the state moved on."""
    person = new_person()
    if operation != "link":
        api.one("link", id=person, fa=new_account())
    fields = {} if operation == "unlink" else {"fa": new_account()}
    bad = item(id="", **fields)
    sent = message(operation, [item(id=person, **fields), bad])
    raw = api.post(operation, sent).request.body
    first = api.post(operation, raw)
    after = spar.effects()
    assert api.post(operation, raw).content == first.content
    assert api.post(operation, raw, path=PATHS[1]).content == first.content
    assert spar.effects() == after


def test_a_repeat_after_an_unlink_does_not_link_again(api, spar):
    person = new_person()
    raw = api.post("link", message("link", [link_item(person)])).request.body
    api.one("unlink", id=person)
    before = spar.effects()
    again = api.post("link", raw).json()
    assert outcome(again["message"]["link_response"][0]) == ("succ", None)
    assert spar.effects() == before
    assert outcome(api.one("resolve", id=person))[1] == "succ.id.not_found"


def test_the_same_name_with_another_body_is_refused(api, spar):
    """A message id belongs to one body; the other one is listed and not done."""
    sent = message("link", [link_item()])
    api.post("link", sent)
    before = spar.effects()
    other = message("link", [link_item()], message_id=sent["header"]["message_id"])
    answer = api.post("link", other)
    assert answer.status_code == HTTPStatus.OK
    header = answer.json()["header"]
    assert header["status_reason_code"] == "rjct.message_id.duplicate"
    assert header["status"] == "rjct"
    assert header["status_reason_message"]
    [result] = answer.json()["message"]["link_response"]
    assert outcome(result) == ("rjct", None)
    assert spar.effects() == before


def test_a_message_id_is_the_senders_own(api, new_partner):
    """Two partners may choose the same name for different messages."""
    _record, other = new_partner()
    sent = message("link", [link_item()])
    again = message("link", [link_item()], message_id=sent["header"]["message_id"])
    assert api.post("link", sent).json()["header"]["status"] == "succ"
    assert other.post("link", again).json()["header"]["status"] == "succ"

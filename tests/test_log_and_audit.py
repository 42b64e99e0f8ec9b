"""One audit line for each request, with counts; never a person, account or token."""

from datetime import datetime, timezone

import pytest
import requests

from clients.logbook import assert_no_private_data, audit_lines
from clients.words import (
    OPERATIONS,
    item,
    link_item,
    message,
    new_account,
    new_name,
    new_person,
)

pytestmark = pytest.mark.usefixtures("quiet_log")

FIELDS = {
    *("at", "op", "ip", "sender", "transaction_id", "message_id", "purpose"),
    *("items", "succeeded", "rejected", "status", "code", "ms", "replay"),
    *("protocol", "via", "reason"),
}


@pytest.fixture
def lines(spar, api):
    """Factory of the audit lines of what a function does."""
    assert api.token

    def of(action) -> list[dict]:
        begin = spar.log_size()
        action()
        return audit_lines(spar.log_since(begin))

    return of


def facts(line: dict, *names: str) -> tuple:
    """Some facts of an audit line."""
    return tuple(line[name] for name in names)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_line_of_a_message(api, lines, operation):
    """Who, what, how much of it, how it ended, how long it took."""
    people = [new_person(), new_person()]
    api.results("link", [link_item(person) for person in people])
    fields = {"fa": new_account()} if operation == "update" else {}
    items = [item(id=person, **fields) for person in people]
    if operation == "link":
        items = [link_item(), link_item()]
    sent = message(operation, [*items, item(id=7)], sender_id="somebody else")
    [line] = lines(lambda: api.post(operation, sent))
    assert set(line) == FIELDS
    assert facts(line, "op", "sender", "ip") == (operation, "demo", "127.0.0.1")
    assert facts(line, "items", "succeeded", "rejected") == (3, 2, 1)
    assert facts(line, "status", "code", "replay") == (200, None, False)
    assert line["message_id"] == sent["header"]["message_id"]
    assert line["transaction_id"] == sent["message"]["transaction_id"]
    assert 0 < line["ms"] < 60_000
    age = datetime.now(timezone.utc) - datetime.fromisoformat(line["at"])
    assert 0 <= age.total_seconds() < 60


def test_line_of_a_repeat(api, lines):
    sent = message("link", [link_item()])
    api.post("link", sent)
    [line] = lines(lambda: api.post("link", sent))
    assert facts(line, "replay", "items", "succeeded") == (True, 1, 1)


def test_line_names_the_purpose(api, lines):
    sent = message("resolve", [item(id=new_person())], meta={"purpose": "pension"})
    [line] = lines(lambda: api.post("resolve", sent))
    assert line["purpose"] == "pension"


REFUSALS = {
    "no token": ("link", {"token": ""}, 401, "err.request.unauthorized", None),
    "no JSON": ("link", {"body": b"{"}, 400, "err.request.bad", "demo"),
    "no envelope": ("link", {"body": b"{}"}, 400, "err.request.bad", "demo"),
    "not announced": (
        "link",
        {"headers": {"Content-Type": "text/plain"}},
        415,
        "err.request.bad",
        "demo",
    ),
    "no address": ("nothing", {}, 404, "err.request.not_found", None),
    "other action": (
        "link",
        {"header": {"action": "search"}},
        200,
        "rjct.action.not_supported",
        "demo",
    ),
}


@pytest.mark.parametrize(
    ("operation", "how", "status", "code", "sender"), REFUSALS.values(), ids=REFUSALS
)
def test_line_of_a_refusal(api, lines, operation, how, status, code, sender):
    """What is refused is noted as well, with the code that was given."""
    how = dict(how)
    body = message("link", [link_item()], **how.pop("header", {}))
    body = how.pop("body", body)
    [line] = lines(lambda: api.post(operation, body, **how))
    # An address that is not served may hold anything and is not repeated.
    op = "unknown" if status == 404 else operation
    assert facts(line, "op", "status", "code") == (op, status, code)
    assert line["sender"] in (sender, None if status != 200 else sender)
    assert line["succeeded"] == 0


def test_line_of_a_token(api, lines):
    [line] = lines(api.ask_token)
    assert facts(line, "op", "sender", "status") == ("token", "demo", 200)
    [line] = lines(lambda: api.ask_token(client_secret="wrong"))
    assert facts(line, "op", "status", "code") == ("token", 401, "invalid_client")


def test_as_many_lines_as_requests(api, lines):
    """None is left out and none is doubled, whichever worker answers."""
    sent = [message("resolve", [item(id=new_person())]) for _ in range(20)]
    found = lines(lambda: [api.post("resolve", one) for one in sent])
    names = [one["header"]["message_id"] for one in sent]
    assert [line["message_id"] for line in found] == names


def test_nothing_of_a_persons_data_is_logged(api, spar):
    """Not what was linked, not what was asked, not what was refused."""
    begin = spar.log_size()
    person, account, name = new_person(), new_account(), new_name()
    fields = {"name": name, "phone_number": "+639171234567"}
    secret = "what-nobody-else-knows"
    info = [{"name": "note", "value": secret}]
    api.one("link", id=person, fa=account, additional_info=info, **fields)
    api.one("link", id=person, fa=new_account(), **fields)
    api.one("resolve", id=person, scope="details")
    api.one("resolve", id=person, fa=account)
    api.one("update", id=person, fa="nonsense " + account, **fields)
    api.one("unlink", id=person, fa="nonsense " + account)
    api.post("link", message("link", [link_item(person)]), token="no-token." + secret)
    api.post("link", str(message("link", [link_item(person)])).encode())
    requests.post(
        f"{spar.base_url}/spar/v1/oauth2/client/token",
        data={"grant_type": "client_credentials", "client_id": "x"},
        auth=("x", secret),
        timeout=30,
    )
    text = spar.log_since(begin)
    assert len(audit_lines(text)) == 9
    for word in (secret, "639171234567", name, api.client_secret, api.token):
        assert word not in text
    assert_no_private_data(text)


def test_a_line_cannot_be_forged(api, lines):
    """What a client sends never begins a line of its own."""
    forged = 'x\n2026-01-01 00:00:00,000 1 INFO db g2p_spar.audit: {"op":"forged"}'
    found = lines(
        lambda: [
            api.post("resolve", message("resolve", [item()], message_id=forged)),
            api.post("resolve", message("resolve", [item()], meta={"purpose": forged})),
            api.post("resolve", message("resolve", [item()], sender_id=forged)),
            api.ask_token(client_id=forged),
        ]
    )
    assert len(found) == 4
    assert not any(line["op"] == "forged" for line in found)


def test_the_databases_own_log_names_nobody(spar):
    """Also after the statements that failed in this session."""
    spar.rows("SELECT 1")
    assert_no_private_data(spar.cluster.log.read_text(errors="replace"))

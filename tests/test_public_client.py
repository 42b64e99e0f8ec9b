"""The public client library, as published, performs its four operations.

It is installed unmodified in an environment of its own and talks to the server
through a loopback proxy which adds the token that the library does not know of.
"""

import json
import subprocess

import pytest

from clients.published import environment_of, library_of, run_client
from clients.token_proxy import TokenProxy
from clients.words import (
    OPERATIONS,
    item,
    new_account,
    new_name,
    new_person,
    outcome,
)

pytestmark = pytest.mark.usefixtures("quiet_log")


@pytest.fixture(scope="module")
def person() -> dict:
    """What the client wants to do, for whom."""
    return {
        "id": new_person(),
        "fa": new_account(),
        "new_fa": new_account(),
        "name": new_name(),
        "phone_number": "+639171234567",
    }


@pytest.fixture(scope="module")
def journey(spar, api, person) -> tuple[dict, list[bytes]]:
    """What the library returned, by step, and what it sent."""
    python = environment_of(spar.settings.cache, "public_client")
    with TokenProxy(api) as proxy:
        base = f"{proxy.base_url}/spar/v1/sync"
        return run_client(python, "public_client.py", base, stdin=person), proxy.seen


def test_the_library_is_the_published_one(spar):
    """Versions, and every installed file has the digest it was published with."""
    python = environment_of(spar.settings.cache, "public_client")
    listed = subprocess.run(
        [python, "-m", "pip", "freeze"], capture_output=True, text=True, check=True
    ).stdout
    for name in ("spar-g2pconnect-mapper-connector", "g2pconnect-mapper"):
        assert f"openg2p-{name}-lib==1.0.0" in listed
    assert "openg2p-g2pconnect-common-lib==1.0.0" in listed
    checked = run_client(python, "check_files.py", stdin={"prefix": "openg2p"})
    assert checked["altered"] == []
    assert checked["files"] > 20


def test_it_sends_no_token_itself(journey):
    """Else the proxy would prove nothing."""
    _steps, sent = journey
    assert len(sent) == 7
    assert b"Bearer" not in b"".join(sent)


def test_link(journey, person):
    step = journey[0]["link"]
    assert (step["status"], step["mapper_error_code"]) == ("succ", None)
    assert step["fa"] == person["fa"]


def test_resolve_after_link(journey, person):
    step = journey[0]["resolve linked"]
    assert (step["status"], step["mapper_error_code"]) == ("succ", "succ.id.active")
    assert (step["id"], step["fa"]) == (person["id"], person["fa"])
    assert step["account_provider_info"]["name"] == "Bank 1"
    assert step["additional_info"][0]["name"] == "strategy_id"


def test_update_shows_in_resolve(journey, person):
    step = journey[0]["update"]
    assert (step["status"], step["mapper_error_code"]) == ("succ", None)
    assert step["id"] == person["id"]
    assert journey[0]["resolve updated"]["fa"] == person["new_fa"]


def test_unlink_shows_in_resolve(journey, person):
    step = journey[0]["unlink"]
    assert (step["status"], step["id"]) == ("succ", person["id"])
    gone = journey[0]["resolve unlinked"]
    assert (gone["mapper_error_code"], gone["fa"]) == ("succ.id.not_found", None)


def test_a_refusal_is_understood(journey):
    step = journey[0]["unlink again"]
    assert (step["status"], step["mapper_error_code"]) == ("rjct", "rjct.id.invalid")
    assert step["mapper_error_message"]


@pytest.fixture(scope="module")
def answers(api) -> list[tuple[str, dict]]:
    """Answers of many kinds: granted, refused item by item, refused as a whole."""
    person = new_person()
    items = [
        item(id=person, fa=new_account(), scope="details"),
        item(id=person, fa=new_account(), scope="details"),
        item(id=new_person(), scope="details"),
        item(id="", fa=""),
        item(id=7, fa=7),
        {"reference_id": "no time"},
        "not an item",
        item(id=person, scope="nonsense", name=7, phone_number="none"),
        item(id=person, scope="details"),
    ]
    found = []
    for operation in ("link", "resolve", "update", "resolve", "unlink", "resolve"):
        found.append((operation, api.send(operation, items)))
    for operation in OPERATIONS:
        for header in ({"action": "nonsense"}, {"total_count": 99}, {"version": "9"}):
            found.append((operation, api.send(operation, items[:1], **header)))
        found.append((operation, api.send(operation, [])))
    return found


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0", "2.0.0"])
def test_every_version_of_the_library_reads_the_answers(spar, answers, version):
    """All statuses and codes are known to its models, and read as they were sent."""
    cache = spar.settings.cache
    python = environment_of(cache, "public_client")
    folder = library_of(python, cache, f"mapper_lib_{version}")
    read = run_client(python, "read_answers.py", str(folder), stdin=answers)
    assert read == [
        {
            "header": answer["header"]["status"],
            "code": answer["header"]["status_reason_code"],
            "items": [
                list(outcome(result))
                for result in answer["message"][f"{operation}_response"]
            ],
        }
        for operation, answer in answers
    ]


def test_a_code_that_is_not_in_the_protocol_would_be_noticed(spar, answers):
    """The check above can fail: the library refuses an answer with a foreign code."""
    cache = spar.settings.cache
    python = environment_of(cache, "public_client")
    folder = library_of(python, cache, "mapper_lib_1.0.0")
    operation, answer = json.loads(json.dumps(answers[0]))
    answer["message"]["link_response"][0]["status_reason_code"] = "rjct.foreign"
    with pytest.raises(AssertionError, match="status_reason_code"):
        run_client(python, "read_answers.py", str(folder), stdin=[(operation, answer)])

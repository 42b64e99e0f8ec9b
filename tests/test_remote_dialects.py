"""Mappers of others, played by a server that answers as they were seen to answer.

The samples name the cause that the registry sees in each answer; here it is what a
partner of the registry is told.
"""

import json
import uuid
from pathlib import Path

import pytest

from clients.receiver import Receiver
from clients.words import item, outcome

pytestmark = pytest.mark.usefixtures("quiet_log")

SAMPLES = [
    json.loads(path.read_text())
    for path in sorted((Path(__file__).parent / "samples" / "answers").glob("*.json"))
]
CASES = [
    pytest.param(sample["dialect"], case, id=f"{sample['mapper']}: {case['case']}")
    for sample in SAMPLES
    for case in sample["cases"]
]
#: The one ID of the samples.
SAMPLE_ID = "token:Ab_1@nationalId"
#: What a partner is told of a cause.
TOLD = {
    "DONE": ("succ", None),
    "ALREADY_LINKED": ("rjct", "rjct.id.invalid"),
    "ID_UNKNOWN": ("rjct", "rjct.id.invalid"),
    "REMOTE_ID_REFUSED": ("rjct", "rjct.id.invalid"),
    "REMOTE_UNAVAILABLE": ("rjct", "rjct.id.invalid"),
    "FA_INVALID": ("rjct", "rjct.fa.invalid"),
    "ID_ACTIVE": ("succ", "succ.id.active"),
    "ID_NOT_FOUND": ("succ", "succ.id.not_found"),
    "FA_NOT_LINKED": ("succ", "succ.fa.not_linked_to_id"),
}


@pytest.fixture(scope="module")
def other():
    """The server that plays them all."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def away(other, admin):
    """For each dialect, the type of ID that such a mapper keeps; its template."""
    admin.allow_loopback(other.port)
    templates, types = {}, []
    for sample in SAMPLES:
        name = f"{sample['dialect']}{uuid.uuid4().hex[:6]}"
        template = f"{name}:{{value}}@elsewhere"
        if sample["dialect"] in templates:
            continue
        templates[sample["dialect"]] = template
        [remote] = admin.call(
            "g2p.spar.remote.mapper",
            "create",
            [
                {
                    "name": name,
                    "base_url": other.url,
                    "dialect": sample["dialect"],
                    "sender_id": "registry.example",
                }
            ],
        )
        values = {"name": name, "code": name, "remote_mapper_id": remote}
        values["template"] = template
        types += admin.call("g2p.spar.id.type", "create", [values])
    yield templates
    admin.call("g2p.spar.id.type", "write", types, {"remote_mapper_id": False})


def told(cause: str, operation: str) -> tuple[str, str | None]:
    """Status and reason code of a cause."""
    if cause == "REMOTE_REFUSED":
        code = "rjct.other.error" if operation == "link" else "rjct.id.invalid"
        return "rjct", code
    return TOLD[cause]


@pytest.mark.parametrize(("dialect", "case"), CASES)
def test_answer(api, other, away, dialect, case):
    """The outcome is told in our codes; an address only where it may be paid."""
    person = away[dialect].format(value=f"bbx{uuid.uuid4().hex}")
    text = json.dumps(case["answer"]).replace(SAMPLE_ID, person)
    other.behave(lambda answer: answer.send(200, text.encode()))
    operation, given = case["operation"], case["item"]
    fields = {"reference_id": "r1", "id": person}
    if operation == "resolve":
        fields["scope"] = "details" if given.get("details", True) else "yes_no"
    elif operation != "unlink":
        fields["fa"] = "account:123456@indigo.dfsp1.bank_acc"
    if "fa" in given:
        fields["fa"] = given["fa"]

    [result] = api.results(operation, [item(**fields)])

    assert outcome(result) == told(case["expected"], operation)
    if operation == "resolve":
        assert result["fa"] == case.get("fa")
    assert other.requests[-1].path == f"/mapper/sync/{operation}"

"""What public mappers were seen to answer, and what the registry makes of it."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_connect_api.core.remote.answer import (
    CHANGES,
    check_status,
    read_outcomes,
)
from odoo.addons.g2p_spar_connect_api.core.remote.facts import DIALECTS
from odoo.addons.g2p_spar_connect_api.core.remote.split import split
from odoo.addons.g2p_spar_mapper.core.commands import (
    LinkItem,
    Origin,
    ResolveItem,
    UnlinkItem,
)
from odoo.addons.g2p_spar_mapper.core.outgoing.errors import OutgoingError
from odoo.addons.g2p_spar_mapper.core.reading import Reader
from odoo.addons.g2p_spar_mapper.core.reason import ANSWERS, Cause, Operation
from odoo.addons.g2p_spar_mapper.tests.pure import FA, ID, OTHER_FA, REFERENCE

FOLDER = Path(__file__).resolve().parents[2] / "samples" / "answers"
CASES = [
    pytest.param(content["dialect"], case, id=f"{path.stem}: {case['case']}")
    for path in sorted(FOLDER.glob("*.json"))
    for content in [json.loads(path.read_text())]
    for case in content["cases"]
]
_NATIONAL = {41: 7}


def entry_of(operation: str, **values):
    """The entry for one item, as the registry reads it."""
    usual = {"reference_id": "r1", "id": ID}
    make = {"resolve": ResolveItem, "unlink": UnlinkItem}.get(operation, LinkItem)
    if operation == "resolve":
        usual["details"] = True
    elif make is LinkItem:
        usual["fa"] = FA
    item = make(**usual | values)
    reader = Reader(REFERENCE, Origin())
    _kept, away = split(Operation(operation), [item], reader, _NATIONAL)
    [entry] = away[7]
    return entry


def outcome_of(dialect: str, operation: str, answer, **values):
    """The outcome of one item that was answered so."""
    raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    [outcome] = read_outcomes(
        DIALECTS[dialect],
        Operation(operation),
        [entry_of(operation, **values)],
        raw,
        REFERENCE,
    )
    return outcome


def found(**values) -> dict:
    """An answer to a resolve of the item, found and payable unless told otherwise."""
    result = {
        "reference_id": "r1",
        "status": "succ",
        "status_reason_code": "succ.id.active",
        "id": ID,
        "fa": FA,
    } | values
    return {"header": {"status": "succ"}, "message": {"resolve_response": [result]}}


@pytest.mark.parametrize(("dialect", "case"), CASES)
def test_recorded_answers(dialect, case):
    outcome = outcome_of(dialect, case["operation"], case["answer"], **case["item"])
    assert outcome.cause.name == case["expected"]
    assert outcome.fa == case.get("fa")
    assert outcome.payable == (outcome.cause is Cause.ID_ACTIVE)

    outcome = outcome_of("g2p_connect", "resolve", found())
    assert (outcome.strategy_id, outcome.provider_id) == (11, 31)
    assert outcome.branch_code == "indigo"
    assert json.loads(outcome.fa_parts)["account_no"] == "123456"


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("link", Cause.WAITING),
        ("update", Cause.WAITING),
        ("unlink", Cause.REMOTE_UNCERTAIN),
    ],
)
def test_a_change_that_waits_elsewhere_waits(operation, expected):
    result = {"reference_id": "r1", "status": "pdng"}
    answer = {
        "header": {"status": "succ"},
        "message": {f"{operation}_response": [result]},
    }
    outcome = outcome_of("g2p_connect", operation, answer)
    assert (outcome.cause, outcome.payable) == (expected, False)


def test_what_the_other_side_knows_more_is_kept():
    said = [{"strategy_id": 4}, {"name": "note", "value": "x"}]
    outcome = outcome_of("g2p_connect", "resolve", found(additional_info=said))
    assert json.loads(outcome.additional_info) == [{"name": "note", "value": "x"}]
    for wrong in ("text", [1], {"a": 1}):
        answer = found(additional_info=wrong)
        outcome = outcome_of("g2p_connect", "resolve", answer)
        assert (outcome.fa, outcome.additional_info) == (FA, None)


_CODES = st.sampled_from(
    [
        "succ.id.active",
        "succ.id.inactive",
        "succ.id.not_found",
        "succ.fa.active",
        "succ.fa.inactive",
        "succ.fa.not_linked_to_id",
        "rjct.id.invalid",
        "succ.id.suspended",
        "",
        None,
    ]
)


@given(
    st.sampled_from(sorted(DIALECTS)),
    st.sampled_from(["succ", "rjct", "rcvd", "pdng", "", None, 1]),
    _CODES,
    st.sampled_from([ID, "token:other@nationalId", None, 5]),
    st.sampled_from([FA, OTHER_FA, "", None, {"x": 1}, 5, "x\x00y"]),
    st.sampled_from([None, FA, OTHER_FA]),
    st.booleans(),
)
def test_an_address_leaves_only_when_it_is_said_to_be_payable(
    dialect, status, code, id_, fa, asked, details
):
    result = found(status=status, status_reason_code=code, id=id_, fa=fa)
    if DIALECTS[dialect].is_openg2p:
        payload = result["message"]
        result = {
            "response_header": {"response_status": "SUCCESS"},
            "response_body": {"response_payload": payload},
        }
    outcome = outcome_of(dialect, "resolve", result, fa=asked, details=details)
    assert (Operation.RESOLVE, outcome.cause) in ANSWERS
    if not outcome.payable:
        assert outcome.fa is None
        return
    assert status == "succ" and id_ in (ID, None)
    assert code in ("succ.id.active", "succ.fa.active", None, "")
    assert code or DIALECTS[dialect].takes_no_code
    assert details == (outcome.fa is not None)
    if asked:
        assert outcome.fa in (None, asked)


@given(st.sampled_from(sorted(DIALECTS)), st.sampled_from(list(Operation)), st.data())
def test_no_answer_breaks_anything(dialect, operation, data):
    junk = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "header",
                        "message",
                        "status",
                        "status_reason_code",
                        "reference_id",
                        "response_header",
                        "response_body",
                        "response_payload",
                        f"{operation}_response",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
    raw = json.dumps(data.draw(junk)).encode()
    try:
        outcome = outcome_of(dialect, operation, raw)
    except OutgoingError as error:
        assert error.code == "answer_unreadable"
    else:
        assert (operation, outcome.cause) in ANSWERS
        assert not outcome.payable


@pytest.mark.parametrize("raw", [b"", b"<html>", b"[]", b"{}", b'{"header": 1}'])
def test_what_is_no_answer_is_told(raw):
    with pytest.raises(OutgoingError) as caught:
        outcome_of("g2p_connect", "resolve", raw)
    assert caught.value.code == "answer_unreadable"


def test_two_answers_to_one_item_are_none():
    answer = found()
    answer["message"]["resolve_response"] *= 2
    outcome = outcome_of("g2p_connect", "resolve", answer)
    assert outcome.cause is Cause.REMOTE_UNAVAILABLE


def test_a_name_that_was_used_before_leaves_the_outcome_open():
    header = {"status": "rjct", "status_reason_code": "rjct.message_id.duplicate"}
    answer = {"header": header, "message": {"link_response": []}}
    outcome = outcome_of("g2p_connect", "link", answer)
    assert outcome.cause is Cause.REMOTE_UNCERTAIN


@pytest.mark.parametrize(
    ("status", "code", "is_safe"),
    [
        (201, "request_refused", True),
        (400, "request_refused", True),
        (401, "access_refused", True),
        (403, "access_refused", True),
        (404, "request_refused", True),
        (429, "request_refused", True),
        (500, "server_failed", False),
        (503, "server_failed", False),
    ],
)
def test_status(status, code, is_safe):
    check_status(200)
    with pytest.raises(OutgoingError) as caught:
        check_status(status)
    assert (caught.value.code, caught.value.is_safe_to_repeat) == (code, is_safe)
    assert str(status) in caught.value.sentence


def test_every_cause_of_a_change_can_be_said():
    for operation, _code in CHANGES:
        assert (operation, CHANGES[operation, _code]) in ANSWERS

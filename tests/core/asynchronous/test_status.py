"""Questions about earlier messages: both shapes, read and answered."""

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_connect_api.core.asynchronous.known import (
    Logged,
    summarize,
)
from odoo.addons.g2p_spar_connect_api.core.asynchronous.result import Result
from odoo.addons.g2p_spar_connect_api.core.asynchronous.status import (
    Attribute,
    Known,
    Question,
    answer_status,
    read_status,
    reject_status,
)
from odoo.addons.g2p_spar_connect_api.core.errors import InvalidEnvelope
from odoo.addons.g2p_spar_connect_api.core.outcomes_text import write_outcomes
from odoo.addons.g2p_spar_connect_api.core.reply import Receipt
from odoo.addons.g2p_spar_connect_api.core.schema import validator
from odoo.addons.g2p_spar_mapper.core.commands import Outcome
from odoo.addons.g2p_spar_mapper.core.reason import Cause, Operation

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
STAMP = "2026-03-01T12:00:00.000Z"
RECEIPT = Receipt(NOW, "c9")


def question(**values):
    return {
        "reference_id": "q1",
        "txn_type": "link",
        "attribute_type": "transaction_id",
        "attribute_value": "t1",
        **values,
    }


def content(asked, **header):
    return {
        "header": {
            "version": "1.0.0",
            "message_id": "m1",
            "message_ts": STAMP,
            "action": "txn-status",
            "sender_id": "pbms",
            "total_count": 1,
            **header,
        },
        "message": {"transaction_id": "t9", "txnstatus_request": asked},
    }


def read(asked, **header):
    return read_status(content(asked, **header), NOW)


def logged(state="done", references=("r1", "r2"), **values):
    return Logged(
        **{
            "operation": Operation.LINK,
            "transaction_id": "t1",
            "correlation_id": "c1",
            "state": state,
            "at": NOW,
            "total": len(references),
            "succeeded": 0,
            "legacy": False,
            "outcomes": None,
            "references": references,
            "result": None,
            **values,
        }
    )


def outcomes(*causes):
    return write_outcomes([Outcome(cause) for cause in causes])


@pytest.mark.parametrize(
    ("values", "read_as"),
    [
        ({}, (Operation.LINK, Attribute.TRANSACTION, ("t1",))),
        (
            {"txn_type": "on-resolve"},
            (Operation.RESOLVE, Attribute.TRANSACTION, ("t1",)),
        ),
        (
            {"attribute_type": "correlation_id", "attribute_value": "c1"},
            (Operation.LINK, Attribute.CORRELATION, ("c1",)),
        ),
        (
            {"attribute_type": "reference_id_list", "attribute_value": ["a", "b,c"]},
            (Operation.LINK, Attribute.REFERENCES, ("a", "b,c")),
        ),
        (
            {"attribute_type": "reference_id_list", "attribute_value": "a, b"},
            (Operation.LINK, Attribute.REFERENCES, ("a", "b")),
        ),
    ],
)
def test_questions(values, read_as):
    for asked in (question(**values), [question(timestamp=STAMP, **values)]):
        message = read(asked)
        assert message.questions == (Question("q1", *read_as),)
        assert message.is_list == isinstance(asked, list)
        assert message.rejection is None


@pytest.mark.parametrize(
    "asked",
    [
        None,
        "t1",
        [],
        {},
        question(txn_type="delete"),
        question(attribute_type="name"),
        question(attribute_value=5),
        question(attribute_value=[]),
        question(attribute_value=""),
        question(reference_id=""),
        [question(), 7],
    ],
)
def test_what_is_no_question(asked):
    with pytest.raises(InvalidEnvelope):
        read(asked)


@pytest.mark.parametrize(
    ("asked", "header", "code"),
    [
        (question(), {"version": "2"}, "rjct.version.invalid"),
        (question(), {"action": "link"}, "rjct.action.invalid"),
        (question(), {"action": "pay"}, "rjct.action.not_supported"),
        (question(), {"message_ts": "soon"}, "rjct.message_ts.invalid"),
        ([question()] * 21, {}, "rjct.total_count.limit_exceeded"),
    ],
)
def test_headers_that_refuse(asked, header, code):
    message = read(asked, **header)
    assert message.rejection.code == code
    reply = reject_status(message, RECEIPT)
    assert (reply.status, reply.code) == ("rjct", code)
    assert validator("TxnStatusResponse").is_valid(reply.body)


def test_any_spelling_of_the_action():
    for action in ("txn-status", "/mapper/txn/status", "txn/status", "status"):
        assert read(question(), action=action).rejection is None, action


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_anything_is_read_or_refused(value):
    for asked in (value, question(attribute_value=value), [question(txn_type=value)]):
        try:
            message = read(asked)
        except InvalidEnvelope:
            continue
        assert message.count


def test_answer_has_the_shape_of_the_question():
    known = summarize([logged(outcomes=outcomes(Cause.DONE))], None, 10)
    for asked, kind in ((question(), "on-link"), ([question()], "link")):
        body = answer_status(read(asked), [known], RECEIPT).body
        answers = body["message"]["txnstatus_response"]
        assert isinstance(answers, list) == isinstance(asked, list)
        answer = answers[0] if isinstance(answers, list) else answers
        assert answer["txn_type"] == kind
        assert validator("TxnStatusResponse").is_valid(body)


@pytest.mark.parametrize(
    ("messages", "status", "counts"),
    [
        ([logged(outcomes=outcomes(Cause.DONE, Cause.DONE))], "succ", (2, 2)),
        ([logged(outcomes=outcomes(Cause.DONE, Cause.ID_INVALID))], "succ", (2, 2)),
        ([logged(outcomes=outcomes(Cause.ID_INVALID, Cause.BUSY))], "rjct", (2, 2)),
        ([logged("received")], "pdng", (2, 0)),
        ([logged("failed")], "pdng", (2, 0)),
        (
            [logged(outcomes=outcomes(Cause.DONE, Cause.DONE)), logged("received")],
            "pdng",
            (4, 2),
        ),
        ([], "rjct", (0, 0)),
    ],
)
def test_status_of_the_header(messages, status, counts):
    known = summarize(messages, None, 10)
    header = answer_status(read(question()), [known], RECEIPT).body["header"]
    assert header["status"] == status
    assert (header["total_count"], header["completed_count"]) == counts
    assert header["action"] == "txn-on-status"


def test_nothing_known_is_told_as_one_refused_result():
    body = answer_status(read(question()), [None], RECEIPT).body
    answer = body["message"]["txnstatus_response"]
    [result] = answer["txn_status"]["link_response"]
    assert result["reference_id"] == "q1"
    assert result["status_reason_code"] == "rjct.reference_id.invalid"
    assert answer["txn_status"]["transaction_id"] == "t1"
    assert body["header"]["status_reason_code"] == "rjct.errors.too_many"


def test_reasons_are_told_by_reference():
    message = logged(outcomes=outcomes(Cause.DONE, Cause.FA_INVALID))
    results = summarize([message], None, 10).results
    assert [(r["reference_id"], r["status"]) for r in results] == [
        ("r1", "succ"),
        ("r2", "rjct"),
    ]
    assert results[1]["status_reason_code"] == "rjct.fa.invalid"
    assert results[0]["id"] is results[0]["fa"] is None


def test_the_kept_answer_is_told_whole():
    items = [{"reference_id": "r1", "status": "succ", "fa": "f"}]
    body = {"header": {}, "message": {"link_response": items}}
    message = logged(references=("r1",), result=Result(body, []))
    assert summarize([message], None, 10).results == items


def test_by_references():
    messages = [
        logged(outcomes=outcomes(Cause.DONE, Cause.FA_INVALID), places=[1]),
        logged("received", ("r3", "r4"), correlation_id="c2", places=[1]),
    ]
    known = summarize(messages, ["r2", "r4", "r9"], 1)
    told = [(result["reference_id"], result["status"]) for result in known.results]
    assert told == [("r2", "rjct"), ("r4", "pdng"), ("r9", "rjct")]
    assert (known.total, known.completed, known.is_pending) == (3, 2, True)
    assert known.correlation_id == "c2"


def test_too_many_items_are_only_counted():
    messages = [
        logged(outcomes=outcomes(Cause.DONE, Cause.DONE), succeeded=2),
        logged("received"),
    ]
    known = summarize(messages, None, 3)
    assert (known.total, known.completed, known.succeeded) == (4, 2, 2)
    assert known.results == []
    assert "correlation" in known.sentence
    assert known.is_pending


def test_nothing_logged_is_nothing_known():
    assert summarize([], None, 10) is None


def test_facts_of_files_reach_the_header():
    known = Known("t", "c", [], 5, 2, 2, True, "Being read.", {"href": "/x"})
    header = answer_status(read(question()), [known], RECEIPT).body["header"]
    assert header["meta"] == {"href": "/x"}
    assert (header["status"], header["status_reason_message"]) == (
        "pdng",
        "Being read.",
    )

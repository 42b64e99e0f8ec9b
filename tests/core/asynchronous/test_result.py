"""Kept results: an address that changed since is not told."""

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_connect_api.core.asynchronous.result import (
    ELSEWHERE,
    ELSEWHERE_SECONDS,
    Result,
    find_mappings,
    find_sources,
    pack_result,
    unpack_result,
    withhold_changed,
)
from odoo.addons.g2p_spar_mapper.core.commands import Outcome
from odoo.addons.g2p_spar_mapper.core.reason import Cause


def told(number, code="succ.id.active"):
    """A result of a resolve that tells an address."""
    return {
        "reference_id": f"r{number}",
        "fa": f"account:{number}@bank",
        "account_provider_info": {"name": "Bank"},
        "additional_info": [{}],
        "status": "succ",
        "status_reason_code": code,
        "status_reason_message": None,
    }


def resolved(*items):
    return {"header": {}, "message": {"resolve_response": list(items)}}


def statuses(*answers):
    return {
        "header": {},
        "message": {
            "txnstatus_response": [
                {"txn_status": {"resolve_response": items}} for items in answers
            ]
        },
    }


def addresses(result):
    message = result.body["message"]
    items = message.get("resolve_response") or [
        item
        for answer in message["txnstatus_response"]
        for item in answer["txn_status"]["resolve_response"]
    ]
    return [item["fa"] for item in items]


def test_sources_of_outcomes():
    outcomes = [
        Outcome(Cause.ID_ACTIVE, True, fa="f", version=3, mapping_id=7),
        Outcome(Cause.ID_ACTIVE, True, fa="f"),
        Outcome(Cause.FA_ACTIVE, True),
        Outcome(Cause.ID_INACTIVE, version=3, mapping_id=7),
        Outcome(Cause.ID_NOT_FOUND),
    ]
    expected = [(7, 3), (ELSEWHERE, 1000), None, None, None]
    assert find_sources(outcomes, 1000.5) == expected


@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.integers(1, 2), st.booleans()), min_size=1
    ),
    st.booleans(),
)
def test_only_what_still_holds_is_told(mappings, is_status):
    """Each item was read in version 1 of its mapping."""
    versions = {number: (version, pay) for number, version, pay in mappings}
    items = [told(number) for number in (1, 2, 3, 9)]
    body = statuses(items[:2], items[2:]) if is_status else resolved(*items)
    kept = pack_result(Result(body, [(1, 1), (2, 1), (3, 1), None]))
    fresh = withhold_changed(unpack_result(kept), versions, 0)
    expected = [
        f"account:{number}@bank" if versions.get(number) == (1, True) else None
        for number in (1, 2, 3)
    ]
    assert addresses(fresh) == [*expected, "account:9@bank"]
    assert [bool(source) for source in fresh.sources] == [
        *(fa is not None for fa in expected),
        False,
    ]


def test_what_is_said_instead():
    for code, said in (
        ("succ.id.active", "succ.id.inactive"),
        ("succ.fa.active", "succ.fa.inactive"),
    ):
        result = Result(resolved(told(1, code)), [(1, 1)])
        fresh = withhold_changed(result, {}, 0)
        [item] = fresh.body["message"]["resolve_response"]
        assert item["fa"] is item["account_provider_info"] is None
        assert item["additional_info"] is None
        assert (item["status"], item["status_reason_code"]) == ("succ", said)
        assert item["status_reason_message"]


def test_answers_of_writes_are_left_alone():
    body = {"header": {}, "message": {"link_response": [told(1)]}}
    assert withhold_changed(Result(body, []), {}, 0).body == body


def test_what_another_mapper_told_is_passed_on_for_an_hour():
    for age, expected in ((ELSEWHERE_SECONDS, "account:1@bank"), (3601, None)):
        result = Result(resolved(told(1)), [(ELSEWHERE, 1000)])
        fresh = withhold_changed(result, {}, 1000 + age)
        assert addresses(fresh) == [expected]


def test_mappings_to_ask_for():
    elsewhere = Result({}, [(ELSEWHERE, 1000)])
    results = [Result({}, [(1, 1), None]), elsewhere, Result({}, [(2, 5)])]
    assert find_mappings(results) == [1, 2]

"""Validity and coverage of consents, and the way from a token to a person."""

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_connect_api.core.asynchronous.result import (
    Result,
    find_mappings,
    find_sources,
    withhold_changed,
)
from odoo.addons.g2p_spar_consent.core.consent import (
    MOST_DAYS,
    Consent,
    Disclosure,
    allows,
    covers,
    numbered,
    until_of,
    weaker,
)
from odoo.addons.g2p_spar_consent.core.redirect import answer_url, read_addresses
from odoo.addons.g2p_spar_consent.core.resolving import (
    NOBODY,
    find_tokens,
    swap,
    tell,
    write_id,
)
from odoo.addons.g2p_spar_consent.core.words import lines_of, text_hash
from odoo.addons.g2p_spar_mapper.core.commands import (
    Outcome,
    ResolveItem,
    StoredKey,
)
from odoo.addons.g2p_spar_mapper.core.outgoing.place import PlaceError
from odoo.addons.g2p_spar_mapper.core.reason import Cause

NOW = datetime.fromisoformat("2026-11-23 12:00:00")
DAY = timedelta(days=1)
KEY = "token:amina@nationalid"
CONSENT = Consent(5, KEY, "fees", "address", NOW - DAY, NOW + DAY)
FA = "account:123456789@indigo.testbank.testacc"
TOLD = Outcome(
    Cause.ID_ACTIVE,
    True,
    None,
    FA,
    '{"number":"123456789"}',
    1,
    2,
    "indigo",
    '[{"name":"iban","value":"secret"}]',
    "active",
    4,
    99,
)
#: The number of what was told of it, for as long as it holds.
HOLDS = numbered(4, CONSENT.disclosure)
disclosures = st.sampled_from(Disclosure)


@pytest.mark.parametrize(
    ("purpose", "needed", "moment", "expected"),
    [
        ("fees", "payable", NOW, True),
        ("fees", "address", NOW, True),
        ("fees", "address", CONSENT.since, True),
        ("fees", "address", CONSENT.since - timedelta(seconds=1), False),
        ("fees", "address", CONSENT.until - timedelta(seconds=1), True),
        ("fees", "address", CONSENT.until, False),
        ("food", "payable", NOW, False),
        ("Fees", "payable", NOW, False),
        (None, "payable", NOW, False),
        ("", "payable", NOW, False),
    ],
)
def test_a_consent_covers_its_purpose_within_its_time(
    purpose, needed, moment, expected
):
    assert covers(CONSENT, purpose, needed, moment) is expected


@pytest.mark.parametrize(
    ("disclosure", "payable", "masked", "address"),
    [
        ("payable", True, False, False),
        ("masked", True, True, False),
        ("address", True, True, True),
    ],
)
def test_what_a_disclosure_is_enough_for(disclosure, payable, masked, address):
    found = [allows(disclosure, one) for one in Disclosure]
    assert found == [payable, masked, address]


@given(disclosures, disclosures, disclosures)
def test_the_weaker_one_allows_what_both_allow(one, other, needed):
    both = allows(one, needed) and allows(other, needed)
    assert allows(weaker(one, other), needed) is both


@pytest.mark.parametrize("days", [0, -1, MOST_DAYS + 1])
def test_a_period_has_limits(days):
    with pytest.raises(ValueError, match="days"):
        until_of(NOW, days)


def item(person="u-17", details=False, fa=None, code="school"):
    return ResolveItem("r", write_id(person, code), fa, details)


def test_only_own_names_are_found():
    items = [
        item(),
        item(code="other"),
        Cause.ID_INVALID,
        ResolveItem("r", None, FA),
        ResolveItem("r", "TOKEN:U-18@School"),
        ResolveItem("r", "u-17@school"),
        ResolveItem("r", "token:a@b@school"),
        ResolveItem("r", "token:ü@school"),
    ]
    assert find_tokens(items, "school") == {0: "u-17", 4: "U-18", 6: "a@b"}


def swapped(asked, consent=CONSENT, purpose="fees", now=NOW):
    return swap([asked], {0: "u-17"}, {"u-17": consent}, purpose, now)


def test_a_covered_item_is_asked_about_the_person():
    found = swapped(item(details=True))
    assert found.items[0].id == KEY
    assert type(found.items[0].id) is StoredKey
    assert found.items[0].details is True
    assert found.consents == {0: CONSENT}


@pytest.mark.parametrize(
    ("asked", "values", "purpose", "now"),
    [
        (item(), {}, "food", NOW),
        (item(), {}, None, NOW),
        (item(), {}, "fees", NOW + DAY),
        (item(details=True), {"disclosure": "payable"}, "fees", NOW),
        (item(fa=FA), {"disclosure": "masked"}, "fees", NOW),
    ],
)
def test_an_item_outside_is_asked_about_nobody(asked, values, purpose, now):
    found = swapped(asked, CONSENT._replace(**values), purpose, now)
    assert found.items == [asked._replace(id=NOBODY)]
    assert found.consents == {}


def test_without_a_consent_it_is_asked_about_nobody_too():
    assert swapped(item(), None).items == [item()._replace(id=NOBODY)]


def told(disclosure, outcome=TOLD):
    return tell([outcome], {0: CONSENT._replace(disclosure=disclosure)})[0]


def test_yes_or_no_tells_nothing_else():
    number = numbered(4, "payable")
    assert told("payable") == Outcome(
        Cause.ID_ACTIVE, True, mapping_id=-5, version=number
    )


def test_a_masked_address_is_never_in_the_place_of_one_to_be_paid():
    found = told("masked")
    assert found.fa is None
    assert found.fa_parts is None
    assert found.strategy_id is None
    assert (found.provider_id, found.branch_code) == (2, "indigo")
    [masked] = json.loads(found.additional_info)
    assert masked == {
        "name": "fa_masked",
        "value": "account:****789@indigo.testbank.testacc",
    }


def test_an_address_is_told_without_what_others_said():
    found = told("address")
    assert found.fa == FA
    assert found.strategy_id == 1
    assert found.additional_info is None
    assert found.mapping_id == -5


@pytest.mark.parametrize(
    ("versions", "told"),
    [({-5: (HOLDS, True)}, True), ({-5: (HOLDS, False)}, False)]
    + [({-5: (numbered(5, CONSENT.disclosure), True)}, False)]
    + [({-5: (numbered(4, "payable"), True)}, False)]
    + [({}, False), ({99: (HOLDS, True)}, False)],
)
def test_an_answer_that_waits_leaves_only_while_the_consent_holds(versions, told):
    """It is named by its consent: that the mapping still holds is not enough."""
    [outcome] = tell([TOLD], {0: CONSENT})
    answer = {"fa": FA, "status_reason_code": "succ.id.active"}
    body = {"message": {"resolve_response": [answer]}}
    kept = Result(body, find_sources([outcome], NOW.timestamp()))
    assert find_mappings([kept]) == [-5]
    left = withhold_changed(kept, versions, NOW.timestamp())
    [item] = left.body["message"]["resolve_response"]
    assert (item["fa"] == FA) is told
    assert item["status_reason_code"] == f"succ.id.{'' if told else 'in'}active"


@given(
    disclosures,
    st.sampled_from(Cause),
    st.text(max_size=30) | st.none(),
    st.sampled_from(["active", "on_hold", None]),
)
def test_what_is_not_payable_leaves_with_its_cause_alone(
    disclosure, cause, info, state
):
    outcome = TOLD._replace(
        cause=cause, payable=False, additional_info=info, state=state
    )
    assert told(disclosure, outcome) == Outcome(cause)


@given(st.lists(st.integers(0, 4), max_size=8), st.sampled_from(["fees", "food"]))
def test_others_keep_their_places(kinds, purpose):
    """Items of other kinds are never touched, whatever stands beside them."""
    makers = [
        item,
        lambda: item(code="other"),
        lambda: Cause.ID_INVALID,
        lambda: ResolveItem("r", KEY, None, True),
        lambda: item("unknown"),
    ]
    items = [makers[kind]() for kind in kinds]
    tokens = find_tokens(items, "school")
    found = swap(items, tokens, {"u-17": CONSENT}, purpose, NOW)
    assert len(found.items) == len(items)
    for place, (before, after) in enumerate(zip(items, found.items, strict=True)):
        if kinds[place] in (1, 2, 3):
            assert after is before
        else:
            is_known = kinds[place] == 0 and purpose == "fees"
            assert after.id == (KEY if is_known else NOBODY)
            assert (place in found.consents) is is_known


@pytest.mark.parametrize("disclosure", Disclosure)
def test_all_that_is_agreed_to_is_said(disclosure):
    lines = lines_of(disclosure, "School fees, 100 % of them")
    values = {"application": "School", "until": "1 May 2027"}
    said = [line.text % values for line in lines]
    assert said[0] == "School"
    assert said[1] == "School fees, 100 % of them"
    assert any("1 May 2027" in one for one in said)
    assert all(line.label for line in lines)


@given(st.lists(st.text(max_size=9), max_size=4), st.text(max_size=9))
def test_another_word_is_another_hash(sentences, word):
    assert text_hash([*sentences, "a", word]) != text_hash([*sentences, "b", word])


@pytest.mark.parametrize(
    "text",
    [
        "http://school.example/back",
        "https://user@school.example",
        "https://school.example/#x",
        "javascript:alert(1)",
        "//school.example",
        "https://school.example/ok\nhttp://other.example",
    ],
)
def test_unsafe_addresses_are_refused(text):
    with pytest.raises(PlaceError):
        read_addresses(text)


def test_addresses_stand_one_a_line():
    text = " https://a.example/back?x=1 \n\nhttp://localhost:8000/back\n"
    assert read_addresses(text) == [
        "https://a.example/back?x=1",
        "http://localhost:8000/back",
    ]
    assert read_addresses(None) == []


def test_what_goes_back_cannot_add_anything():
    url = answer_url("https://a.example/b", state="a&result=agreed#x", result="refused")
    assert url == "https://a.example/b?state=a%26result%3Dagreed%23x&result=refused"

"""What each operation means, case by case, as partners see it."""

import pytest

from clients.words import (
    OPERATIONS,
    item,
    link_item,
    new_account,
    new_name,
    new_person,
    outcome,
)

pytestmark = pytest.mark.usefixtures("quiet_log")


@pytest.fixture
def linked(api):
    """A linked person: ID and address."""
    person, account = new_person(), new_account()
    assert outcome(api.one("link", id=person, fa=account)) == ("succ", None)
    return person, account


def test_linking_the_same_again_succeeds_without_a_change(api, spar, linked):
    person, account = linked
    before = spar.effects()
    assert outcome(api.one("link", id=person, fa=account)) == ("succ", None)
    assert spar.effects() - before == (0, 0, 1)
    assert spar.mapping(person)["version"] == 1


def test_linking_to_another_address_is_refused(api, spar, linked):
    person, account = linked
    result = api.one("link", id=person, fa=new_account())
    assert outcome(result) == ("rjct", "rjct.id.invalid")
    assert "update" in result["status_reason_message"]
    assert spar.mapping(person)["fa_value"] == account


def test_linking_after_an_unlink_succeeds(api, spar, linked):
    person, _account = linked
    api.one("unlink", id=person)
    account = new_account()
    assert outcome(api.one("link", id=person, fa=account)) == ("succ", None)
    assert api.one("resolve", id=person, scope="details")["fa"] == account
    assert [v["step"] for v in spar.history(person)] == ["link", "unlink", "link"]


def test_an_id_twice_in_one_message(api, spar):
    """The first wins; the second is answered as it would be a second later."""
    person, account = new_person(), new_account()
    results = api.results(
        "link",
        [
            link_item(person, account),
            link_item(person, new_account()),
            link_item(person, account),
        ],
    )
    assert [outcome(r) for r in results] == [
        ("succ", None),
        ("rjct", "rjct.id.invalid"),
        ("succ", None),
    ]
    assert spar.mapping(person)["version"] == 1


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_reference_twice_in_one_message(api, operation):
    fields = {"fa": new_account()} if operation in ("link", "update") else {}
    first = item(id=new_person(), **fields)
    second = item(id=new_person(), reference_id=first["reference_id"], **fields)
    results = api.results(operation, [first, second])
    assert outcome(results[1]) == ("rjct", "rjct.reference_id.duplicate")
    assert outcome(results[0])[1] != "rjct.reference_id.duplicate"


@pytest.mark.parametrize("operation", ["update", "unlink"])
def test_an_unknown_id_is_refused(api, operation):
    person = new_person()
    fields = {"fa": new_account()} if operation == "update" else {}
    result = api.one(operation, id=person, **fields)
    assert outcome(result) == ("rjct", "rjct.id.invalid")
    assert result["id"] == person


def test_an_update_leaves_what_it_does_not_say(api, spar):
    """Empty fields stay, information is merged by name, the old version is kept."""
    person, account, name = new_person(), new_account(), new_name()
    info = [{"name": "ward", "value": "7"}, {"name": "kept", "value": "yes"}]
    api.one("link", id=person, fa=account, name=name, additional_info=info)
    api.one("update", id=person, fa="", additional_info=[{"name": "ward", "value": 8}])
    row = spar.mapping(person)
    assert (row["fa_value"], row["name"], row["version"]) == (account, name, 2)
    result = api.one("resolve", id=person, scope="details")
    assert {i["name"]: i["value"] for i in result["additional_info"][1:]} == {
        "ward": 8,
        "kept": "yes",
    }
    assert len(spar.history(person)) == 2


def test_unlink_with_another_address_is_refused(api, spar, linked):
    person, _account = linked
    result = api.one("unlink", id=person, fa=new_account())
    assert outcome(result) == ("rjct", "rjct.fa.invalid")
    assert spar.mapping(person)["state"] == "active"


def test_unlink_with_its_address_succeeds(api, linked):
    person, account = linked
    result = api.one("unlink", id=person, fa=account)
    assert outcome(result) == ("succ", None)
    assert result["id"] == person


def test_yes_no_tells_no_address(api, linked):
    person, account = linked
    for scope in ({}, {"scope": "yes_no"}):
        result = api.one("resolve", id=person, **scope)
        assert outcome(result) == ("succ", "succ.id.active")
        assert result["fa"] is None
        assert result["account_provider_info"] is None
    asked = api.one("resolve", id=person, fa=account)
    assert (outcome(asked), asked["fa"]) == (("succ", "succ.id.active"), account)


@pytest.mark.parametrize("scope", ["yes_no", "details"])
def test_id_with_anothers_address_is_never_told_the_real_one(api, linked, scope):
    person, account = linked
    answer = api.send("resolve", [item(id=person, fa=new_account(), scope=scope)])
    [result] = answer["message"]["resolve_response"]
    assert outcome(result) == ("succ", "succ.fa.not_linked_to_id")
    assert result["fa"] is None
    assert account not in str(answer)


def test_an_address_alone(api, new_partner, linked):
    """Whose it is, only partners with that right are told, and only in details."""
    person, account = linked
    _record, asker = new_partner(may_reverse=True)
    assert outcome(api.one("resolve", fa=account)) == ("succ", "succ.fa.active")
    assert api.one("resolve", fa=account, scope="details")["id"] is None
    assert asker.one("resolve", fa=account)["id"] is None
    assert asker.one("resolve", fa=account, scope="details")["id"] == person
    assert outcome(api.one("resolve", fa=new_account()))[1] == "succ.fa.not_found"


def test_an_address_of_two_people_names_neither(api, new_partner, linked):
    _person, account = linked
    assert outcome(api.one("link", id=new_person(), fa=account)) == ("succ", None)
    _record, asker = new_partner(may_reverse=True)
    result = asker.one("resolve", fa=account, scope="details")
    assert (outcome(result)[1], result["id"]) == ("succ.fa.active", None)


def test_asking_for_nothing_is_refused_in_its_place(api, linked):
    person, _account = linked
    results = api.results("resolve", [item(), item(id=person)])
    assert [outcome(r) for r in results] == [
        ("rjct", "rjct.id.invalid"),
        ("succ", "succ.id.active"),
    ]


def test_an_id_is_found_however_its_type_is_written(api, linked):
    """Type and provider fold case, the token does not; the original is echoed."""
    person, account = linked
    spoken = person.replace("token:", "TOKEN:").replace("@nationalId", "@NATIONALID")
    result = api.one("resolve", id=spoken, scope="details")
    assert (result["fa"], result["id"]) == (account, spoken)
    other = person.replace("bbx", "BBX")
    assert outcome(api.one("resolve", id=other))[1] == "succ.id.not_found"


def test_a_prefix_is_only_for_those_with_the_right(api, new_partner, linked):
    person, account = linked
    prefix = account.split("@")[0] + "@"
    _record, oracle = new_partner(may_prefix=True, may_reverse=True)
    found = oracle.one("resolve", fa=prefix, scope="details")
    assert (outcome(found)[1], found["id"]) == ("succ.fa.active", person)
    refused = api.one("resolve", fa=prefix, scope="details")
    assert outcome(refused)[1] != "succ.fa.active"


# === MAPPINGS THAT MUST NOT BE PAID === #


def test_held_mapping_is_never_paid_and_cannot_be_changed(api, spar, officer, linked):
    """A mapping under review comes back without its address, whoever asks how."""
    person, account = linked
    hold(officer, spar, person)
    for scope in ("yes_no", "details"):
        for fields in ({"id": person}, {"id": person, "fa": account}):
            answer = api.send("resolve", [item(scope=scope, **fields)])
            [result] = answer["message"]["resolve_response"]
            assert outcome(result) == ("succ", "succ.id.inactive")
            assert result["fa"] is None
            assert result["account_provider_info"] is None
    inactive = api.one("resolve", fa=account, scope="details")
    assert (outcome(inactive)[1], inactive["fa"]) == ("succ.fa.inactive", None)
    assert outcome(api.one("link", id=person, fa=new_account())) == (
        "rjct",
        "rjct.other.error",
    )
    for operation in ("update", "unlink"):
        result = api.one(operation, id=person, fa=account)
        assert outcome(result) == ("rjct", "rjct.id.invalid")
        assert "review" in result["status_reason_message"]


def hold(officer, spar, person: str) -> None:
    """Let an officer put a mapping on hold, by the same steps as on the screen."""
    mapping = spar.mapping(person)
    context = {"default_mapping_ids": [mapping["id"]]}
    values = {"operation": "hold", "reason": "Under review"}
    record = officer.call(
        "g2p.spar.mapping.change", "create", [values], context=context
    )
    officer.call("g2p.spar.mapping.change", "action_apply", record, context=context)
    assert spar.mapping(person)["state"] == "on_hold"


def test_expired_link_is_not_paid_and_may_be_made_anew(api, spar, officer):
    """A link whose end has come is inactive at once; a new link begins a version."""
    person, account = new_person(), new_account()
    values = {
        "operation": "link",
        "id_input": person,
        "address_entry": "text",
        "fa_text": account,
        "reason": "For one season",
        "valid_until": "2099-01-01 00:00:00",
    }
    record = officer.call("g2p.spar.mapping.change", "create", [values])
    officer.call("g2p.spar.mapping.change", "action_apply", record)
    spar.rows(
        "UPDATE g2p_spar_mapping SET valid_until = '2026-01-01' WHERE id_value = %s"
        " RETURNING id",
        person,
    )
    gone = api.one("resolve", id=person, scope="details")
    assert (outcome(gone)[1], gone["fa"]) == ("succ.id.inactive", None)
    update = api.one("update", id=person, fa=new_account())
    assert outcome(update) == ("rjct", "rjct.id.invalid")
    assert "use link" in update["status_reason_message"]
    fresh = new_account()
    assert outcome(api.one("link", id=person, fa=fresh)) == ("succ", None)
    assert api.one("resolve", id=person, scope="details")["fa"] == fresh
    assert [v["version"] for v in spar.history(person)] == [1, 2]


# === PARTNERS DIFFER === #


def test_a_sender_of_1_1_gets_its_own_reason_codes(new_partner):
    _record, old = new_partner(legacy_codes=True)
    person = new_person()
    unknown = old.one("resolve", id=person)
    assert outcome(unknown) == ("succ", "succ.fa.not_linked_to_id")
    old.one("link", id=person, fa=new_account())
    again = old.one("link", id=person, fa=new_account())
    assert outcome(again) == ("rjct", "rjct.reference_id.duplicate")


def test_a_sender_gets_addresses_in_the_form_it_reads(new_partner, admin, linked):
    """Its output strategy writes them; what another sent stays what it was."""
    person, account = linked
    [form] = admin.call("g2p.spar.strategy", "search", [["number", "=", 1001]])
    _record, payer = new_partner(
        output_form="chosen", output_strategy_ids=[(6, 0, [form])]
    )
    number = account.removeprefix("account:").partition("@")[0]
    told = payer.one("resolve", id=person, scope="details")["fa"]
    assert told == f"account:{number}@indigo.dfsp1.bank"


def test_the_header_fails_only_when_all_items_do(api, linked):
    person, _account = linked
    mixed = api.send("unlink", [item(id=new_person()), item(id=person)])["header"]
    assert (mixed["status"], mixed["status_reason_code"]) == ("succ", None)
    assert (mixed["total_count"], mixed["completed_count"]) == (2, 2)
    bad = api.send("unlink", [item(id=new_person()), item(id=person)])["header"]
    assert (bad["status"], bad["status_reason_code"]) == (
        "rjct",
        "rjct.errors.too_many",
    )

"""A change that waits, as its person sees it: kept, given up, disputed, made."""

import pytest
from playwright.sync_api import expect

from clients.esignet import id_of, new_number
from clients.looks import Looks
from clients.portal import HOME
from clients.running import wait_until
from clients.words import new_number as new_account_number

pytestmark = pytest.mark.usefixtures("quiet_log")

POLICY, ID_TYPE = "g2p.spar.change.policy", "g2p.spar.id.type"
LIFE = ("valid_days", "grace_days", "warn_days")
#: Languages that are written in both directions, with scripts and without.
WALKS = pytest.mark.parametrize(
    ("language", "scripts"), [("en", True), ("ar", False)], ids=["en", "ar-no-scripts"]
)


@pytest.fixture
def holder(visitor, spar, axe):
    """Factory of persons with an account, logged in.

    :return: function of language and scripts -> person, number, account and looks
    """

    def make(language: str = "en", scripts: bool = True):
        person = visitor(language, java_script_enabled=scripts)
        folder = spar.settings.run / "pictures" / "waiting"
        looks = Looks(person, folder, scripts, axe if scripts else None)
        number, account = new_number(), new_account_number()
        person.log_in(number)
        person.change(account)
        return person, number, account, looks

    return make


@pytest.fixture
def policy(admin, spar):
    """Factory of policies for the portal and one type of ID; over after the test."""
    made = []

    def make(person: str, **values) -> None:
        values = {
            "name": "A day to object",
            "effect": "wait",
            "hours": 24,
            "by_portal": True,
            "id_type_ids": [(6, 0, [spar.mapping(person)["id_type_id"]])],
        } | values
        made.extend(admin.call(POLICY, "create", [values]))

    yield make
    admin.call(POLICY, "write", made, {"active": False})


@pytest.fixture
def life(admin, spar):
    """Function that lets accounts of a person's type of ID last a year; undone."""
    before = []

    def set_life(person: str) -> None:
        id_type = spar.mapping(person)["id_type_id"]
        before.extend(admin.call(ID_TYPE, "read", [id_type], LIFE))
        values = {"valid_days": 365, "grace_days": 30, "warn_days": "30, 7"}
        admin.call(ID_TYPE, "write", [id_type], values)

    yield set_life
    for kept in before:
        admin.call(ID_TYPE, "write", [kept.pop("id")], kept)


def waits_of(spar, person: str) -> dict:
    """The last change of a person that had to wait."""
    [row] = spar.rows(
        "SELECT p.* FROM g2p_spar_pending_change p"
        " JOIN g2p_spar_mapping m ON m.id = p.mapping_id"
        " WHERE m.id_value = %s ORDER BY p.id DESC LIMIT 1",
        person,
    )
    return row


def to_review(person, account: str) -> None:
    """Choose another account, up to the page that shows both."""
    person.open(f"{HOME}/change")
    person.choose_bank()
    person.type_number(account)
    person.sees("/review")


@WALKS
def test_a_change_waits_and_is_given_up(holder, policy, spar, language, scripts):
    person, number, first, looks = holder(language, scripts)
    owner, second = id_of(number), new_account_number()
    policy(owner)

    to_review(person, second)
    looks.at("review")
    expect(person.page.locator("main form .notice.warn")).to_be_visible()
    person.submit()
    person.pass_provider(number, finger=True)
    reference = person.reference()
    looks.at("receipt")
    assert waits_of(spar, owner)["state"] == "waiting"
    assert first in spar.mapping(owner)["fa_value"]
    assert spar.mapping(owner)["state"] == "active"

    person.open()
    looks.at("overview")
    shown = person.page.locator("main").inner_text()
    assert {one[-3:] in shown for one in (first, second)} == {True}
    assert second not in person.page.content()
    person.open(f"{HOME}/change")
    looks.at("blocked")
    person.follow("/keep")
    looks.at("keep")
    person.submit("main form[action$='/keep/present']")
    expect(person.page.locator("main .notice.good").first).to_be_visible()
    looks.at("kept")
    assert waits_of(spar, owner)["state"] == "withdrawn"
    assert first in spar.mapping(owner)["fa_value"]

    person.open(f"{HOME}/history")
    looks.at("history")
    expect(person.page.locator("main ol > li")).to_have_count(3)
    expect(person.page.locator("main ol")).to_contain_text(reference)


@WALKS
def test_a_change_of_a_thief_is_disputed(holder, policy, spar, language, scripts):
    person, number, first, looks = holder(language, scripts)
    owner = id_of(number)
    policy(owner, payment="stop")
    to_review(person, new_account_number())
    looks.at("review-held")
    person.submit()
    person.pass_provider(number, finger=True)
    person.reference()
    assert spar.mapping(owner)["state"] == "on_hold"

    person.open()
    looks.at("overview-held")
    person.submit("main form[action$='/dispute']")
    person.reference()
    assert spar.mapping(owner)["state"] == "suspended"
    assert waits_of(spar, owner)["state"] == "disputed"
    assert first in spar.mapping(owner)["fa_value"]
    person.open()
    looks.at("overview-disputed")


def test_a_change_is_made_when_its_time_has_come(holder, policy, spar):
    person, number, _first, looks = holder()
    owner, second = id_of(number), new_account_number()
    policy(owner)
    to_review(person, second)
    person.submit()
    person.pass_provider(number, finger=True)
    reference = person.reference()

    spar.rows(
        "UPDATE g2p_spar_pending_change SET due_at = due_at - interval '25 hours'"
        " WHERE id = %s RETURNING id",
        waits_of(spar, owner)["id"],
    )
    spar.run_actions(["g2p_spar_mapper.ir_cron_apply"])
    wait_until(lambda: second in spar.mapping(owner)["fa_value"], "it was made", 90)

    person.open()
    expect(person.page.locator("main .notice").first).to_have_class("notice good")
    expect(person.page.locator("main")).to_contain_text(second[-3:])
    person.open(f"{HOME}/change/receipt/{reference}")
    looks.at("receipt-made")


@WALKS
def test_an_account_goes_on_with_one_tap(holder, life, spar, language, scripts):
    person, number, first, looks = holder(language, scripts)
    owner = id_of(number)
    life(owner)
    spar.rows(
        "UPDATE g2p_spar_mapping SET valid_until = now() AT TIME ZONE 'utc'"
        " - interval '5 days' WHERE id_value = %s RETURNING id",
        owner,
    )

    person.open()
    looks.at("grace")
    person.page.locator("main form[action$='/renew'] button").focus()
    person.page.keyboard.press("Enter")
    expect(person.page.locator("main .notice.good").first).to_be_visible()
    looks.at("renewed")
    assert first in spar.mapping(owner)["fa_value"]
    assert spar.history(owner)[-1]["step"] == "renew"

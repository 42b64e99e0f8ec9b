"""A person walks through every page of the portal.

In two languages, one of them written from right to left, with JavaScript and without.
Every page is photographed below the run folder (``blackbox/pictures/portal``).
"""

import uuid

import pytest
from playwright.sync_api import expect

from clients.esignet import id_of, new_number, number_of
from clients.looks import Looks
from clients.portal import HOME
from clients.words import new_number as new_account_number

pytestmark = pytest.mark.usefixtures("quiet_log")

WALKS = pytest.mark.parametrize(
    ("language", "scripts"),
    [("en", True), ("en", False), ("ar", True), ("ar", False)],
    ids=["english", "english-no-scripts", "arabic", "arabic-no-scripts"],
)


@pytest.fixture
def walker(visitor, spar, axe):
    """Factory of a person with eyes for what every page must be."""

    def walk(language: str, scripts: bool):
        one = visitor(language, java_script_enabled=scripts)
        folder = spar.settings.run / "pictures" / "portal"
        return one, Looks(one, folder, scripts, axe if scripts else None)

    return walk


@WALKS
def test_first_account_then_another_then_not_me(walker, spar, language, scripts):
    """From nothing to an account, to another one with a step-up, to a dispute."""
    person, looks = walker(language, scripts)
    number, first, second = new_number(), new_account_number(), new_account_number()

    person.open()
    looks.at("login")
    person.submit("main form.buttons")
    person.pass_provider(number)
    person.sees(HOME)
    looks.at("empty")
    person.follow("/change")
    looks.at("change-type")
    person.page.click("button[name=fa_type][value=BANK_ACCOUNT]")
    for step in ("provider", "branch"):
        person.sees(f"/{step}")
        looks.at(f"change-{step}")
        person.page.locator("#choose label.choice").first.click()
        person.submit("#choose")
    looks.at("change-number")
    person.type_number(first)
    person.sees("/review")
    looks.at("change-review-first")
    person.submit()
    reference = person.reference()
    looks.at("receipt")
    assert spar.mapping(id_of(number))["version"] == 1
    assert first in spar.mapping(id_of(number))["fa_value"]

    person.open(f"{HOME}/change")
    person.choose_bank()
    person.type_number(second)
    person.sees("/review")
    looks.at("change-review-second")
    person.submit()
    person.pass_provider(number, finger=True)
    assert person.reference() != reference
    person.open(f"{HOME}/history")
    looks.at("history")
    expect(person.page.locator("main")).to_contain_text(reference)
    assert first not in person.page.content()

    person.open()
    looks.at("overview")
    person.submit("main form[action$='/dispute']")
    person.reference()
    looks.at("disputed")
    person.open()
    looks.at("overview-disputed")
    assert spar.mapping(id_of(number))["state"] == "suspended"
    person.open(f"{HOME}/change")
    looks.at("change-blocked")


@WALKS
def test_contacts_then_removal_then_the_end(walker, spar, esignet, language, scripts):
    """Phone and e-mail by a code, the account removed, logged out."""
    person, looks = walker(language, scripts)
    number = new_number()
    person.log_in(number)
    person.change(new_account_number())

    person.open(f"{HOME}/profile")
    looks.at("profile-empty")
    phone = f"+2547{uuid.uuid4().int % 10**8:08}"
    mail = f"bbx{uuid.uuid4().hex}@example.org"
    for kind, value in (("phone", phone), ("email", mail)):
        person.follow(f"/profile/{kind}")
        looks.at(f"contact-{kind}")
        person.page.fill("#value", value)
        person.submit()
        looks.at(f"contact-{kind}-code")
        person.page.fill("#code", "000000")
        person.submit("main form[action$='/confirm']")
        looks.at(f"contact-{kind}-wrong-code")
        person.page.fill("#code", esignet.wait_for_code(value))
        person.submit("main form[action$='/confirm']")
        person.page.wait_for_url("**/profile")
    looks.at("profile")
    person.follow("/profile/phone/remove")
    looks.at("contact-remove")

    person.open(f"{HOME}/remove")
    looks.at("remove")
    person.submit("main form[action$='/remove/start']")
    person.pass_provider(number, finger=True)
    person.reference()
    looks.at("removed")
    assert spar.mapping(id_of(number))["state"] == "unlinked"
    person.page.click("form[action$='/logout'] button")
    person.sees("/spar/ended")
    looks.at("ended")
    person.open()
    person.sees("/spar/login")


@WALKS
def test_each_story_is_told(walker, language, scripts):
    """The demonstration's six people see how things stand, and what they can do."""
    shown = {}
    for story in ("unmapped", "bank", "wallet", "on_hold", "disputed", "expired"):
        person, looks = walker(language, scripts)
        person.log_in(number_of(story))
        looks.at(f"story-{story}")
        links = person.page.locator("main a[href*='/change']").count()
        shown[story] = (
            bool(links),
            person.page.locator("main section.card").count() > 0,
            person.page.locator("#state").inner_text(),
        )
        person.page.context.close()

    can_change = {story for story, (links, *_rest) in shown.items() if links}
    has_card = {story for story, (_links, card, _said) in shown.items() if card}
    assert can_change == {"unmapped", "bank", "wallet", "expired"}
    assert has_card == set(shown) - {"unmapped"}
    # A bank and a wallet in good order are told the same way; all others differ.
    assert len({said for *_rest, said in shown.values()}) == 5


@WALKS
def test_a_failure_says_what_to_do(walker, esignet, language, scripts):
    """Who says no at the provider comes to a page with a way on."""
    person, looks = walker(language, scripts)
    person.open()
    person.submit("main form.buttons")
    person.page.click("#cancel")
    person.sees("/spar/login/failed/access_denied")
    looks.at("failed-denied")
    person.follow("/spar/login")
    person.open(f"{HOME}/nothing-here")
    looks.at("not-found", language_known=False)

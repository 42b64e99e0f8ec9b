"""A person walks through every page of the portal.

In two languages, one of them written from right to left, with JavaScript and without.
Every page is photographed below the run folder (``blackbox/pictures/portal``).
"""

import uuid

import pytest
from playwright.sync_api import expect

from clients.esignet import id_of, new_number, number_of
from clients.looks import Looks
from clients.portal import HOME, LANGUAGES
from clients.words import new_number as new_account_number
from clients.words import new_phone

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
def test_first_account(walker, spar, language, scripts):
    """From nothing to an account, with every slip on the way."""
    person, looks = walker(language, scripts)
    number, account = new_number(), new_account_number()
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
        choose_at_last(person, looks, step)
    person.sees("/number")
    looks.at("change-number")
    person.page.fill("#part_account_number", account)
    person.page.fill("#again_account_number", new_account_number())
    person.submit("#numbers")
    expect(person.page.locator("main .notice[role=alert]")).to_be_visible()
    looks.at("change-number-differs")
    person.type_number(account)
    person.sees("/review")
    looks.at("change-review-first")
    person.submit()
    reference = person.reference()
    looks.at("receipt")

    assert reference in person.kept_receipt()
    held = spar.mapping(id_of(number))
    assert held["version"] == 1
    assert account in held["fa_value"]


def choose_at_last(person, looks, step: str) -> None:
    """Search for what is not there, send nothing, then take the first of the list."""
    looks.at(f"change-{step}")
    person.page.fill("#q", "zzzz")
    person.submit("form.search")
    person.page.wait_for_url("**?q=zzzz")
    expect(person.page.locator("#choose label.choice")).to_have_count(0)
    looks.at(f"change-{step}-nothing-found")
    person.page.go_back()
    person.submit("#choose")
    expect(person.page.locator("#problem")).to_be_visible()
    looks.at(f"change-{step}-nothing-chosen")
    person.page.locator("#choose label.choice").first.click()
    person.submit("#choose")


@WALKS
def test_another_account_then_not_me(walker, spar, language, scripts):
    """Another account with a step-up, what happened, and a dispute."""
    person, looks = walker(language, scripts)
    number, first, second = new_number(), new_account_number(), new_account_number()
    person.log_in(number)
    old = person.change(first)
    person.open(f"{HOME}/change")
    person.choose_bank()
    person.type_number(first)
    person.sees("/review")
    looks.at("change-review-same")
    person.follow("/number")
    person.type_number(second)
    person.sees("/review")
    looks.at("change-review-second")
    person.submit()
    person.pass_provider(number, finger=True)
    reference = person.reference()
    assert reference != old
    person.open(f"{HOME}/history")
    looks.at("history")
    # Cards, not a numbered list; and a link looks like one.
    expect(person.page.locator("main ol")).to_have_css("list-style-type", "none")
    link = person.page.locator("main ol a bdi").first
    expect(link).to_have_css("text-decoration-line", "underline")
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
def test_wallet_then_somebody_else_tries(walker, spar, language, scripts):
    """A kind without branches; then a second login of another person."""
    person, looks = walker(language, scripts)
    number, phone = new_number(), new_phone()
    person.log_in(number, f"{HOME}/change")
    person.choose_wallet()
    looks.at("wallet-number")
    person.type_number(phone, part="mobile_number")
    person.sees("/review")
    looks.at("wallet-review")
    person.submit()
    person.reference()
    looks.at("wallet-receipt")
    held = spar.mapping(id_of(number))
    assert phone.lstrip("+") in held["fa_value"]

    person.open(f"{HOME}/change")
    person.choose_bank()
    person.type_number(new_account_number())
    person.agree()
    person.pass_provider(new_number(), finger=True)
    person.sees("/spar/login/failed/other_person")
    looks.at("failed-other-person")
    assert spar.mapping(id_of(number)) == held


@pytest.mark.parametrize("language", ["en", "ar"])
def test_search_as_one_types(walker, language):
    """The list that opens below the field, and what it says when nothing fits."""
    person, looks = walker(language, True)
    person.log_in(new_number(), f"{HOME}/change")
    person.page.click("button[name=fa_type][value=BANK_ACCOUNT]")
    person.sees("/provider")
    name = person.page.locator("#choose label.choice bdi").last.inner_text()
    person.page.fill("#q", name[:3])
    option = person.page.locator("#options [role=option]", has_text=name)
    expect(option).to_be_visible()
    looks.at("change-provider-typed")
    person.page.fill("#q", "zzzz")
    expect(option).to_be_hidden()
    looks.at("change-provider-typed-nothing")
    person.page.fill("#q", name[:3])
    option.click()
    looks.at("change-provider-clicked")
    person.submit("#choose")
    person.page.wait_for_url(lambda url: not url.endswith("/provider"))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_warning_before_the_end(walker, language):
    """What stands over the page a minute before a session ends."""
    person, looks = walker(language, True)
    person.page.clock.install()
    person.log_in(number_of("bank"))
    person.page.wait_for_load_state("load")
    person.page.clock.fast_forward(9 * 60_000 + 5_000)
    expect(person.page.locator("#idle")).to_be_visible()
    looks.at("warning")


@WALKS
def test_contacts_then_removal_then_the_end(walker, spar, esignet, language, scripts):
    """Phone and e-mail by a code, the account removed, logged out."""
    person, looks = walker(language, scripts)
    number = new_number()
    person.log_in(number)
    person.change(new_account_number())

    person.open(f"{HOME}/profile")
    looks.at("profile-empty")
    phone = new_phone()
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
    person.submit("main form[action$='/removed']")
    person.follow("/profile/email/remove")
    looks.at("contact-remove-last")

    choose_language(person, "fr_FR", "fr-FR")
    person.page.click(f"footer a[hreflang={LANGUAGES[language][1]}]")
    expect(person.page.locator("html")).to_have_attribute(
        "lang", LANGUAGES[language][1]
    )

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


def choose_language(person, code: str, tag: str) -> None:
    """Choose a language on the page of one's details; the page is shown in it."""
    person.open(f"{HOME}/profile")
    person.page.select_option("#lang", code)
    person.submit("main form[action$='/language']")
    expect(person.page.locator("html")).to_have_attribute("lang", tag)


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
        for page in ("history", "remove"):
            person.open(f"{HOME}/{page}")
            looks.at(f"story-{story}-{page}")
        person.open("/my")
        expect(person.page.locator(f"a[href$='{HOME}']").first).to_be_visible()
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

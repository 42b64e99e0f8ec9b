"""Everybody can get to the portal: cheap phone, slow line, no mouse, weak eyes.

How each page looks at 320 px and in letters twice as big is checked on every page of
the walks (``clients/looks.py``).
"""

import pytest
from playwright.sync_api import expect

from clients.esignet import id_of, new_number, number_of
from clients.keyboard import Keyboard
from clients.line import Line
from clients.portal import HOME
from clients.sessions import leave_alone
from clients.words import new_number as new_account_number

pytestmark = pytest.mark.usefixtures("quiet_log")

BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
#: Bytes of a cold page: with its style sheet at least, and never more.
LEAST, MOST = 5_000, 150_000
#: The most a person waits for a page to be readable, milliseconds.
PATIENCE_MS = 10_000
IDLE_MINUTES, WARNING_SECONDS = 10, 60
CLOSED = "/spar/ended"


# === A SLOW LINE === #


@pytest.mark.parametrize("language", ["en", "ar"])
def test_first_page_is_light(visitor, language):
    """At most 150 kB over the wire with nothing kept: before the login and after it."""
    person = visitor(language)
    line = Line(person.page)
    person.open()
    assert line.loaded("/spar/login")
    assert line.loaded("/css/portal.css")
    assert LEAST < line.bytes() < MOST

    person.submit("main form.buttons")
    person.pass_provider(number_of("bank"))
    person.sees(HOME)
    person.page.wait_for_load_state("networkidle")
    line.forget()
    person.open()
    person.page.wait_for_load_state("networkidle")
    assert line.loaded("/css/portal.css")
    assert line.loaded("/js/idle.js")
    assert LEAST < line.bytes() < MOST


def test_every_page_is_light(visitor):
    """The heaviest page of a change too, with nothing kept."""
    person = visitor()
    person.log_in(new_number())
    line = Line(person.page)

    def weigh(what: str) -> None:
        person.page.wait_for_load_state("networkidle")
        line.forget()
        person.page.reload()
        person.page.wait_for_load_state("networkidle")
        assert line.loaded("/css/portal.css"), what
        assert LEAST < line.bytes() < MOST, what

    person.open(f"{HOME}/change")
    weigh("kinds")
    person.page.click("button[name=fa_type][value=BANK_ACCOUNT]")
    for step in ("/provider", "/branch"):
        person.sees(step)
        weigh(step)
        person.page.locator("#choose label.choice").first.click()
        person.submit("#choose")
    person.sees("/number")
    weigh("number")
    person.type_number(new_account_number())
    person.sees("/review")
    weigh("review")
    person.agree()
    person.reference()
    weigh("receipt")
    for path in ("/history", "/profile", "/profile/phone", "/remove"):
        person.open(HOME + path)
        weigh(path)


@BOTH
def test_login_and_overview_on_a_2g_line(visitor, scripts):
    """400 ms there and back, 250 kbit/s: every page is readable in ten seconds."""
    person = visitor(java_script_enabled=scripts)
    line = Line(person.page)
    line.slow_down(latency_ms=400, kilobits=250)

    person.open()
    waited = [line.waited_ms()]
    person.submit("main form.buttons")
    person.pass_provider(number_of("bank"))
    person.sees(HOME)
    expect(person.page.locator("#state")).to_be_visible()
    waited.append(line.waited_ms())

    # The line was slow indeed, and the pages were readable all the same.
    assert all(400 < one < PATIENCE_MS for one in waited), waited


def test_search_on_a_line_that_fails(visitor):
    """Nothing comes as one types; the button works when the line is back."""
    person = visitor()
    person.log_in(new_number())
    person.open(f"{HOME}/change")
    person.page.click("button[name=fa_type][value=BANK_ACCOUNT]")
    person.sees("/provider")
    name = person.page.locator("#choose label.choice bdi").first.inner_text()
    person.page.context.set_offline(True)
    person.page.fill("#q", name)
    person.page.wait_for_event("requestfailed")
    expect(person.page.locator("#options")).to_be_hidden()
    person.page.context.set_offline(False)

    person.submit("form.search")

    person.page.wait_for_url("**/provider?q=*")
    expect(person.page.locator("#choose label.choice bdi").first).to_have_text(name)


# === WITHOUT A MOUSE === #


def write_and_agree(person, keys, account):
    """Type a number twice, agree to it, and come to the receipt, by keyboard."""
    person.sees("/number")
    keys.type("#part_account_number", account)
    keys.type("#again_account_number", account)
    keys.press("Enter")
    person.sees("/review")
    keys.go_to("main form button[type=submit]")
    keys.press("Enter")
    person.reference()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_change_by_typing_and_arrows_alone(visitor, spar, language):
    """From the login to the receipt with Tab, arrows and Enter, by searching."""
    person, number, account = visitor(language), new_number(), new_account_number()
    keys = Keyboard(person)
    person.open(f"{HOME}/change")
    keys.go_to("main form.buttons button")
    keys.press("Enter")
    person.pass_provider(number)
    person.sees("/change")
    keys.go_to("button[value=BANK_ACCOUNT]")
    keys.press("Enter")
    for step in ("/provider", "/branch"):
        person.sees(step)
        first = person.page.locator("#choose label.choice bdi").first.inner_text()
        keys.type("#q", first[:4])
        expect(person.page.locator("#options [role=option]").first).to_be_visible()
        keys.press("ArrowDown")
        chosen = person.page.locator("#options [aria-selected=true]")
        expect(chosen).to_have_count(1)
        active = person.page.locator("#q").get_attribute("aria-activedescendant")
        assert active == chosen.get_attribute("id")
        # It is chosen, and the focus is on the button that goes on.
        keys.press("Enter")
        expect(person.page.locator("#choose button:focus")).to_be_visible()
        keys.press("Enter")
    write_and_agree(person, keys, account)
    assert account in spar.mapping(id_of(number))["fa_value"]


def test_change_by_lists_and_arrows_alone(visitor, spar):
    """The same without scripts: the lists of choices are gone through with arrows."""
    person = visitor(java_script_enabled=False)
    number, account = new_number(), new_account_number()
    keys = Keyboard(person)
    person.log_in(number, f"{HOME}/change")
    keys.go_to("button[value=BANK_ACCOUNT]")
    keys.press("Enter")
    for step in ("/provider", "/branch"):
        person.sees(step)
        keys.go_to("#choose input[name=code]")
        keys.press("Space")
        expect(person.page.locator("#choose input:checked")).to_be_focused()
        keys.go_to("#choose button[type=submit]")
        keys.press("Enter")
    write_and_agree(person, keys, account)
    assert account in spar.mapping(id_of(number))["fa_value"]


def test_first_tab_leads_past_the_head(visitor):
    """The first stop of the keyboard is the way to the content."""
    person = visitor()
    person.log_in(number_of("bank"))
    person.page.keyboard.press("Tab")
    focus = person.page.locator(":focus")
    expect(focus).to_have_class("skip")
    expect(focus).to_be_in_viewport()
    person.page.keyboard.press("Enter")
    expect(person.page.locator("main")).to_be_focused()


# === WHO GOES AWAY === #


def test_idle_person_is_logged_out(visitor, spar):
    """After ten minutes the page says so and the session opens nothing any more."""
    person = visitor()
    person.page.clock.install()
    person.log_in(number_of("bank"))
    person.page.wait_for_load_state("load")
    leave_alone(spar.settings, person.page.context, IDLE_MINUTES)

    person.page.clock.fast_forward(IDLE_MINUTES * 60_000 + 1000)

    person.sees(CLOSED)
    expect(person.page.locator("main")).to_contain_text(str(IDLE_MINUTES))
    person.open()
    person.sees("/spar/login")
    assert "****" not in person.page.content()


def test_idle_person_without_scripts_is_logged_out(visitor, spar):
    """The page itself leads to the end; what is pressed after it does nothing."""
    person = visitor(java_script_enabled=False)
    person.log_in(number_of("bank"))
    ahead = person.page.locator("meta[http-equiv=refresh]").get_attribute("content")
    assert ahead == f"{IDLE_MINUTES * 60};url={CLOSED}"
    leave_alone(spar.settings, person.page.context, IDLE_MINUTES)

    person.follow("/history")

    person.sees("/spar/login")
    expect(person.page.locator("main form.buttons")).to_be_visible()


# === BACK === #


@BOTH
def test_back_after_the_end_changes_nothing(visitor, spar, scripts):
    """Back to each page of a change that is made: it leads on, and nothing is sent."""
    person, number = visitor(java_script_enabled=scripts), new_number()
    person.log_in(number)
    reference = person.change(new_account_number())
    before = spar.mapping(id_of(number))

    # Review, number, branch, bank: none is kept, so each is asked for again, and the
    # change is over.
    for _page in range(4):
        person.page.go_back()
        assert person.reference() == reference

    assert spar.mapping(id_of(number)) == before


@BOTH
def test_back_after_a_dispute_tells_it_once(visitor, spar, scripts):
    """Back from "payments are stopped": the overview says it, the button is gone."""
    person, number = visitor(java_script_enabled=scripts), new_number()
    person.log_in(number)
    person.change(new_account_number())
    person.open()
    person.submit("main form[action$='/dispute']")
    person.reference()
    before = spar.mapping(id_of(number))
    assert before["state"] == "suspended"

    person.page.go_back()

    person.sees(HOME)
    expect(person.page.locator("main form[action$='/dispute']")).to_have_count(0)
    assert spar.mapping(id_of(number)) == before

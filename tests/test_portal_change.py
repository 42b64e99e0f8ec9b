"""Nobody but its owner moves an account, and nobody moves it twice by mistake."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from clients.esignet import id_of, new_number, number_of
from clients.portal import HOME
from clients.portal_http import FAILED, Browser
from clients.running import WRITING_HISTORY
from clients.words import new_number as new_account_number

pytestmark = pytest.mark.usefixtures("quiet_log")

#: A hidden field of a form, and its value.
FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


@pytest.fixture
def holder(visitor):
    """A person with an account, logged in, and her number at the provider."""
    person, number = visitor(), new_number()
    person.log_in(number)
    person.change(new_account_number())
    return person, number


def begin_change(person, account: str) -> None:
    """Go on until the provider asks for the step-up."""
    person.open(f"{HOME}/change")
    person.choose_bank()
    person.type_number(account)
    person.agree()
    person.page.wait_for_url("**/login/*")


def test_step_up_of_another_person_changes_nothing(holder, spar):
    person, number = holder
    before = spar.mapping(id_of(number))
    begin_change(person, new_account_number())

    person.pass_provider(new_number(), finger=True)

    person.sees(f"{FAILED}other_person")
    assert spar.mapping(id_of(number)) == before


def test_step_up_without_the_demanded_proof_changes_nothing(holder, spar, esignet):
    """The provider answers with a weaker proof than it was asked for."""
    person, number = holder
    before = spar.mapping(id_of(number))
    begin_change(person, new_account_number())
    esignet.switch(acr="mosip:idp:acr:static-code")

    person.pass_provider(number, finger=True)

    person.sees(f"{FAILED}acr_too_low")
    assert spar.mapping(id_of(number)) == before


def test_step_up_that_is_cancelled_changes_nothing(holder, spar):
    person, number = holder
    before = spar.mapping(id_of(number))
    begin_change(person, new_account_number())

    person.page.click("#cancel")

    person.sees(f"{FAILED}access_denied")
    assert spar.mapping(id_of(number)) == before
    person.follow(HOME)
    person.sees(HOME)


def test_back_and_again_changes_once(holder, spar):
    """Back button after the end, and the form sent again."""
    person, number = holder
    begin_change(person, new_account_number())
    person.pass_provider(number, finger=True)
    reference = person.reference()
    version = spar.mapping(id_of(number))["version"]

    person.page.go_back()
    person.page.go_back()
    person.open()

    assert spar.mapping(id_of(number))["version"] == version == 2
    person.open(f"{HOME}/change/receipt/{reference}")
    assert person.reference() == reference


def test_double_click_changes_once_and_shows_it_to_both(visitor, spar):
    """Two requests at once, held until the second waits for the first."""
    person, number, account = visitor(), new_number(), new_account_number()
    person.log_in(number)
    person.open(f"{HOME}/change")
    person.choose_bank()
    person.type_number(account)
    person.sees("/review")
    form = dict(FIELD.findall(person.page.locator("main form").last.inner_html()))
    clicks = [Browser(spar.base_url) for _ in range(2)]
    for browser in clicks:
        for cookie in person.page.context.cookies(spar.base_url):
            browser.session.cookies.set(cookie["name"], cookie["value"])

    with closing(spar.connect()) as holder, ThreadPoolExecutor(2) as pool:
        holder.cursor().execute("LOCK TABLE g2p_spar_mapping_version IN SHARE MODE")
        answers = [pool.submit(one.post, person.page.url, **form) for one in clicks]
        spar.wait_for_statement(WRITING_HISTORY)
        spar.wait_for_statement("UPDATE g2p_spar_change_draft SET state = 'done'")
        holder.rollback()
        ends = {one.result(60).headers["Location"] for one in answers}

    [history] = spar.history(id_of(number))
    [end] = ends
    for browser in clicks:
        receipt = browser.get(end).headers["Location"]
        assert history["transaction_id"] in browser.get(receipt).text


def test_two_tabs_make_one_change_each_with_its_own_proof(holder, spar):
    """What was approved in one tab does not let the other one through."""
    person, number = holder
    first, second = new_account_number(), new_account_number()
    other = type(person)(person.page.context.new_page(), person.base_url)
    for tab, account in ((person, first), (other, second)):
        tab.open(f"{HOME}/change")
        tab.choose_bank()
        tab.type_number(account)
        tab.sees("/review")
    person.submit()
    person.pass_provider(number, finger=True)
    person.reference()
    assert first in spar.mapping(id_of(number))["fa_value"]

    other.submit()

    # It was made upon an account that is no longer the present one.
    expect(other.page.locator("main h1")).to_be_visible()
    assert "/receipt/" not in other.page.url
    assert first in spar.mapping(id_of(number))["fa_value"]


def test_nothing_a_browser_sends_changes_whose_account_it_is(spar):
    """Fields and parameters with another person's ID are not read."""
    browser, victim = Browser(spar.base_url), id_of(number_of("bank"))
    browser.log_in(new_number())
    before = spar.mapping(victim)

    for name in ("id", "id_value", "sub", "identity_id", "person", "partner_id"):
        page = browser.get(f"{HOME}?{name}={quote(victim)}")
        assert "****" not in page.text
        token = browser.csrf(browser.get(f"{HOME}/profile"))
        browser.post(f"{HOME}/dispute", csrf_token=token, version="1", **{name: victim})

    assert spar.mapping(victim) == before

"""Limits stop who tries too often, and nobody who queues at the same kiosk."""

import re
from contextlib import contextmanager

import pytest
from requests.adapters import HTTPAdapter

from clients.esignet import new_number, number_of
from clients.portal import HOME
from clients.portal_http import FAILED, Browser, query_of
from clients.words import new_number as new_account_number

pytestmark = pytest.mark.usefixtures("quiet_log")

#: Another address of this machine: there stands the kiosk.
KIOSK = "127.0.0.2"
PEOPLE = 100
TOO_MANY = f"{FAILED}too_many"
TOKEN = re.compile(r'name="seen" value="([^"]*)"')


class _From(HTTPAdapter):
    """Connects from an address of one's own."""

    def __init__(self, address: str):
        self.address = address
        super().__init__()

    def init_poolmanager(self, *args, **options):
        super().init_poolmanager(*args, source_address=(self.address, 0), **options)


@pytest.fixture
def new_browser(spar):
    """Factory of browsers, each of somebody else.

    :return: function of the network address and of headers to send -> Browser
    """

    def make(address: str = KIOSK, **headers) -> Browser:
        browser = Browser(spar.base_url)
        browser.session.mount(spar.base_url, _From(address))
        browser.session.headers.update(headers)
        return browser

    yield make
    spar.rows("DELETE FROM g2p_spar_throttle RETURNING key")


@contextmanager
def used_up(spar, kind: str):
    """Let what was counted by now be as much as ever is allowed."""
    spar.rows(
        "UPDATE g2p_spar_throttle SET hits = 1000000 WHERE key LIKE %s RETURNING key",
        f"{kind}:%",
    )
    yield
    spar.rows(
        "DELETE FROM g2p_spar_throttle WHERE key LIKE %s RETURNING key", f"{kind}:%"
    )


def test_hundred_people_at_one_kiosk_all_get_in(new_browser, spar):
    """One address, one after the other, within the ten minutes of the limit."""
    spar.rows("DELETE FROM g2p_spar_throttle RETURNING key")
    [begin] = spar.rows("SELECT extract(epoch FROM clock_timestamp()) AS at")

    for _person in range(PEOPLE):
        number, browser = new_number(), new_browser()
        assert browser.log_in(number) == HOME
        assert browser.name() == f"Person {number}"
        token = browser.csrf(browser.get(f"{HOME}/profile"))
        assert browser.post("/spar/logout", csrf_token=token).status_code == 303

    [end] = spar.rows("SELECT extract(epoch FROM clock_timestamp()) AS at")
    assert end["at"] - begin["at"] < 600
    counted = spar.rows("SELECT key, hits FROM g2p_spar_throttle")
    assert max(row["hits"] for row in counted if "login_start" in row["key"]) >= PEOPLE


def test_starts_are_limited_for_one_address(new_browser, spar):
    """Neither another browser nor a forged header helps; another address does."""
    spar.rows("DELETE FROM g2p_spar_throttle RETURNING key")
    new_browser().start()
    with used_up(spar, "login_start"):
        forged = {"X-Forwarded-For": "192.0.2.7", "X-Real-IP": "192.0.2.7"}
        for headers in ({}, forged):
            assert new_browser(**headers).start().endswith(TOO_MANY)
        assert new_browser("127.0.0.3").log_in(new_number()) == HOME
    page = new_browser().get(TOO_MANY)
    assert page.status_code == 200
    assert new_browser().log_in(new_number()) == HOME


def test_callbacks_are_limited_for_one_address(new_browser, spar):
    """Who guesses states is stopped; the guessing takes nobody's login away."""
    spar.rows("DELETE FROM g2p_spar_throttle RETURNING key")
    victim, guesser = new_browser("127.0.0.3"), new_browser()
    url = victim.prove(victim.start(), new_number())
    guesser.come_back("/spar/oidc/callback?code=x&state=" + "y" * 43)
    with used_up(spar, "callback"):
        state = query_of(url)["state"]
        guess = f"/spar/oidc/callback?code=x&state={state}"
        assert guesser.come_back(guess) == TOO_MANY
        assert victim.come_back(url) == HOME


def test_logins_of_one_person_are_limited_wherever_she_is(new_browser):
    """Twenty in ten minutes; a neighbour in the queue goes on."""
    number = new_number()

    ends = [new_browser(f"127.0.0.{4 + at}").log_in(number) for at in range(21)]

    assert ends == [HOME] * 20 + [TOO_MANY]
    assert new_browser("127.0.0.4").log_in(new_number()) == HOME


def test_changes_of_one_person_are_limited(new_browser, spar):
    """Ten in an hour; pressing on changes nothing, a neighbour may."""
    browsers = [new_browser(), new_browser()]
    pages = []
    for browser in browsers:
        assert browser.log_in(new_number()) == HOME
        pages.append(review_page(browser))
    first, second = browsers
    answers = [agree(first, pages[0], seen="another page") for _ in range(11)]

    assert [answer.status_code for answer in answers] == [303] * 10 + [429]
    before = spar.effects()
    assert agree(first, pages[0]).status_code == 429
    assert spar.effects() == before
    assert "/result" in agree(second, pages[1]).headers["Location"]


def review_page(browser: Browser) -> str:
    """Go through the forms of a change. :return: the address of the last one"""
    token = browser.csrf(browser.get(f"{HOME}/profile"))
    form = {"csrf_token": token}

    def send(url: str, **fields) -> str:
        answer = browser.post(url, **form, **fields)
        assert answer.status_code == 303, answer.text[:2000]
        return answer.headers["Location"]

    url = send(f"{HOME}/change", fa_type="BANK_ACCOUNT")
    for _step in ("provider", "branch"):
        [code, *_others] = re.findall(
            r'name="code"\s+value="([^"]+)"', browser.get(url).text
        )
        url = send(url, code=code)
    number = new_account_number()
    return send(url, part_account_number=number, again_account_number=number)


def agree(browser: Browser, url: str, seen: str | None = None):
    """Press the button of the review page.

    :param seen: another digest than that of what the page shows
    """
    page = browser.get(url)
    form = {
        "csrf_token": browser.csrf(page),
        "seen": seen or TOKEN.search(page.text)[1],
    }
    return browser.post(url, **form)


# === THE LOG === #


def test_log_of_the_server_holds_no_secret_of_a_login(new_browser, spar):
    """Codes and states, used or not, and what was searched for."""
    begin = spar.log_size()
    one, other = new_browser(), new_browser()
    used = one.prove(one.start(), number_of("bank"))
    unused = other.prove(other.start(), new_number())
    assert one.come_back(used) == HOME
    stranger = new_browser()
    stranger.come_back(f"/spar/oidc/callback?{unused.partition('?')[2]}&state=again")
    one.get(f"{HOME}?q=what-was-typed")
    one.get(f"/fr{HOME}?q=what-was-typed")

    log = spar.log_since(begin)
    assert log.count("GET /spar/oidc/callback?... HTTP") == 2
    for url in (used, unused):
        for name in ("code", "state"):
            assert query_of(url)[name] not in log
    assert "what-was-typed" not in log
    for cookies in (one.session.cookies, other.session.cookies):
        assert not [one.name for one in cookies if one.value in log]

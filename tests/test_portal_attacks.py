"""Who attacks the portal gets nowhere, and who is attacked loses nothing."""

import re
from urllib.parse import quote

import pytest

from clients.esignet import id_of, new_number, number_of
from clients.portal import HOME
from clients.portal_http import FAILED, FORM_TOKEN, Browser, query_of
from clients.words import new_number as new_account_number

pytestmark = pytest.mark.usefixtures("quiet_log")

SESSION = "session_id"
#: A browser without the secret of the login, and one with that of another login.
NOT_BEGUN_HERE = ("state_mismatch", "not_started_here")


@pytest.fixture
def new_browser(spar, esignet):
    """Factory of browsers, each of another person."""
    return lambda: Browser(spar.base_url)


# === LOGIN === #


def test_callback_of_an_attacker_logs_no_victim_in(new_browser):
    """Login CSRF: the victim's browser opens the attacker's unused callback."""
    attacker, victim = new_browser(), new_browser()
    url = attacker.prove(attacker.start(), new_number())

    assert victim.come_back(url).removeprefix(FAILED) in NOT_BEGUN_HERE
    assert victim.name() == ""


def test_code_of_a_victim_serves_no_attacker(new_browser):
    """Code injection: a stolen code is put into the attacker's own callback."""
    attacker, victim = new_browser(), new_browser()
    stolen = query_of(victim.prove(victim.start(), number_of("bank")))["code"]
    own = attacker.prove(attacker.start(), new_number())

    path = attacker.come_back(own.replace(query_of(own)["code"], stolen))

    # The proof key of the attacker's login does not fit the victim's code.
    assert path == f"{FAILED}token_refused"
    assert attacker.name() == ""


def test_callback_is_good_once(new_browser):
    """Neither the same browser nor another one gets anything from it again."""
    one = new_browser()
    url = one.prove(one.start(), new_number())
    assert one.come_back(url) == HOME
    one.session.cookies.pop(SESSION)

    assert one.come_back(url).startswith(FAILED)
    assert new_browser().come_back(url).startswith(FAILED)
    assert one.name() == ""


@pytest.mark.parametrize(
    "query",
    [
        "",
        "code=x",
        "state=x",
        "code=x&state=x",
        "code=x&code=y&state=x&state=y",
        "code=%00&state=%F0%9F%8C%BB",
        "error=access_denied&state=null",
        "error=%3Cscript%3Ealert(1)%3C/script%3E&error_description=%3Cscript%3E",
        "code=" + "x" * 6000 + "&state=y",
        "code[]=x&state[]=y",
    ],
)
def test_callback_nobody_began_leads_to_a_page(new_browser, query):
    browser = new_browser()

    path = browser.come_back(f"/spar/oidc/callback?{query}")

    assert path.startswith(FAILED)
    page = browser.get(path)
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_denied_login_can_be_begun_again_at_once(new_browser, esignet):
    """An error with the right state ends that login and no other."""
    browser = new_browser()
    for code, shown in (
        ("consent_rejected", "consent_rejected"),
        ("transaction_timeout", "expired"),
        ("ekyc_failed", "provider_error"),
        ("odd<script>", "provider_error"),
    ):
        esignet.switch(error=code)
        answer = browser.get(browser.start())
        assert browser.come_back(answer.headers["Location"]) == FAILED + shown
    esignet.reset()
    assert browser.log_in(new_number()) == HOME


def test_login_that_took_too_long_is_begun_again(new_browser, spar):
    """Its row is over: the code is not redeemed, and the next login works."""
    browser, number = new_browser(), new_number()
    url = browser.prove(browser.start(), number)
    spar.rows("UPDATE g2p_spar_oidc_login SET ends_at = 0 RETURNING id")

    assert browser.come_back(url) == f"{FAILED}expired"
    assert browser.name() == ""
    assert browser.log_in(number) == HOME


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "/my/benefit-account\r\nSet-Cookie: a=b",
        "/spar/logout",
        "/%2F/evil.example",
    ],
)
def test_login_leads_nowhere_else(new_browser, spar, elsewhere):
    """Open redirect: wherever a link wants the person to end."""
    browser = new_browser()
    url = browser.prove(browser.start(return_path=quote(elsewhere)), new_number())

    location = browser.get(url).headers["Location"].removeprefix(spar.base_url)

    assert re.match(r"/[\w%]", location), location
    assert "a=b" not in browser.session.cookies.get_dict().values()


def test_session_gets_another_name_at_login(new_browser):
    """Session fixation: the cookie from before the login opens nothing after it."""
    browser, attacker = new_browser(), new_browser()
    url = browser.prove(browser.start(), new_number())
    planted = browser.session.cookies[SESSION]
    assert browser.come_back(url) == HOME

    assert browser.session.cookies[SESSION] != planted
    attacker.session.cookies.set(SESSION, planted)
    assert attacker.name() == ""


def test_logged_out_is_logged_out(new_browser):
    browser, thief = new_browser(), new_browser()
    browser.log_in(new_number())
    thief.session.cookies.set(SESSION, browser.session.cookies[SESSION])
    token = browser.csrf(browser.get(f"{HOME}/profile"))

    assert browser.post("/spar/logout").status_code == 400
    browser.post("/spar/logout", csrf_token=token)

    assert browser.name() == ""
    assert thief.name() == ""


def test_two_logins_in_one_browser_do_not_mix(new_browser):
    """Two tabs: each comes back with its own state, and the last one counts."""
    browser, first, second = new_browser(), new_number(), new_number()
    urls = [
        browser.prove(url, number)
        for url, number in [(browser.start(), first), (browser.start(), second)]
    ]

    assert [browser.come_back(url) for url in urls] == [HOME, HOME]
    assert browser.name() == f"Person {second}"


# === PAGES === #


def test_pages_cannot_be_framed_or_kept_or_run_foreign_scripts(new_browser):
    browser = new_browser()
    browser.log_in(number_of("bank"))
    for path in (
        HOME,
        f"{HOME}/history",
        f"{HOME}/profile",
        "/spar/login/failed/expired",
    ):
        headers = browser.get(path).headers
        assert headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["/dispute", "/remove/start", "/profile/phone/set", "/profile/language", "/change"],
)
def test_forms_of_other_sites_change_nothing(new_browser, spar, path):
    """Without the form's token every change is refused."""
    browser = new_browser()
    browser.log_in(number_of("bank"))
    before = spar.effects()

    answer = browser.post(HOME + path, version="1", value="+254711999999", lang="fr_FR")

    assert answer.status_code == 400
    assert spar.effects() == before


def test_reference_of_somebody_else_shows_nothing(visitor, new_browser):
    owner, stranger, account = visitor(), new_browser(), new_account_number()
    owner.log_in(new_number())
    reference = owner.change(account)
    stranger.log_in(new_number())

    for path in (
        "change/receipt/{}",
        "change/receipt/{}/text",
        "dispute/{}",
        "removed/{}",
    ):
        page, unknown = (
            stranger.get(f"{HOME}/{path.format(one)}")
            for one in (reference, "SPAR-00000-00000")
        )
        assert page.status_code == 404, path
        assert account[-3:] not in page.text.replace(reference, "")
        # It looks like a number that nobody has.
        assert told(page, reference) == told(unknown, "SPAR-00000-00000")


def told(page, reference: str) -> str:
    """A page without what differs each time: the token of its forms."""
    return FORM_TOKEN.sub("", page.text).replace(reference, "")


def test_dispute_of_somebody_elses_change_suspends_nothing(visitor, new_browser, spar):
    """Versions and references in a form count for the sender's own account alone."""
    owner, stranger, number = visitor(), new_browser(), new_number()
    owner.log_in(number)
    reference = owner.change(new_account_number())
    stranger.log_in(new_number())
    before = spar.mapping(id_of(number))
    token = stranger.csrf(stranger.get(f"{HOME}/profile"))

    for fields in (
        {"version": before["version"]},
        {"version": before["version"], "reference": reference},
        {"reference": reference, "mapping_id": before["id"]},
    ):
        stranger.post(f"{HOME}/dispute", csrf_token=token, **fields)
    stranger.post(f"{HOME}/dispute/{reference}", csrf_token=token)

    assert spar.mapping(id_of(number)) == before

"""A login at a certified provider that this project has no part in.

npm's ``oidc-provider``, set up as eSignet is (``tests/npm/provider.mjs``), entered by
the administrator, passed by a person in a real browser.
"""

import psutil
import pytest
from playwright.sync_api import expect

from clients.esignet import new_number
from clients.independent import BY_FINGER, KINDS, Independent, consent, prove
from clients.portal import HOME, Visitor
from clients.portal_http import FAILED, Browser
from clients.providers import MODEL, Providers
from clients.words import new_number as new_account_number
from spar_env import node

pytestmark = pytest.mark.usefixtures("quiet_log")

#: What the person is found by: the newest, for every test has a new one.
NEWEST_PERSON = """
    SELECT subject, provider_id FROM g2p_spar_identity ORDER BY id DESC LIMIT 1
"""
#: Of a login that works: a proof has to name what the provider says it must (DPoP).
REFUSED_AT_FIRST = {"bound": ["grant use_dpop_nonce"]}


@pytest.fixture(scope="module")
def independent(spar, login, node_modules):
    """The provider, entered at the portal in each of its ways."""
    program, _npm = node.ensure(spar.settings)
    providers = Providers(login("admin"), None, spar.base_url)
    log = spar.settings.run / "independent.log"
    one = Independent(providers, program, node_modules, log)
    try:
        one.start()
        yield one
    finally:
        one.stop()


@pytest.fixture
def person(visitor, independent) -> Visitor:
    """A person in front of a browser."""
    return visitor(provider=independent.url)


@pytest.fixture
def begin(person, independent):
    """Factory: the person presses the button of a kind of provider.

    :return: function of kind -> addresses the browser asks for from now on
    """

    def press(kind: str) -> list[str]:
        asked = []
        person.page.on("request", lambda request: asked.append(request.url))
        person.open()
        record = independent.records[kind]
        person.page.click(f"form[action$='/spar/login/{record}'] button")
        return asked

    return press


@pytest.fixture
def come_in(person, begin):
    """Factory: somebody new logs in, and chooses a first account.

    :return: function of kind and account number -> the number of the ID
    """

    def log_in(kind: str, account: str) -> str:
        number = new_number()
        begin(kind)
        prove(person.page, number)
        consent(person.page)
        person.sees(HOME)
        person.change(account)
        return number

    return log_in


def propose(person: Visitor, account: str) -> None:
    """Come to the provider once more, for the proof of a change."""
    person.open(f"{HOME}/change")
    person.choose_bank()
    person.type_number(account)
    person.agree()


@pytest.mark.parametrize("kind", KINDS)
def test_login(person, begin, independent, spar, kind):
    """The person comes to the overview, under the name the provider gave."""
    number, before = new_number(), len(independent.complaints())

    asked = begin(kind)
    prove(person.page, number)
    consent(person.page)
    person.sees(HOME)

    expect(person.page.locator("main a[href*='/change']").first).to_be_visible()
    expect(person.page.locator("body")).to_contain_text(f"Person {number}")
    [found] = spar.rows(NEWEST_PERSON)
    assert found["provider_id"] == independent.records[kind]
    # A pairwise name, not the number that was typed.
    assert found["subject"] not in ("", number)
    [request] = [
        url for url in asked if url.startswith(f"{independent.url}/authorize?")
    ]
    assert ("request_uri=" in request) == (kind == "pushed")
    assert ("code_challenge_method=S256" in request) == (kind != "pushed")
    assert independent.complaints()[before:] == REFUSED_AT_FIRST.get(kind, [])


@pytest.mark.parametrize("kind", ["signed", "pushed"])
def test_change_after_a_step_up(person, come_in, spar, kind):
    """The proof is asked for anew, and kept with the change."""
    number, second = come_in(kind, new_account_number()), new_account_number()

    propose(person, second)
    prove(person.page, number, finger=True)

    assert person.reference()
    [found] = spar.rows(NEWEST_PERSON)
    identifier = f"token:{found['subject']}@nationalId"
    assert second in spar.mapping(identifier)["fa_value"]
    one, two = spar.history(identifier)
    assert BY_FINGER in str(two["evidence"])
    assert BY_FINGER not in str(one["evidence"])


def test_step_up_with_a_code_alone_changes_nothing(person, come_in, spar):
    """The provider is content with it, the record demands more."""
    first = new_account_number()
    number = come_in("signed", first)

    propose(person, new_account_number())
    prove(person.page, number)

    person.sees(f"{FAILED}acr_too_low")
    [found] = spar.rows(NEWEST_PERSON)
    mapping = spar.mapping(f"token:{found['subject']}@nationalId")
    assert mapping["version"] == 1
    assert first in mapping["fa_value"]


def test_step_up_of_somebody_else_changes_nothing(person, come_in, spar):
    come_in("signed", new_account_number())
    [found] = spar.rows(NEWEST_PERSON)

    propose(person, new_account_number())
    prove(person.page, new_number(), finger=True)
    consent(person.page)

    person.sees(f"{FAILED}other_person")
    assert spar.mapping(f"token:{found['subject']}@nationalId")["version"] == 1


def test_person_who_refuses_is_not_logged_in_and_may_begin_again(person, begin):
    begin("signed")
    prove(person.page, new_number())
    consent(person.page, allowed=False)
    person.sees(f"{FAILED}access_denied")

    number = new_number()
    begin("signed")
    prove(person.page, number)
    consent(person.page)

    person.sees(HOME)
    expect(person.page.locator("body")).to_contain_text(f"Person {number}")


@pytest.mark.parametrize(
    ("kind", "field", "path"),
    [
        ("bound", "spar_use_dpop", f"{FAILED}token_refused"),
        ("sealed", "spar_userinfo_encrypted", f"{FAILED}userinfo_invalid"),
    ],
)
def test_record_that_does_not_do_what_is_demanded(
    person, begin, independent, kind, field, path
):
    """Nobody is logged in: neither side lets less pass."""
    record = independent.records[kind]
    less = {field: False, "spar_userinfo_signed": True}
    [usual] = independent.providers.admin.call(MODEL, "read", [record], [*less])
    independent.providers.write(record, **less)
    try:
        begin(kind)
        prove(person.page, new_number())
        consent(person.page)
        person.sees(path)
    finally:
        del usual["id"]
        independent.providers.write(record, **usual)


def test_nobody_else_can_reach_it(independent):
    """It listens on loopback: it is no server for a network."""
    sockets = psutil.Process(independent.pid).connections("tcp")

    heard = {one.laddr.ip for one in sockets if one.status == psutil.CONN_LISTEN}
    assert heard == {"127.0.0.1"}


def test_administrator_tests_the_provider(admin, independent):
    """All that the record says is what the provider says of itself."""
    for kind, record in independent.records.items():
        shown = admin.call(MODEL, "action_spar_test", [record])
        domain = [["test_id", "=", shown["res_id"]]]
        fields = ["code", "state", "sentence"]
        lines = admin.call("g2p.spar.provider.test.line", "search_read", domain, fields)
        problems = [line for line in lines if line["state"] == "failed"]
        assert (kind, problems) == (kind, [])
        assert {"issuer", "keys"} <= {line["code"] for line in lines}


def test_callback_is_good_once(spar, person, begin, independent):
    """A second browser gets nothing from an address that was used."""
    begin("signed")
    prove(person.page, new_number())
    with person.page.expect_request(f"{spar.base_url}/spar/oidc/callback?*") as caught:
        consent(person.page)
    person.sees(HOME)
    other = Browser(spar.base_url)

    assert other.come_back(caught.value.url).startswith(FAILED)
    assert other.name() == ""

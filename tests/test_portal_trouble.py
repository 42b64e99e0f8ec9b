"""The provider is away, late or lives in another time: nobody gets in, nobody is lost.

What goes wrong after the browser came back is with the logins; here it is every other
step, and the provider as a whole.
"""

from urllib.parse import urlsplit

import pytest

from clients.esignet import id_of, new_number, number_of
from clients.portal import HOME
from clients.portal_http import FAILED, Browser
from clients.words import new_number as new_account_number
from spar_env.esignet import Esignet

pytestmark = pytest.mark.usefixtures("quiet_log")

TROUBLES = pytest.mark.parametrize(
    "kind", ["error", "close", "garbage", "redirect", "huge"]
)
#: A page that says that it is not the person's fault.
NO_ANSWER = {"provider_unreachable", "provider_answer", "provider_error"}


@pytest.fixture
def mock(spar, esignet):
    """The program of the provider, to be ended; it runs again after the test."""
    program = Esignet(spar.settings)
    yield program
    if not program.current():
        program.stop()
        program.start()


def failure(location: str) -> str:
    """Which page of a failed login an address is."""
    path = urlsplit(location).path
    assert path.startswith(FAILED), location
    return path.removeprefix(FAILED)


# === AT EACH STEP === #


@TROUBLES
def test_description_that_cannot_be_had(spar, browser, providers, esignet, kind):
    """A record without addresses asks for them when the browser is back."""
    provider = providers.like_release(
        "1.8", spar_token_endpoint=False, spar_jwks_url=False
    )
    providers.register(provider, "1.8")
    esignet.switch(trouble={"discovery": kind})

    assert failure(browser.log_in(number_of("bank"), provider)) in NO_ANSWER
    assert browser.name() == ""
    esignet.switch(trouble={})
    assert browser.log_in(number_of("bank"), provider) == HOME
    # What was learned does while it cannot be had again.
    esignet.switch(trouble={"discovery": kind})
    assert Browser(spar.base_url).log_in(number_of("bank"), provider) == HOME


@TROUBLES
def test_request_that_cannot_be_pushed(browser, providers, esignet, kind):
    """The person does not even leave, and may press the button again at once."""
    provider = providers.like_release("1.8", spar_use_par=True)
    providers.register(provider, "1.8", require_pushed_authorization_requests=True)
    esignet.switch(trouble={"par": kind})

    assert failure(browser.start(provider)) in NO_ANSWER
    esignet.switch(trouble={})
    assert browser.log_in(number_of("bank"), provider) == HOME


@pytest.mark.parametrize("kind", ["error", "garbage"])
def test_page_of_the_provider_that_fails(browser, esignet, kind):
    """The person sees the provider's fault, goes back, and presses again."""
    esignet.switch(trouble={"authorize": kind})
    browser.get(browser.start())

    esignet.reset()
    assert browser.log_in(new_number()) == HOME


@pytest.mark.parametrize("endpoint", ["par", "token", "jwks", "userinfo"])
def test_provider_that_answers_too_late(browser, providers, esignet, endpoint):
    """Nobody waits longer than the record allows, and no worker either."""
    provider = providers.like_release("1.8", spar_use_par=True, spar_total_seconds=2)
    providers.register(provider, "1.8")
    esignet.switch(trouble={endpoint: "slow"}, slow_seconds=4)

    url = browser.start(provider)
    if endpoint != "par":
        url = browser.come_back(browser.prove(url, number_of("bank")))

    assert failure(url) == "provider_unreachable"
    assert browser.name() == ""


# === THE WHOLE PROVIDER === #


def test_provider_that_is_not_there(browser, spar, mock):
    """Pages of who is logged in go on; who comes back without it is not let in."""
    inside, number = Browser(spar.base_url), new_number()
    inside.log_in(number)
    url = browser.prove(browser.start(), new_number())
    mock.stop()

    assert failure(browser.come_back(url)) == "provider_unreachable"
    assert browser.name() == ""
    assert inside.name() == f"Person {number}"
    assert inside.get(f"{HOME}/history").status_code == 200
    mock.start()
    # It made new keys up; who holds the old ones asks again a minute later.
    spar.rows("UPDATE auth_oauth_provider SET spar_key_set = NULL RETURNING id")
    assert browser.log_in(new_number()) == HOME


@pytest.mark.parametrize("endpoint", ["token", "userinfo"])
def test_step_up_while_the_provider_is_in_trouble(visitor, spar, esignet, endpoint):
    """The money goes where it went, and the change can be made afterwards."""
    person, number, account = visitor(), new_number(), new_account_number()
    person.log_in(number)
    person.change(new_account_number())
    before = spar.mapping(id_of(number))
    person.open(f"{HOME}/change")
    person.choose_bank()
    person.type_number(account)
    review = person.page.url
    person.agree()
    esignet.switch(trouble={endpoint: "error"})
    person.pass_provider(number, finger=True)
    person.sees(FAILED)
    assert spar.mapping(id_of(number)) == before

    esignet.reset()
    person.page.goto(review)
    person.agree()
    person.pass_provider(number, finger=True)
    person.reference()
    assert account in spar.mapping(id_of(number))["fa_value"]


# === CLOCKS === #


@pytest.mark.parametrize("skew", [300, -300])
def test_provider_of_another_time_lets_nobody_in(browser, esignet, skew):
    """eSignet refuses our assertion; the person is told that it is not her fault."""
    esignet.switch(clock_skew=skew)

    assert failure(browser.log_in(new_number())) == "token_refused"
    assert browser.name() == ""
    esignet.reset()
    assert browser.log_in(new_number()) == HOME


def test_small_difference_of_clocks_hinders_nobody(spar, esignet):
    """Ahead up to half a minute; behind, eSignet itself allows five seconds."""
    for skew in (30, -4):
        esignet.switch(clock_skew=skew)
        assert Browser(spar.base_url).log_in(new_number()) == HOME, skew

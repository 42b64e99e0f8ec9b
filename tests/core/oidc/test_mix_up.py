"""Two providers, one of them bad: what one gives is of no use at the other.

The record of the login says whose answer is awaited. Two releases of eSignet stand
for two providers here; each has a name (issuer) of its own.
"""

import pytest

from .conftest import Browser, query_of
from .test_weaknesses import refused


@pytest.fixture
def bad(make_portal):
    """The portal at a provider that belongs to the attacker."""
    return make_portal("1.8")


def called(provider):
    """Return the endpoints that were called since the last reset."""
    return [call["endpoint"] for call in provider.steer("GET", "calls")]


def answer_of(other, provider, state):
    """Return an answer of another provider under the state of a login elsewhere."""
    started, _pending = other.begin()
    url = Browser(provider.host).log_in(started.url)
    provider.steer("DELETE", "behaviour")
    return url.replace(query_of(url)["state"], state)


def test_an_answer_that_names_another_provider(bad, make_portal, provider):
    started, pending = bad.begin()
    honest = make_portal("1.7")
    url = answer_of(honest, provider, started.state)
    assert query_of(url)["iss"] == honest.settings.issuer
    refused(lambda: bad.finish(pending, url), "issuer_mismatch")
    assert "token" not in called(provider), "the code is shown to nobody"


def test_an_answer_that_names_nobody(bad, make_portal, provider):
    started, pending = bad.begin()
    url = answer_of(make_portal("1.6"), provider, started.state)
    assert "iss" not in query_of(url)
    refused(lambda: bad.finish(pending, url), "issuer_mismatch")
    assert "token" not in called(provider)


def test_where_answers_may_name_nobody_codes_are_still_of_one_login(
    make_portal, provider
):
    """The verifier is another one, and the assertion is for another server."""
    portal = make_portal("1.6")
    mine, pending = portal.begin()
    url = answer_of(portal, provider, mine.state)
    refused(lambda: portal.finish(pending, url), "token_refused")


def test_an_id_token_of_another_provider(bad, make_portal, provider):
    """Same client ID, same keys even: the issuer tells them apart."""
    portal = make_portal("1.7", assertion_audience="token_endpoint")
    started, pending = portal.begin()
    url = Browser(provider.host).log_in(started.url)
    portal.settings = portal.settings._replace(issuer=bad.settings.issuer)
    # As if the browser had been made to bring the awaited name along.
    code = query_of(url)["code"]
    refused(lambda: portal.exchange().finish(pending, code), "issuer_mismatch")


def test_an_assertion_for_one_is_of_no_use_at_the_other(make_portal, provider):
    portal = make_portal("1.8", assertion_audience="issuer")
    portal.settings = portal.settings._replace(issuer="https://other.example")
    started, pending = portal.begin()
    url = Browser(provider.host).log_in(started.url)
    code = query_of(url)["code"]
    refused(lambda: portal.exchange().finish(pending, code), "token_refused")

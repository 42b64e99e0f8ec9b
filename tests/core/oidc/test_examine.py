"""A provider is tried before the first person meets it."""

import time

import pytest

from odoo.addons.g2p_spar_portal.core.oidc.examine import (
    FAILED,
    OK,
    WARNING,
    check_clock,
    check_document,
)
from odoo.addons.g2p_spar_portal.core.said import Marked, fill
from odoo.addons.g2p_spar_portal.outgoing.examination import Examination

from .conftest import REDIRECT_URI


def examine(portal, own=True):
    """Return the outcome of each check by its code."""
    exchange = portal.exchange()
    examination = Examination(
        portal.settings,
        portal.own if own else None,
        exchange._fence,
        REDIRECT_URI,
        time.time,
    )
    checks = examination.run()
    for check in checks:
        assert isinstance(check.sentence, Marked), "it can be translated"
        assert fill(check.sentence, check.values).strip()
    return {check.code: check.outcome for check in checks}


@pytest.fixture
def described(make_portal, provider):
    """A portal that knows where the provider describes itself."""
    url = f"{provider.host}/.well-known/openid-configuration"
    return make_portal(discovery_url=url, use_par=True)


def test_a_provider_in_good_health(described):
    found = examine(described)
    assert {"configuration", "client_key", "discovery", "issuer"} <= found.keys()
    assert {"addresses", "clock", "keys", "push"} <= found.keys()
    assert FAILED not in found.values()


def test_what_is_wrong_is_found(described, provider):
    right = described.settings
    described.settings = right._replace(issuer="https://other.example")
    assert examine(described)["issuer"] == FAILED
    described.settings = right._replace(client_id="")
    assert examine(described)["configuration"] == FAILED
    described.settings = right._replace(client_alg="ES256")
    assert examine(described)["client_key"] == FAILED
    described.settings = right._replace(jwks_url=right.discovery_url)
    assert (examine(described)["keys"], examine(described)["addresses"]) == (
        FAILED,
        WARNING,
    )
    described.settings = right._replace(client_id="nobody")
    assert examine(described)["push"] == FAILED
    described.settings = right
    assert examine(described, own=False)["client_key"] == FAILED
    provider.behave(trouble={"discovery": "garbage"})
    assert examine(described)["discovery"] == FAILED


def test_abilities(portal):
    settings = portal.settings
    document = {
        "issuer": settings.issuer,
        "scopes_supported": ["openid"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }
    found = {c.code: c.outcome for c in check_document(document, settings)}
    assert found["scope"] == WARNING
    assert found["client_authentication"] == WARNING
    assert found["signature_of_ID_tokens"] == WARNING
    assert found["PKCE_method"] == OK
    assert found["iss"] == OK
    lacking = settings._replace(may_lack_iss=True)
    found = {c.code: c.outcome for c in check_document(document, lacking)}
    assert found["iss"] == WARNING


@pytest.mark.parametrize(
    ("date", "outcome"),
    [
        ("Thu, 01 Jan 1970 00:16:40 GMT", OK),
        ("Thu, 01 Jan 1970 00:16:44 GMT", OK),
        ("Thu, 01 Jan 1970 00:17:40 GMT", FAILED),
        ("", WARNING),
        ("yesterday", WARNING),
    ],
)
def test_the_clock(date, outcome):
    assert check_clock(date, 1000).outcome == outcome

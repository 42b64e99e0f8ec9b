"""The profiles that the portal brings, against what providers say of themselves."""

import json
from pathlib import Path

import pytest
from lxml import etree

from odoo.addons.g2p_spar_portal.core.oidc import discovery, settings
from odoo.addons.g2p_spar_portal.core.oidc.examine import OK, check_document
from odoo.addons.g2p_spar_portal.core.oidc.request import build_params, new_secrets

from .samples import blank_settings

ROOT = Path(__file__).parents[3]
DATA = ROOT / "g2p_spar_portal" / "data" / "auth_oauth_provider_data.xml"
SAMPLES = ROOT / "tests" / "samples"
#: Fields of a record -> settings of another name.
NAMES = {
    "auth_endpoint": "authorization_endpoint",
    "validation_endpoint": "userinfo_endpoint",
    "spar_jwks_url": "jwks_url",
}
WORDS = ("acr_values", "step_up_acr_values", "ui_locales", "id_token_algs")
#: What the form fills in where a profile says nothing.
DEFAULTS = {"userinfo_forms": frozenset({settings.SIGNED}), "step_up_seconds": 300}


def read_profiles():
    """Return the settings of every profile by its name, as far as it sets them."""
    return {
        record.get("id"): read_profile(record)
        for record in etree.parse(DATA).iter("record")
    }


def read_profile(record):
    """Return the settings of one profile; nobody has entered a client yet."""
    values = dict(DEFAULTS)
    for field in record.iter("field"):
        name = field.get("name")
        name = NAMES.get(name, name.removeprefix("spar_"))
        if name not in settings.Settings._fields:
            continue
        value = field.get("eval") == "True" if field.get("eval") else field.text
        values[name] = tuple(value.split()) if name in WORDS else value
    values["claims"] = settings.read_claims(values.get("claims", ""))
    return blank_settings(**values)


PROFILES = read_profiles()


@pytest.fixture
def keycloak():
    """What a realm of Keycloak says of itself since release 23, and the profile."""
    document = json.loads((SAMPLES / "discovery" / "keycloak.json").read_text())
    return document, PROFILES["provider_keycloak"]


@pytest.mark.parametrize("name", PROFILES)
def test_profile_lacks_nothing_but_the_client(name):
    profile = PROFILES[name]

    assert "client ID" in settings.find_gap(profile)
    assert settings.find_gap(profile._replace(client_id="portal", use_par=True)) == ""


@pytest.mark.parametrize("name", PROFILES)
def test_nobody_is_let_in_by_a_login_of_the_person_before(name):
    """Telephones are shared: each login, and each change, wants a proof."""
    profile = PROFILES[name]

    assert profile.is_fresh
    keeps_logged_in = "keycloak" in name
    asked = build_params(profile, new_secrets(), "https://p.example/cb", False, "en")
    assert ("prompt" in asked) == keeps_logged_in
    assert profile.prompt_for(True) == profile.prompt_for(False)


def test_keycloak_is_what_its_profile_says(keycloak):
    """Not one check has anything to say against it."""
    document, profile = keycloak
    profile = profile._replace(client_id="portal", use_par=True)

    checks = check_document(document, profile)

    assert {check.outcome for check in checks} == {OK}, checks
    assert {"issuer", "addresses", "scope", "PKCE_method", "iss"} <= {
        check.code for check in checks
    }
    assert set(profile.id_token_algs) <= set(
        document["id_token_signing_alg_values_supported"]
    )


def test_keycloak_needs_no_address_in_its_record(keycloak):
    """The description alone does: another realm is one address to change."""
    document, profile = keycloak
    bare = profile._replace(token_endpoint="", jwks_url="", par_endpoint="")

    metadata = discovery.read_metadata(json.dumps(document).encode(), profile.issuer)

    assert discovery.complete(bare, metadata) == profile

"""Logins at each release of eSignet, from beginning to end, and how they fail."""

import time

import pytest
from joserfc.jwk import ECKey

from odoo.addons.g2p_spar_portal.core.oidc.errors import OidcError
from odoo.addons.g2p_spar_portal.core.oidc.own_key import public_jwk
from odoo.addons.g2p_spar_portal.core.oidc.settings import ENCRYPTED, SIGNED
from odoo.addons.g2p_spar_portal.outgoing.exchange import Known

from .conftest import ACR, Browser, query_of
from .test_weaknesses import refused


@pytest.mark.parametrize("release", ["1.5", "1.6", "1.7", "1.8"])
def test_each_release(make_portal, release):
    verified = make_portal(release).log_in()
    assert verified.claims["name"] == "Amina Yusuf"
    assert verified.claims["birthdate"] == "1991-04-12"
    assert verified.claims["sub"] == verified.subject
    assert verified.acr == (f"{ACR}generated-code",)
    assert abs(verified.auth_time - time.time()) < 30


def test_an_old_release_takes_its_own_audience_only(make_portal):
    portal = make_portal("1.6", assertion_audience="issuer")
    refused(portal.log_in, "token_refused")
    assert make_portal("1.6", assertion_audience="token_endpoint").log_in()
    assert make_portal("1.8", assertion_audience="token_endpoint").log_in()


def test_the_request_says_what_the_record_says(make_portal):
    portal = make_portal(display="touch", prompt="consent", step_up_prompt="login")
    sent = query_of(portal.begin(lang="fr_FR")[0].url)
    assert sent["ui_locales"] == "fr"
    assert sent["claims_locales"] == "en"
    assert (sent["display"], sent["prompt"]) == ("touch", "consent")
    assert sent["acr_values"] == f"{ACR}generated-code {ACR}linked-wallet"
    assert '"name":{"essential":true}' in sent["claims"]
    assert "max_age" not in sent
    sent = query_of(portal.begin("step_up", lang="zz_ZZ")[0].url)
    assert sent["acr_values"] == f"{ACR}biometrics"
    assert (sent["prompt"], sent["max_age"]) == ("login", "300")
    assert "ui_locales" not in sent


def test_pushed_requests(make_portal, provider):
    registered = {"require_pushed_authorization_requests": True}
    portal = make_portal(registered=registered, use_par=True)
    started, pending = portal.begin()
    assert query_of(started.url).keys() == {"client_id", "request_uri"}
    url = Browser(provider.host).log_in(started.url)
    assert portal.finish(pending, url).subject
    for trouble in ("error", "garbage", "redirect"):
        provider.behave(trouble={"par": trouble})
        refused(portal.begin, "provider_answer")


def test_bound_tokens(make_portal, provider):
    portal = make_portal(registered={"dpop_bound_access_tokens": True}, use_dpop=True)
    assert portal.log_in().subject
    endpoints = [call["endpoint"] for call in provider.steer("GET", "calls")]
    assert endpoints.count("token") == 2, "the first one asks for a nonce"
    refused(
        make_portal(registered={"dpop_bound_access_tokens": True}).log_in,
        "token_refused",
    )


def test_encrypted_user_data(make_portal, client_keys, provider):
    public = public_jwk(client_keys.decrypting, False, "enc")
    registered = {"userinfo_response_type": "JWE", "enc_public_key": public}
    both = frozenset({ENCRYPTED, SIGNED})
    portal = make_portal(registered=registered, userinfo_forms=both)
    provider.behave(picture=True)
    assert portal.log_in().claims["name"] == "Amina Yusuf"
    for changes in (
        {"userinfo_forms": frozenset({SIGNED})},
        {"userinfo_forms": both, "jwe_encs": ("A128GCM",)},
        {"userinfo_forms": both, "jwe_algs": ("ECDH-ES",)},
    ):
        refused(
            make_portal(registered=registered, **changes).log_in, "userinfo_invalid"
        )
    portal.own = portal.own._replace(decrypting=[])
    refused(portal.log_in, "userinfo_invalid")
    signed_only = make_portal(userinfo_forms=frozenset({ENCRYPTED}))
    refused(signed_only.log_in, "userinfo_invalid")


def test_a_key_on_a_curve(make_portal):
    key = ECKey.generate_key("P-256")
    registered = {"public_key": public_jwk(key, True, "ec")}
    portal = make_portal(registered=registered, client_alg="ES256", use_kid=True)
    portal.own = portal.own._replace(signing=(key, "ec"))
    assert portal.log_in().subject
    wrong = make_portal(client_alg="RS256")
    wrong.own = portal.own
    refused(wrong.log_in, "configuration")


def test_a_named_key_must_be_the_registered_one(make_portal):
    assert make_portal(use_kid=True).log_in().subject


def test_wallets_name_no_issuer(make_portal):
    refused(lambda: make_portal().log_in(wallet=True), "issuer_mismatch")
    verified = make_portal(may_lack_iss=True).log_in(wallet=True)
    assert verified.acr == (f"{ACR}linked-wallet",)


def test_errors_without_a_state_end_no_login(portal, provider, browser):
    provider.behave(error="access_denied", state_null=True)
    started, pending = portal.begin()
    url = browser.log_in(started.url)
    assert query_of(url)["state"] == "null"
    refused(lambda: portal.finish(pending, url), "access_denied")
    provider.behave(error="", state_null=False)
    assert portal.log_in().subject


def test_a_code_is_redeemed_once(portal, browser):
    started, pending = portal.begin()
    url = browser.log_in(started.url)
    assert portal.finish(pending, url).subject
    refused(lambda: portal.finish(pending, url), "token_refused")


def test_a_code_grows_old(portal, provider, browser):
    started, pending = portal.begin()
    url = browser.log_in(started.url)
    provider.steer("POST", "time/301")
    refused(lambda: portal.finish(pending, url), "token_refused")


@pytest.mark.parametrize("skew", [-3600, -200, 200, 3600])
def test_clocks_that_differ_too_much(portal, provider, skew):
    # The provider is the first to notice: our assertion is of another time.
    provider.behave(clock_skew=skew)
    refused(portal.log_in, "token_refused")


def test_clocks_that_differ_a_little(portal, provider):
    for skew in (-4, 4):
        provider.behave(clock_skew=skew)
        assert portal.log_in().subject


@pytest.mark.parametrize("endpoint", ["token", "userinfo", "jwks"])
@pytest.mark.parametrize(
    ("trouble", "codes"),
    [
        ("slow", {"provider_unreachable"}),
        ("close", {"provider_unreachable"}),
        ("error", {"provider_answer", "token_refused"}),
        ("garbage", {"provider_answer", "userinfo_invalid"}),
        ("redirect", {"provider_answer"}),
        ("huge", {"provider_answer"}),
    ],
)
def test_troubles_of_the_provider(portal, provider, endpoint, trouble, codes):
    portal.seconds = 1
    provider.behave(trouble={endpoint: trouble}, slow_seconds=1.5)
    begin = time.monotonic()
    with pytest.raises(OidcError) as caught:
        portal.log_in()
    assert caught.value.code in codes
    assert time.monotonic() - begin < 3


def test_known_keys_do_while_the_provider_has_none(portal, provider):
    portal.log_in()
    provider.behave(trouble={"jwks": "error"})
    portal.known = portal.known._replace(key_set_at=time.time() - 2 * 3600)
    assert portal.log_in().subject


def test_keys_of_the_identity_system(portal, provider):
    provider.behave(jwks_omit="identity")
    refused(portal.log_in, "userinfo_invalid")


@pytest.mark.parametrize("algs", ["right", "wrong"])
def test_keys_that_name_their_algorithm_even_wrongly(portal, provider, algs):
    provider.behave(jwks_alg=algs)
    assert portal.log_in().subject


def test_addresses_that_only_the_provider_names(make_portal, provider):
    portal = make_portal()
    bare = portal.settings._replace(
        token_endpoint="",
        jwks_url="",
        par_endpoint="",
        use_par=True,
        discovery_url=f"{provider.host}/.well-known/openid-configuration",
    )
    portal.settings = bare
    assert portal.log_in().subject
    known = portal.known
    portal.known, portal.settings = Known(), bare._replace(issuer=f"{bare.issuer}/x")
    refused(portal.begin, "issuer_mismatch")
    for trouble, code in (
        ("error", "provider_answer"),
        ("garbage", "provider_answer"),
        ("slow", "provider_unreachable"),
    ):
        portal.known, portal.settings, portal.seconds = Known(), bare, 1
        provider.behave(trouble={"discovery": trouble}, slow_seconds=1.5)
        refused(portal.begin, code)
    portal.known = known._replace(metadata_at=1)
    assert portal.begin()[0].url, "the last good copy does"


def test_claims_in_several_languages(make_portal, provider):
    provider.behave(localized=True)
    portal = make_portal(claims_locales="fr en")
    assert portal.log_in().claims["name"] == "Amina Yusuf"


def test_voluntary_claims_may_be_missing_essential_ones_not(portal, provider):
    provider.behave(withhold=["birthdate"])
    assert "birthdate" not in portal.log_in().claims
    provider.behave(withhold=["name"])
    refused(portal.log_in, "claims_missing")


def test_private_addresses_are_not_called_unless_allowed(portal):
    exchange = portal.exchange()
    exchange._fence._allowed = frozenset()
    refused(exchange.learn, "configuration")


def test_learning_keeps_keys(portal):
    exchange = portal.exchange()
    exchange.learn()
    assert exchange.known.key_set
    assert exchange.known.key_set_at


def test_claims_of_an_id_come_letter_by_letter(make_portal, provider):
    portal = make_portal(id_claims=("email",))
    provider.behave(claims={"email": "amina@id.example"})
    assert portal.log_in().claims["email"] == "amina@id.example"
    provider.behave(claims={"email": "amina@id.example\u200b"})
    assert "email" not in portal.log_in().claims

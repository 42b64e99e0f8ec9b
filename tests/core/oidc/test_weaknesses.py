"""What other relying parties got wrong, tried on this one.

Numbers name weaknesses that were found in other modules for Odoo and for eSignet.
Those of Odoo's doors and sessions are tested in the addon (``test_login*.py``).

======= ===================================================== =====================
number  what went wrong elsewhere                             test
======= ===================================================== =====================
G1, S3  user data believed without a signature                test_weakness_g1_…
G2      claims of several tokens merged, ``sub`` not compared test_weakness_g2_…
G3      audience, issuer, nonce, expiry, algorithm not checked test_weakness_g3_…
S4      all of that only where it was configured              test_weakness_s4_…
G4      a login went on without an ID token                   test_weakness_g4_…
G5      nonce not kept; state not of this login               test_weakness_g5_…
G6      one PKCE verifier for all, sent through the browser   test_weakness_g6_…
G7      assertions without ``jti``, valid for an hour         test_weakness_g7_…
G8      keys kept for ever                                    test_weakness_g8_…
C3      keys fetched for every forged name                    test_weakness_c3_…
G9      a picture's address was fetched                       test_weakness_g9_…
G16     tokens in addresses, answers in the log               test_weakness_g16_…
G17     PS256 not known                                       test_weakness_g17_…
C2      one algorithm only, issuer and times not demanded     test_weakness_c2_…
S2      errors of the provider ignored                        test_weakness_s2_…
S5      issuer compared in part                               test_weakness_s5_…
S6      no fresh proof before the account changes             test_weakness_s6_…
======= ===================================================== =====================
"""

import json
import logging
import time

import pytest
from joserfc import jws

from odoo.addons.g2p_spar_portal.core.oidc.errors import OidcError

from .conftest import ACR, Browser, query_of


def refused(call, code):
    """Check that a call is refused for a reason."""
    with pytest.raises(OidcError) as caught:
        call()
    assert caught.value.code == code, str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    "how",
    ["bad_signature", "alg_none", "hmac_public_key", "foreign_key", "truncated"],
)
def test_weakness_g1_s3_user_data_must_be_signed(portal, provider, how):
    provider.behave(userinfo=how)
    refused(portal.log_in, "userinfo_invalid")


def test_weakness_g1_plain_user_data_only_where_the_record_says_so(
    make_portal, provider
):
    provider.behave(userinfo="plain_json")
    refused(make_portal().log_in, "userinfo_invalid")
    plain = make_portal(userinfo_forms=frozenset({"plain"}))
    assert plain.log_in().claims["name"] == "Amina Yusuf"


@pytest.mark.parametrize("how", ["wrong_sub", "no_sub"])
def test_weakness_g2_user_data_are_of_the_one_who_logged_in(portal, provider, how):
    provider.behave(userinfo=how)
    refused(portal.log_in, "subject_mismatch")


def test_weakness_g2_the_subject_is_that_of_the_id_token(portal, provider):
    provider.behave(claims={"user_id": "x", "id": "x", "email": "other@example.org"})
    verified = portal.log_in()
    assert verified.subject == verified.claims["sub"]
    assert verified.subject not in ("x", "other@example.org")


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("bad_signature", "id_token_invalid"),
        ("alg_none", "id_token_invalid"),
        ("hmac_public_key", "id_token_invalid"),
        ("foreign_key", "id_token_invalid"),
        ("wrong_issuer", "issuer_mismatch"),
        ("wrong_audience", "id_token_invalid"),
        ("second_audience", "id_token_invalid"),
        ("expired", "clock_skew"),
        ("from_future", "clock_skew"),
        ("wrong_nonce", "nonce_mismatch"),
        ("no_nonce", "nonce_mismatch"),
        ("wrong_at_hash", "id_token_invalid"),
        ("no_exp", "id_token_invalid"),
        ("no_sub", "id_token_invalid"),
        ("no_auth_time", "id_token_invalid"),
        ("old_auth_time", "login_too_old"),
        ("no_acr", "acr_too_low"),
        ("wrong_sub", "subject_mismatch"),
    ],
)
def test_weakness_g3_an_id_token_is_checked_whole(portal, provider, how, code):
    provider.behave(id_token=how)
    refused(portal.log_in, code)


def test_weakness_g4_nobody_logs_in_without_an_id_token(portal, provider):
    provider.behave(id_token="missing")
    refused(portal.log_in, "provider_answer")


def test_weakness_g5_each_login_has_its_own_state_and_nonce(portal, browser):
    mine, pending = portal.begin()
    theirs, _pending = portal.begin()
    assert mine.state != theirs.state
    assert mine.nonce != theirs.nonce
    sent = query_of(mine.url)
    assert (sent["state"], sent["nonce"]) == (mine.state, mine.nonce)
    # A code of another login, brought into this one.
    url = browser.log_in(theirs.url)
    refused(lambda: portal.finish(pending, url), "state_mismatch")
    swapped = url.replace(theirs.state, mine.state)
    refused(lambda: portal.finish(pending, swapped), "token_refused")


def test_weakness_g6_each_login_has_its_own_verifier(portal):
    first, _pending = portal.begin()
    second, _pending = portal.begin()
    assert first.code_verifier != second.code_verifier
    sent = query_of(first.url)
    assert sent["code_challenge_method"] == "S256"
    assert first.code_verifier not in first.url


def test_weakness_g6_a_code_is_of_no_use_without_the_verifier(portal, browser):
    started, pending = portal.begin()
    url = browser.log_in(started.url)
    other = pending._replace(code_verifier="x" * 64)
    refused(lambda: portal.finish(other, url), "token_refused")


def test_weakness_g7_assertions_are_new_and_short(portal):
    client_key = portal.exchange().client_key(portal.settings)
    claims = [_claims(client_key.sign()) for _time in range(3)]
    assert len({one["jti"] for one in claims}) == 3
    for one in claims:
        assert one["exp"] - one["iat"] <= 60
        assert one["iss"] == one["sub"] == "spar-portal"


def test_weakness_g8_new_keys_are_fetched_and_old_ones_forgotten(portal, provider):
    portal.log_in()
    before = portal.known.key_set
    provider.steer("POST", "keys/rotate")
    # A minute must have gone by, or anybody could make us fetch all the time.
    refused(portal.log_in, "id_token_invalid")
    portal.now = time.time() + 61
    portal.settings = portal.settings._replace(leeway=120)
    portal.log_in()
    old = {jwk["kid"] for jwk in before} - {jwk["kid"] for jwk in portal.known.key_set}
    assert old


def test_weakness_g8_known_keys_are_not_fetched_again(portal, provider):
    portal.log_in()
    provider.steer("DELETE", "behaviour")
    portal.log_in()
    calls = [call["endpoint"] for call in provider.steer("GET", "calls")]
    assert "token" in calls
    assert "jwks" not in calls


def test_weakness_c3_forged_tokens_fetch_no_keys(portal, provider):
    portal.log_in()
    provider.steer("DELETE", "behaviour")
    provider.behave(id_token="foreign_key")
    for _time in range(3):
        refused(portal.log_in, "id_token_invalid")
    assert _count_of(provider, "jwks") == 0
    # A minute later there may be a new key: it is looked for once, not thrice.
    portal.now = time.time() + 61
    for _time in range(3):
        refused(portal.log_in, "id_token_invalid")
    assert _count_of(provider, "jwks") == 1


def test_weakness_c3_no_key_is_kept_for_ever(portal, provider):
    portal.log_in()
    revoked = {"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "revoked"}
    an_hour_ago = time.time() - 3601
    portal.known = portal.known._replace(
        key_set=[*portal.known.key_set, revoked], key_set_at=an_hour_ago
    )
    provider.steer("DELETE", "behaviour")
    portal.log_in()
    assert _count_of(provider, "jwks") == 1
    assert "revoked" not in {jwk["kid"] for jwk in portal.known.key_set}


def test_weakness_g9_pictures_and_addresses_are_left_alone(portal, provider):
    provider.behave(picture=True)
    picture = {"picture": "file:///etc/passwd", "website": "http://127.0.0.1:9/x"}
    assert "picture" not in portal.log_in().claims
    provider.behave(picture=False, claims=picture)
    assert "picture" not in portal.log_in().claims


def test_weakness_g16_no_token_in_addresses_errors_or_logs(portal, provider, caplog):
    caplog.set_level(logging.DEBUG)
    started, pending = portal.begin()
    url = Browser(provider.host).log_in(started.url)
    code = query_of(url)["code"]
    provider.behave(userinfo="bad_signature")
    error = refused(lambda: portal.finish(pending, url), "userinfo_invalid")
    token = next(iter(provider.store.tokens))
    for told in (str(error), error.detail, repr(portal.known)):
        assert token not in told
        assert code not in told
    ours = [r.getMessage() for r in caplog.records if r.name.startswith("odoo")]
    assert not any(secret in line for line in ours for secret in (token, code))


def test_weakness_g17_ps256_is_understood(make_portal):
    assert make_portal("1.8").log_in().subject


def test_weakness_c2_only_the_algorithms_of_the_record_count(make_portal):
    refused(make_portal("1.8", id_token_algs=("RS256",)).log_in, "id_token_invalid")
    refused(make_portal("1.6", id_token_algs=("PS256",)).log_in, "id_token_invalid")
    refused(make_portal(userinfo_algs=("PS256",)).log_in, "userinfo_invalid")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("access_denied", "access_denied"),
        ("consent_rejected", "consent_rejected"),
        ("transaction_timeout", "expired"),
        ("ekyc_failed", "provider_error"),
        ("<script>", "provider_error"),
    ],
)
def test_weakness_s2_errors_of_the_provider_end_the_login(
    portal, provider, error, code
):
    provider.behave(error=error)
    refused(portal.log_in, code)


@pytest.mark.parametrize("change", ["", "/", "x", "/realms"])
def test_weakness_s5_the_issuer_is_compared_letter_by_letter(
    make_portal, provider, change
):
    portal = make_portal()
    provider.behave(iss=f"{provider.host}{change}")
    if not change:
        assert portal.log_in().subject
        return
    refused(portal.log_in, "issuer_mismatch")


def test_weakness_s6_a_change_needs_the_proof_of_the_record(portal, provider):
    assert portal.log_in("step_up", finger=True).acr
    # The provider takes any proof, whatever it was asked for.
    provider.behave(ignore_acr=True)
    refused(lambda: portal.log_in("step_up"), "acr_too_low")


def test_weakness_s6_a_change_needs_a_fresh_proof_of_the_same_person(
    make_portal, provider
):
    portal = make_portal(is_fresh=False)
    provider.behave(id_token="old_auth_time")
    assert portal.log_in().subject, "a login may be older where the record says so"
    refused(lambda: portal.log_in("step_up", finger=True), "login_too_old")
    provider.behave(id_token="no_auth_time")
    refused(lambda: portal.log_in("step_up", finger=True), "id_token_invalid")
    provider.behave(id_token="")
    started, pending = portal.begin("step_up")
    url = Browser(provider.host).log_in(started.url, finger=True)
    other = pending._replace(expected_subject="somebody")
    refused(lambda: portal.finish(other, url), "other_person")


def test_several_proofs_in_one_text(portal, provider):
    provider.behave(acr=f"{ACR}static-code {ACR}generated-code")
    assert portal.log_in().acr == (f"{ACR}static-code", f"{ACR}generated-code")


def _count_of(provider, endpoint):
    """Return how often an address was asked since the last reset."""
    calls = provider.steer("GET", "calls")
    return [call["endpoint"] for call in calls].count(endpoint)


def _claims(token):
    return json.loads(jws.extract_compact(token.encode()).payload)

"""The mock eSignet goes through a login as eSignet does, in each release."""

from datetime import datetime
from urllib.parse import urlsplit

import pytest

from clients.relying_party import (
    CALLBACK,
    claims_request,
    form_of,
    told,
)
from mock_esignet.people import PEOPLE, subject

NUMBER = "2154189532"
ACR = "mosip:idp:acr:"
JWKS = "/.well-known/jwks.json"


@pytest.mark.parametrize("release", ["1.5", "1.6", "1.7", "1.8"])
def test_each_release_signs_and_names_itself_in_its_own_way(party, release):
    one = party(release=release)

    back = one.login(allowed=["name"])
    tokens = one.redeem(back["code"]).get_json()
    header, claims = one.read(tokens["id_token"])

    old = release < "1.7"
    assert header["alg"] == ("RS256" if old else "PS256")
    path = "" if release == "1.8" else "/v1/esignet"
    assert claims["iss"] == one.host + path
    assert back.get("iss") == (None if old else one.host + path)
    assert set(tokens) == {"access_token", "token_type", "expires_in", "id_token"}


def test_release_two_has_other_addresses_and_wants_the_issuer(party):
    party().web.put("/control/release/2.0")
    one = party(release="2.0")
    path = urlsplit(one.metadata["token_endpoint"]).path
    assert path == "/v1/esignet/oauth2/token"

    code = one.login()["code"]
    assert one.redeem(code).get_json()["error"] == "invalid_client"
    for_issuer = one.assertion(aud=one.metadata["issuer"])
    tokens = one.redeem(code, assertion=for_issuer).get_json()

    header, _claims = one.read(tokens["id_token"])
    assert header["alg"] == "PS256"
    assert one.userinfo(tokens["access_token"]).status_code == 200
    [end, _other] = [key["exp"] for key in one.web.get(JWKS).get_json()["keys"]]
    assert datetime.fromisoformat(end)


def test_id_token_says_who_when_and_how_but_nothing_about_the_person(party):
    one = party()

    request = one.request(acr_values=f"{ACR}biometrics {ACR}generated-code")
    page = one.web.get("/authorize", query_string=request).location
    tokens = one.redeem(one.walk(page, NUMBER, "111111")["code"]).get_json()

    _header, claims = one.read(tokens["id_token"])
    assert claims["sub"] == subject(NUMBER, "openg2p-auth-partner")
    assert claims["acr"] == f"{ACR}biometrics {ACR}generated-code"
    assert claims["nonce"] == request["nonce"]
    assert set(claims) == {
        "iss", "sub", "aud", "iat", "exp", "auth_time", "nonce", "acr", "at_hash",
    }  # fmt: skip


def test_userinfo_is_signed_by_the_identity_system_and_holds_no_envelope(party):
    one = party()

    answer = one.userinfo(one.tokens(number=NUMBER)["access_token"])
    header, claims = one.read(answer.text)

    assert answer.content_type == "application/jwt"
    assert header["alg"] == "RS256"
    assert claims == {
        "sub": subject(NUMBER, "openg2p-auth-partner"),
        "name": PEOPLE[NUMBER].name,
        "gender": "Male",
        "birthdate": "1984/11/30",
    }


def test_sealed_userinfo_wraps_the_signed_one(party):
    one = party()
    sealed = party(userinfo_response_type="JWE", enc_public_key=form_of(one.seal))
    sealed.seal = one.seal

    answer = sealed.userinfo(sealed.tokens()["access_token"])

    assert answer.text.count(".") == 4
    _header, claims = sealed.read(sealed.unseal(answer.text))
    assert claims["name"] == PEOPLE[NUMBER].name


def test_subject_belongs_to_the_relying_party_not_to_the_client(party):
    first, second = party(), party()
    other = party(relying_party_id="another-ministry")

    subs = [one.read(one.tokens()["id_token"])[1]["sub"] for one in (first, second)]

    assert subs[0] == subs[1]
    assert other.read(other.tokens()["id_token"])[1]["sub"] != subs[0]


def test_consent_is_asked_once_and_voluntary_claims_can_be_refused(party):
    one = party()
    asked = claims_request(name={"essential": True}, email=None, gender=None)
    wish = {"scope": "openid", "claims": asked}

    back = one.login(allowed=["email"], **wish)
    _header, claims = one.read(
        one.userinfo(one.redeem(back["code"]).get_json()["access_token"]).text
    )
    again = one.open(**wish).location
    one.web.post(again, data={"number": NUMBER})
    proven = one.web.post(f"{again}/prove", data={"code": "111111"})

    assert set(claims) == {"sub", "name", "email"}
    assert proven.location.startswith(CALLBACK)


def test_wrong_code_and_wrong_number_are_said_on_the_page(party):
    one = party()
    page = one.open().location

    assert "4 to 20" in one.web.post(page, data={"number": "<script>"}).text
    one.web.post(page, data={"number": NUMBER})
    assert "not right" in one.web.post(f"{page}/prove", data={"code": "000000"}).text
    assert "at least one way" in one.web.post(f"{page}/prove", data={"code": ""}).text


def test_pages_speak_french_when_asked(party):
    page = party().open(ui_locales="fr-FR en").location

    assert "Choisissez une personne" in party().web.get(page).text


def test_refusal_by_the_person_comes_back_without_issuer(party):
    one = party()
    page = one.open(state="abc").location

    back = told(one.web.post(f"{page}/cancel").location)

    assert set(back) == {"error", "error_description", "state"}
    assert (back["error"], back["state"]) == ("access_denied", "abc")


def test_wallet_comes_back_without_issuer_but_with_nonce(party):
    one = party()
    page = one.open(nonce="n-1", acr_values=f"{ACR}linked-wallet").location
    consent = one.web.post(f"{page}/wallet", data={"number": NUMBER}).location

    back = told(one.web.post(consent, data={"claim": ["name"]}).location)

    assert set(back) == {"code", "state", "nonce"}
    _header, claims = one.read(one.redeem(back["code"]).get_json()["id_token"])
    assert claims["acr"] == f"{ACR}linked-wallet"


def test_acr_falls_back_to_all_registered(party):
    one = party(acrs=[f"{ACR}generated-code"])

    tokens = one.tokens(acr_values="something-nobody-registered")

    assert one.read(tokens["id_token"])[1]["acr"] == f"{ACR}generated-code"

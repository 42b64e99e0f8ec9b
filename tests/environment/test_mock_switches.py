"""Every switch of the mock does what its name says."""

import base64
import hashlib
import json
import smtplib
import time
from email.message import EmailMessage

import pytest
from joserfc import jws, jwt
from joserfc.errors import JoseError

from clients.relying_party import ALGORITHMS, told
from mock_esignet.behaviour import ID_TOKENS, TROUBLES, USERINFOS
from mock_esignet.inbox import SMS_PATH, smtp_server
from mock_esignet.people import subject
from spar_env.server import free_port

#: Bent tokens whose signature is not right.
UNVERIFIABLE = {"bad_signature", "alg_none", "hmac_public_key", "foreign_key"}


def switch(one, **values):
    answer = one.web.put("/control/behaviour", json=values)
    assert answer.status_code == 200, answer.text


def payload(token: str) -> dict:
    return json.loads(jws.extract_compact(token.encode()).payload)


#: What is not right in an ID token whose signature is.
BENT = {
    "wrong_issuer": "iss", "wrong_audience": "aud", "second_audience": "aud",
    "expired": "exp", "from_future": "iat", "wrong_nonce": "nonce",
    "no_nonce": "nonce", "wrong_at_hash": "at_hash", "no_at_hash": "at_hash",
    "old_auth_time": "auth_time", "no_auth_time": "auth_time", "no_acr": "acr",
    "no_exp": "exp", "no_sub": "sub", "wrong_sub": "sub",
}  # fmt: skip


def near(moment: float):
    return pytest.approx(moment, abs=60)


def wrong_claims(one, tokens: dict, nonce: str) -> set[str]:
    """Names of the claims of an ID token that are not as they should be."""
    digest = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
    now, claims = time.time(), payload(tokens["id_token"])
    right = {
        "iss": one.metadata["issuer"],
        "aud": one.client_id,
        "sub": subject("2154189532", "openg2p-auth-partner"),
        "nonce": nonce,
        "acr": "mosip:idp:acr:generated-code mosip:idp:acr:biometrics",
        "at_hash": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "iat": near(now),
        "auth_time": near(now),
        "exp": near(now + 3600),
    }
    return {name for name, value in right.items() if claims.get(name) != value}


@pytest.mark.parametrize("how", ["", *BENT])
def test_id_token_is_bent_but_rightly_signed(party, how):
    one = party()
    switch(one, id_token=how)
    nonce = f"nonce-{how}"

    tokens = one.tokens(nonce=nonce)

    one.read(tokens["id_token"])
    shifted = {"iat", "exp", "auth_time"}
    expected = (
        shifted if how in ("expired", "from_future") else {BENT.get(how)} - {None}
    )
    assert wrong_claims(one, tokens, nonce) == expected


@pytest.mark.parametrize("how", sorted(UNVERIFIABLE))
def test_id_token_cannot_be_verified(party, how):
    one = party()
    switch(one, id_token=how)
    nonce = f"nonce-{how}"

    tokens = one.tokens(nonce=nonce)

    assert wrong_claims(one, tokens, nonce) == set()
    with pytest.raises((JoseError, ValueError)):
        jwt.decode(tokens["id_token"], one.keys(), algorithms=ALGORITHMS)


def test_every_way_to_bend_is_tested():
    assert {*BENT, *UNVERIFIABLE, "", "missing"} == set(ID_TOKENS)


def test_id_token_can_be_missing(party):
    one = party()
    switch(one, id_token="missing")

    assert "id_token" not in one.tokens()


@pytest.mark.parametrize("how", [how for how in USERINFOS if how])
def test_userinfo_is_bent(party, how):
    one = party()
    access_token = one.tokens()["access_token"]
    right = payload(one.userinfo(access_token).text)
    switch(one, userinfo=how)

    answer = one.userinfo(access_token)

    if how == "plain_json":
        assert answer.get_json() == right
    elif how in UNVERIFIABLE | {"truncated"}:
        with pytest.raises((JoseError, ValueError)):
            jwt.decode(answer.text, one.keys(), algorithms=ALGORITHMS)
    elif how == "signed_by_service":
        assert one.read(answer.text)[0]["alg"] == "PS256"
    else:
        assert one.read(answer.text)[1] != right


def test_claims_are_large_localized_withheld_or_of_the_tests_choice(party):
    one = party()
    switch(
        one, picture=True, localized=True, withhold=["gender"],
        claims={"birthdate": "<script>"},
    )  # fmt: skip

    _header, claims = one.read(one.userinfo(one.tokens()["access_token"]).text)

    assert len(claims.pop("picture")) > 100_000
    del claims["sub"]
    assert claims == {
        "name#en": "Baraka Mwangi",
        "name#fr": "Baraka Mwangi",
        "birthdate": "<script>",
    }


def test_keys_rotate_are_left_out_or_name_a_wrong_algorithm(party):
    one = party()

    def published() -> dict:
        keys = one.web.get("/.well-known/jwks.json").get_json()["keys"]
        return {key["kid"]: key for key in keys}

    before = published()
    assert all("exp" in key and "alg" not in key for key in before.values())
    switch(one, jwks_omit="identity", jwks_alg="wrong")
    assert [key["alg"] for key in published().values()] == ["RS256"]
    one.web.delete("/control/behaviour")
    one.web.post("/control/keys/rotate")
    assert len(published()) == 2
    assert not set(published()) & set(before)


def test_acr_error_issuer_and_state_of_the_tests_choice(party):
    one = party()
    switch(one, acr="a b", iss="https://somebody.example")
    back = one.login()
    assert back["iss"] == "https://somebody.example"
    assert one.read(one.redeem(back["code"]).get_json()["id_token"])[1]["acr"] == "a b"

    switch(one, error="ekyc_failed", state_null=True)
    back = told(one.open().location)
    assert (back["error"], back["state"]) == ("ekyc_failed", "null")


@pytest.mark.parametrize("kind", [kind for kind in TROUBLES if kind != "close"])
def test_each_endpoint_can_be_in_trouble(party, kind):
    one = party()
    switch(one, trouble={"jwks": kind, "discovery": kind}, slow_seconds=0.05)

    for path in ("/.well-known/jwks.json", "/.well-known/openid-configuration"):
        answer = one.web.get(path)
        expected = {"error": 500, "redirect": 302}.get(kind, 200)
        assert answer.status_code == expected
        if kind == "garbage":
            assert answer.data.startswith(b"\x00")
        if kind == "huge":
            assert len(answer.data) > 10_000_000


def test_an_unknown_switch_or_position_is_refused(party):
    web = party().web

    for values in ({"nothing": 1}, {"id_token": "odd"}, {"trouble": {"jwks": "odd"}}):
        assert web.put("/control/behaviour", json=values).status_code == 400
    assert web.put("/control/behaviour", json=[1]).status_code == 400
    assert web.get("/control/behaviour").get_json()["id_token"] == ""


def test_people_are_the_same_each_time(party):
    path = "/control/people?relying_party_id=openg2p-auth-partner"

    told = {one["story"]: one["sub"] for one in party().web.get(path).get_json()}

    assert set(told) == {
        "unmapped", "bank", "wallet", "on_hold", "disputed", "expired",
    }  # fmt: skip
    assert told["bank"] == "Uwj-iZFCvKsQ7ck8VXPX4NdiM0zPb9n1V8ABOJYfcPc"


def test_text_messages_are_taken_by_odoos_contract(party):
    web = party().web
    batch = {"content": "Hello <b>", "numbers": [{"uuid": "u", "number": "+254711"}]}
    call = {"jsonrpc": "2.0", "id": 7, "params": {"messages": [batch]}}

    answer = web.post(SMS_PATH, json=call).get_json()

    assert answer["result"] == [{"uuid": "u", "state": "success", "credit": 0}]
    assert web.get("/inbox.json").get_json()[0]["text"] == "Hello <b>"
    assert "Hello &lt;b&gt;" in web.get("/inbox").text
    web.put("/control/behaviour", json={"sms": "server_error"})
    assert web.post(SMS_PATH, json=call).get_json()["result"][0]["state"] == (
        "server_error"
    )


def test_mails_are_taken_by_smtp(party, store):
    server = smtp_server(store, "127.0.0.1", free_port())
    server.start()
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Changed ✓", "a@example.org", "b@x.org"
    mail.set_content("Your account ends in 63")
    try:
        with smtplib.SMTP(server.hostname, server.port) as client:
            client.send_message(mail)
    finally:
        server.stop()

    [kept] = party().web.get("/inbox.json").get_json()
    assert (kept["kind"], kept["to"], kept["subject"]) == (
        "mail",
        "b@x.org",
        "Changed ✓",
    )
    assert kept["text"].strip() == "Your account ends in 63"

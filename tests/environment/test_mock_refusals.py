"""The mock eSignet refuses what eSignet refuses."""

import time

import pytest

from clients.relying_party import Prover, form_of, told
from mock_esignet.safety import Unsafe, is_own_name, require_safe

PAR = "pushed_authorization_request_endpoint"


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["error"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"client_id": "nobody"}, "invalid_client_id"),
        ({"redirect_uri": "https://evil.example/"}, "invalid_redirect_uri"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"response_type": "token"}, "invalid_response_type"),
        ({"prompt": "login consent"}, "invalid_prompt"),
        ({"claims": "[1]"}, "invalid_claim"),
        ({"code_challenge_method": None}, "unsupported_pkce_challenge_method"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"request_uri": "urn:nothing"}, "invalid_request_uri"),
    ],
)
def test_a_wrong_request_is_told_on_its_own_page(party, values, code):
    answer = party().open(**values)

    assert answer.status_code == 400
    assert f'<code id="code">{code}</code>' in answer.text


def test_a_nonce_is_taken_once(party):
    one = party()
    assert one.open(nonce="once").status_code == 302

    assert "invalid_request" in one.open(nonce="once").text


@pytest.mark.parametrize(
    ("claims", "release"),
    [
        ({"aud": "https://somebody.example"}, "1.8"),
        ({"exp": 1}, "1.8"),
        ({"iat": 9_999_999_999}, "1.8"),
        ({"jti": None}, "1.8"),
        ({"jti": None}, "1.6"),
        ({"iss": "somebody"}, "1.8"),
    ],
)
def test_a_wrong_assertion_is_refused(party, claims, release):
    one = party(release=release)
    back = one.login()

    answer = one.redeem(back["code"], assertion=one.assertion(**claims))

    new = release == "1.8"
    assert code_of(answer) == (400, "invalid_client" if new else "invalid_assertion")
    # The code survives a failed exchange.
    assert one.redeem(back["code"]).status_code == 200


def test_the_issuer_is_an_audience_since_17_only(party):
    for release, status in (("1.8", 200), ("1.6", 400)):
        one = party(release=release)
        assertion = one.assertion(aud=one.metadata["issuer"])
        answer = one.redeem(one.login()["code"], assertion=assertion)
        assert answer.status_code == status, release


def test_an_assertion_is_taken_once(party):
    one = party()
    assertion = one.assertion()
    one.redeem(one.login()["code"], assertion=assertion)

    assert code_of(one.redeem(one.login()["code"], assertion=assertion)) == (
        400,
        "invalid_client",
    )


def test_another_clients_key_is_refused(party):
    one, other = party(), party()
    back = one.login()
    one.key = other.key

    assert code_of(one.redeem(back["code"])) == (400, "invalid_client")


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"code_verifier": "x" * 43}, "invalid_grant"),
        ({"code_verifier": None}, "invalid_request"),
        ({"redirect_uri": "https://portal.example/other"}, "invalid_grant"),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type"),
    ],
)
def test_a_wrong_exchange_is_refused(party, values, error):
    one = party()

    assert code_of(one.redeem(one.login()["code"], **values)) == (400, error)


@pytest.mark.parametrize(("release", "seconds"), [("1.8", 300), ("1.6", 600)])
def test_a_code_is_redeemed_once_and_in_time(party, release, seconds):
    one = party(release=release)
    late, used = one.login()["code"], one.login()["code"]
    assert one.redeem(used).status_code == 200
    one.web.post(f"/control/time/{seconds}")

    error = "invalid_grant" if release == "1.8" else "invalid_transaction"
    assert code_of(one.redeem(used)) == (400, error)
    assert code_of(one.redeem(late)) == (400, error)


def test_a_login_times_out(party):
    one = party()
    page = one.open().location
    one.web.post("/control/time/301")

    assert "transaction_timeout" in one.web.get(page).text


def test_a_pushed_request_is_used_once_and_loses_its_state_when_refused(party):
    one = party(require_pushed_authorization_requests=True)
    assert "invalid_request" in one.open().text

    pushed = one.call(PAR, **one.request(state="kept"))
    name = pushed.get_json()["request_uri"]
    asked = {"client_id": one.client_id, "request_uri": name}
    page = one.web.get("/authorize", query_string=asked).location

    assert pushed.status_code == 201
    assert told(one.web.post(f"{page}/cancel").location)["state"] == "null"
    assert "invalid_request_uri" in one.web.get("/authorize", query_string=asked).text
    assert code_of(one.call(PAR, assertion="a.b.c", **one.request()))[0] == 400


def test_a_bound_token_needs_its_proof_and_a_fresh_nonce(party):
    one, prover = party(dpop_bound_access_tokens=True), Prover()
    url, code = one.metadata["token_endpoint"], one.login()["code"]
    assert code_of(one.redeem(code)) == (400, "invalid_dpop_proof")

    first = one.redeem(code, prover.proof("POST", url))
    nonce = first.headers["DPoP-Nonce"]
    done = one.redeem(code, prover.proof("POST", url, nonce)).get_json()

    assert code_of(first) == (400, "use_dpop_nonce")
    assert done["token_type"] == "DPoP"
    token, where = done["access_token"], one.metadata["userinfo_endpoint"]
    assert one.userinfo(token).status_code == 401
    second = one.userinfo(token, "DPoP", **prover.proof("GET", where, token=token))
    assert second.status_code == 401
    nonce = second.headers["DPoP-Nonce"]
    stolen = Prover().proof("GET", where, nonce, token)
    assert one.userinfo(token, "DPoP", **stolen).status_code == 401
    proof = prover.proof("GET", where, nonce, token)
    assert one.userinfo(token, "DPoP", **proof).status_code == 200


def test_userinfo_of_an_unknown_or_old_token_is_refused_without_a_scheme(party):
    one = party()
    token = one.tokens()["access_token"]
    assert one.userinfo("unknown").headers["WWW-Authenticate"] == (
        'error="invalid_token"'
    )
    one.web.post("/control/time/3601")

    assert one.userinfo(token).status_code == 401


def test_one_key_belongs_to_one_client_and_a_private_key_is_not_taken(party):
    one = party()
    values = {"public_key": form_of(one.key), "redirect_uris": ["https://a.example"]}

    again = one.web.put("/control/clients/other", json=values)
    secret = one.web.put(
        "/control/clients/other",
        json=values | {"public_key": one.key.as_dict(private=True)},
    )

    assert code_of(again) == (400, "duplicate_public_key")
    assert code_of(secret) == (400, "private_key_given")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", ""])  # noqa: S104
def test_it_listens_to_this_machine_alone(host):
    with pytest.raises(Unsafe, match="127.0.0.1"):
        require_safe(host, {})


@pytest.mark.parametrize("name", ["SPAR_PRODUCTION", "RUNNING_ENV", "ODOO_STAGE"])
def test_it_does_not_start_beside_production(name):
    with pytest.raises(Unsafe, match=name):
        require_safe("127.0.0.1", {name: "production"})
    require_safe("127.0.0.1", {name: "test"})
    require_safe("::1", {})


def test_a_rebound_name_gets_nothing(party):
    answer = party().web.get("/inbox", headers={"Host": "evil.example:8088"})

    assert answer.status_code == 421
    assert is_own_name("[::1]:8088")
    assert is_own_name("localhost")


def test_clock_is_wrong_on_demand(party):
    one = party()
    one.web.put("/control/behaviour", json={"clock_skew": -3600})

    assert code_of(one.redeem(one.login()["code"]))[0] == 400
    one.web.delete("/control/behaviour")
    claims = one.read(one.tokens()["id_token"])[1]
    assert abs(claims["iat"] - time.time()) < 60

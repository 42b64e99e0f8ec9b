"""Who gets a token, and which tokens open the door."""

import base64
import hmac
import json
import time
from http import HTTPStatus

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from clients.api import TOKEN_PATH, Api
from clients.refusals import assert_refused, assert_sentence, unchanged
from clients.running import wait_until
from clients.words import OPERATIONS, item, link_item, message, new_person, outcome

pytestmark = pytest.mark.usefixtures("quiet_log")

UNAUTHORIZED = (HTTPStatus.UNAUTHORIZED, "err.request.unauthorized")
FORBIDDEN = (HTTPStatus.FORBIDDEN, "err.request.forbidden")
KEYS_PATH = "/spar/v1/oauth2/jwks.json"


def part(value: dict) -> str:
    """One part of a token: JSON in base64url."""
    raw = json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def read(text: str) -> dict:
    """A part of a token, read."""
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


# === TOKENS THAT DO NOT OPEN === #


def no_signature(token: str, _api) -> str:
    _header, claims, _signature = token.split(".")
    return f"{part({'alg': 'none', 'typ': 'at+jwt'})}.{claims}."


def no_signature_same_key(token: str, _api) -> str:
    header, claims, _signature = token.split(".")
    return f"{part(read(header) | {'alg': 'none'})}.{claims}."


def foreign_key(token: str, _api) -> str:
    """All claims and the name of the key are right; the key is somebody else's."""
    header, claims, _signature = token.split(".")
    return jwt.encode(read(header), read(claims), ECKey.generate_key("P-256"))


def key_sent_along(token: str, _api) -> str:
    """The header brings the key that verifies it (RFC 7515, 4.1.3)."""
    header, claims, _signature = token.split(".")
    key = ECKey.generate_key("P-256")
    bringing = read(header) | {"jwk": key.as_dict(private=False)}
    return jwt.encode(bringing, read(claims), key)


def public_key_as_secret(token: str, api: Api) -> str:
    """Signed with HMAC, the published key as the secret.

    By hand: no library lends itself to that.
    """
    header, claims, _signature = token.split(".")
    [*_, published] = requests.get(api.base_url + KEYS_PATH, timeout=30).json()["keys"]
    secret = ECKey.import_key(published).as_pem(private=False)
    head = f"{part(read(header) | {'alg': 'HS256'})}.{claims}"
    signature = hmac.digest(secret, head.encode(), "sha256")
    return f"{head}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def more_rights(token: str, _api) -> str:
    header, claims, signature = token.split(".")
    return f"{header}.{part(read(claims) | {'scope': 'mapper.link'})}.{signature}"


def longer_life(token: str, _api) -> str:
    header, claims, signature = token.split(".")
    claims = read(claims)
    return f"{header}.{part(claims | {'exp': claims['exp'] + 3600})}.{signature}"


def another_client(token: str, _api) -> str:
    header, claims, signature = token.split(".")
    return f"{header}.{part(read(claims) | {'sub': 'other'})}.{signature}"


def altered_signature(token: str, _api) -> str:
    head, _, signature = token.rpartition(".")
    return f"{head}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


FORGERIES = [
    no_signature,
    no_signature_same_key,
    foreign_key,
    key_sent_along,
    public_key_as_secret,
    more_rights,
    longer_life,
    another_client,
    altered_signature,
    lambda token, _api: token[:-5],
    lambda token, _api: token + "A" * 10_000,
    lambda token, _api: token.split(".")[1],
    lambda token, _api: "a.b.c",
    lambda token, _api: "..",
    lambda token, _api: "\\x00",
]


@pytest.mark.parametrize("forge", FORGERIES)
def test_token_that_is_not_ours(api, spar, forge):
    with unchanged(spar):
        forged = forge(api.token, api)
        answer = api.post("link", message("link", [link_item()]), token=forged)
        assert_refused(answer, *UNAUTHORIZED)
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_token(api, spar, operation):
    """Refused at every operation, before the body is looked at."""
    for body in (message(operation, [item(id=new_person())]), b"{"):
        with unchanged(spar):
            answer = api.post(operation, body, token="")
            assert_refused(answer, *UNAUTHORIZED)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("scheme", ["Basic ", "Token ", "Bearer\t\t"])
def test_right_token_in_the_wrong_dress(api, spar, scheme):
    headers = {"Authorization": f"{scheme}{api.token}"}
    with unchanged(spar):
        sent = message("link", [link_item()])
        assert_refused(api.post("link", sent, headers=headers), *UNAUTHORIZED)


@pytest.mark.parametrize("scheme", ["", "bearer"])
def test_token_without_a_scheme_is_no_signed_message(api, spar, new_partner, scheme):
    """Without a scheme stands what connector 1.1 signs: the message itself."""
    new_partner(bare_token=True, token_issuer="urn:other", token_audience="spar")
    headers = {"Authorization": f"{scheme}{api.token}"}
    with unchanged(spar):
        sent = message("link", [link_item()])
        answer = api.post("link", sent, headers=headers)
    assert_refused(answer, HTTPStatus.UNAUTHORIZED, "err.signature.invalid")


def test_token_in_the_address_is_not_read(api, spar):
    """An address ends up in logs."""
    with unchanged(spar):
        answer = requests.post(
            api.url("link"),
            params={"access_token": "a-token"},
            json=message("link", [link_item()]),
            timeout=30,
        )
        assert_refused(answer, *UNAUTHORIZED)


def test_a_logged_in_user_is_no_partner(api, officer, spar):
    """A session of the screens does not open the door either."""
    with unchanged(spar):
        answer = officer.session.post(
            api.url("link"), json=message("link", [link_item()]), timeout=30
        )
        assert_refused(answer, *UNAUTHORIZED)


# === SCOPES === #


@pytest.mark.parametrize("granted", OPERATIONS)
def test_scope_opens_its_operation_and_no_other(api, granted):
    token = api.new_token(f"mapper.{granted}")
    for operation in OPERATIONS:
        sent = message(operation, [item(id=new_person())])
        answer = api.post(operation, sent, token=token)
        if operation == granted:
            assert answer.status_code == HTTPStatus.OK
        else:
            assert_refused(answer, *FORBIDDEN)
            challenge = answer.headers["WWW-Authenticate"]
            assert 'error="insufficient_scope"' in challenge
            assert f'scope="mapper.{operation}"' in challenge


def test_scope_may_be_written_with_a_slash(api):
    answer = api.ask_token("mapper/link mapper.resolve").json()
    assert set(answer["scope"].split()) == {"mapper.link", "mapper.resolve"}


def test_scope_the_partner_has_not(new_partner):
    _record, reader = new_partner(may_link=False, may_update=False, may_unlink=False)
    answer = reader.ask_token("mapper.link")
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert answer.json()["error"] == "invalid_scope"
    assert reader.ask_token().json()["scope"] == "mapper.resolve mapper.status"
    refused = reader.post("link", message("link", [link_item()]))
    assert_refused(refused, *FORBIDDEN)


# === WHAT STAFF CHANGE HOLDS AT ONCE === #


def test_right_that_was_taken_away_is_gone_at_once(new_partner, admin):
    """In every worker, whatever the token still says."""
    record, partner = new_partner()
    sent = message("link", [link_item()])
    assert partner.post("link", sent).status_code == HTTPStatus.OK
    admin.call("g2p.spar.sender", "write", [record], {"may_link": False})
    for _ in range(6):
        again = message("link", [link_item()])
        assert_refused(partner.post("link", again), *FORBIDDEN)


def test_partner_that_is_shut_out_is_refused_at_once(new_partner, admin):
    record, partner = new_partner()
    token = partner.token
    admin.call("g2p.spar.sender", "write", [record], {"active": False})
    for _ in range(6):
        sent = message("resolve", [item(id=new_person())])
        assert_refused(partner.post("resolve", sent, token=token), *UNAUTHORIZED)
    assert partner.ask_token().json()["error"] == "invalid_client"
    admin.call("g2p.spar.sender", "write", [record], {"active": True})
    assert outcome(partner.one("resolve", id=new_person()))[0] == "succ"


def test_access_that_is_over(new_partner):
    _record, partner = new_partner(valid_until="2026-01-01 00:00:00")
    answer = partner.ask_token()
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_former_secret_stays_valid_until_all_are_revoked(new_partner, admin):
    record, partner = new_partner()
    shown = admin.call("g2p.spar.sender", "action_new_secret", [record])["context"]
    fresh = Api(partner.base_url, partner.client_id, shown["default_secret"])
    assert shown["default_secret"] != partner.client_secret
    tokens = [partner.new_token(), fresh.new_token()]
    admin.call("g2p.spar.sender", "action_revoke", [record])
    for one in (partner, fresh):
        assert one.ask_token().json()["error"] == "invalid_client"
    for token in tokens:
        sent = message("resolve", [item(id=new_person())])
        wait_until(
            lambda token=token, sent=sent: (
                partner.post("resolve", sent, token=token).status_code == 401
            ),
            "the token is called back",
        )


def test_secret_can_be_read_nowhere(new_partner, admin, spar):
    """Not over RPC by the administrator, and not in the database."""
    record, partner = new_partner()
    fields = admin.call("g2p.spar.sender.secret", "fields_get")
    assert "digest" not in fields
    assert partner.client_secret not in json.dumps(
        admin.call("g2p.spar.sender", "read", [record]), default=str
    )
    stored = spar.rows(
        "SELECT * FROM g2p_spar_sender_secret WHERE sender_id = %s", record
    )
    assert partner.client_secret not in str(stored)
    assert len(stored[0]["digest"]) >= 43


# === THE TOKEN ENDPOINT (RFC 6749) === #

BAD_FORMS = [
    ({"grant_type": None}, 400, "invalid_request"),
    ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ({"grant_type": "authorization_code"}, 400, "unsupported_grant_type"),
    ({"client_secret": "wrong"}, 401, "invalid_client"),
    ({"client_secret": ""}, 401, "invalid_client"),
    ({"client_secret": None}, 401, "invalid_client"),
    ({"client_id": "unknown"}, 401, "invalid_client"),
    ({"client_id": "a\0b"}, 401, "invalid_client"),
    ({"client_id": "a" * 10_000}, 401, "invalid_client"),
    ({"client_id": None, "client_secret": None}, 401, "invalid_client"),
    ({"scope": "mapper.everything"}, 400, "invalid_scope"),
    ({"scope": "mapper.link admin"}, 400, "invalid_scope"),
    ({"client_id": ["a", "b"]}, 400, "invalid_request"),
]


@pytest.mark.parametrize(("form", "status", "code"), BAD_FORMS)
def test_bad_token_request(api, form, status, code):
    answer = api.ask_token(**form)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert_sentence(answer.json()["error_description"])
    assert answer.headers["Cache-Control"] == "no-store"
    if status == 401:
        assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_good_token_request(api):
    """By form or by HTTP Basic; an answer that nobody keeps."""
    basic = requests.post(
        api.base_url + TOKEN_PATH,
        data={"grant_type": "client_credentials"},
        auth=(api.client_id, api.client_secret),
        timeout=30,
    )
    for answer in (api.ask_token(), basic):
        assert answer.status_code == HTTPStatus.OK
        assert answer.json()["token_type"] == "Bearer"
        assert 60 <= answer.json()["expires_in"] <= 3600
        assert "refresh_token" not in answer.json()
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Pragma"] == "no-cache"


def test_form_and_basic_at_once(api):
    answer = requests.post(
        api.base_url + TOKEN_PATH,
        data={"grant_type": "client_credentials", "client_secret": api.client_secret},
        auth=(api.client_id, api.client_secret),
        timeout=30,
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_token_request_that_is_no_form(api):
    answer = requests.post(
        api.base_url + TOKEN_PATH, json={"grant_type": "client_credentials"}, timeout=30
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    large = api.ask_token(padding="a" * 10**6)
    assert (large.status_code, large.json()["error"]) == (413, "invalid_request")
    assert requests.get(api.base_url + TOKEN_PATH, timeout=30).status_code == 405


def test_guessing_is_slowed_down_but_shuts_nobody_out(new_partner):
    """After many wrong secrets: wait. The right one is let in all the same."""
    _record, partner = new_partner()
    answers = [partner.ask_token(client_secret=f"guess-{n}") for n in range(22)]
    assert answers[0].status_code == 401
    limited = [a for a in answers if a.status_code == 429]
    assert limited
    assert 1 <= int(limited[-1].headers["Retry-After"]) <= 60
    assert partner.ask_token().status_code == HTTPStatus.OK


def test_published_keys_verify_tokens(api):
    """With a public library alone; the key set holds nothing private."""
    answer = requests.get(api.base_url + KEYS_PATH, timeout=30)
    assert "max-age" in answer.headers["Cache-Control"]
    assert not any("d" in key for key in answer.json()["keys"])
    keys = KeySet.import_key_set(answer.json())
    token = jwt.decode(api.new_token(), keys, algorithms=["ES256"])
    assert token.claims["sub"] == api.client_id
    assert token.claims["exp"] > token.claims["iat"]
    assert {"iss", "aud", "nbf", "jti"} <= set(token.claims)


# === LAST, FOR IT NEEDS TIME === #


def test_expired_token(api, spar, aging_token):
    """Valid to its end, and not a moment longer. It has aged by itself."""
    token, over_at = aging_token
    sent = message("resolve", [item(id=new_person())])

    def ask():
        return api.post("resolve", sent, token=token)

    wait_until(lambda: not ask().ok, "the token has expired", seconds=90)
    assert time.monotonic() >= over_at - 1
    assert_refused(ask(), *UNAUTHORIZED)
    with unchanged(spar):
        again = api.post("link", message("link", [link_item()]), token=token)
        assert_refused(again, *UNAUTHORIZED)

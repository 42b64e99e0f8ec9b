"""The request of an application: what is taken, and why the rest is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_consent.core.request import (
    AUDIENCE,
    LEEWAY,
    MOST_SECONDS,
    Asked,
    Profile,
    RequestRefused,
    judge,
    read_claims,
    read_issuer,
)

NOW = 1_800_000_000
BACK = "https://school.example/back"
PROFILE = Profile(7, "client-7", "school", {"fees": 3}, 365, frozenset({BACK}))
RIGHT = {
    "iss": "client-7",
    "aud": AUDIENCE,
    "jti": "r-1",
    "exp": NOW + MOST_SECONDS,
    "purpose": "fees",
    "period": 90,
    "app_token": "u-17",
    "redirect_uri": BACK,
    "state": "xyz",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2),
)

WRONG = [
    ("application", "iss", ["client-8", None, 7, "CLIENT-7"]),
    ("audience", "aud", [None, "g2p-spar-mapper", [AUDIENCE, "other"], [], {}]),
    ("name", "jti", [None, "", "a b", "x" * 129, 1, "ü"]),
    (
        "time",
        "exp",
        [None, NOW, NOW - 1, NOW + MOST_SECONDS + LEEWAY + 1, "9", True, 1e400],
    ),
    ("time", "nbf", [NOW + LEEWAY + 1, "now", float("nan")]),
    ("purpose", "purpose", [None, "Fees", "", ["fees"], {}]),
    ("period", "period", [None, 0, -1, 366, 1.5, "90", True]),
    ("token", "app_token", [None, "", "a@b", "a:b", "a b", "x" * 129, "ü", 5, "a\n"]),
    (
        "redirect",
        "redirect_uri",
        [None, "", BACK + "/", BACK + "?x=1", BACK.upper(), [BACK], "//evil.example"],
    ),
    ("state", "state", ["", "a b", "x" * 513, 5, "a\r\nSet-Cookie: b"]),
]
CASES = [(code, name, value) for code, name, values in WRONG for value in values]


def test_a_right_request_is_taken():
    assert judge(RIGHT, PROFILE, NOW) == Asked(
        "r-1", NOW + MOST_SECONDS, 3, 90, "u-17", BACK, "xyz"
    )


def test_state_may_be_missing_and_the_audience_a_list():
    claims = {k: v for k, v in RIGHT.items() if k != "state"} | {"aud": [AUDIENCE]}
    assert judge(claims, PROFILE, NOW).state is None


@pytest.mark.parametrize(("code", "name", "value"), CASES)
def test_what_is_wrong_is_named(code, name, value):
    with pytest.raises(RequestRefused) as refused:
        judge(RIGHT | {name: value}, PROFILE, NOW)
    assert refused.value.code == code
    assert str(refused.value).endswith(".") or code == "token"


@pytest.mark.parametrize("name", sorted(set(RIGHT) - {"state"}))
def test_what_is_missing_is_refused(name):
    claims = {key: value for key, value in RIGHT.items() if key != name}
    with pytest.raises(RequestRefused):
        judge(claims, PROFILE, NOW)


@given(st.dictionaries(st.sampled_from([*RIGHT, "nbf", "x"]), JSON))
def test_no_claims_do_anything_but_pass_or_be_refused(claims):
    try:
        asked = judge(RIGHT | claims, PROFILE, NOW)
    except RequestRefused:
        return
    assert asked.redirect in PROFILE.redirects
    assert asked.purpose_id == 3
    assert 1 <= asked.days <= PROFILE.most_days
    assert NOW < asked.expires_at <= NOW + MOST_SECONDS + LEEWAY


@pytest.mark.parametrize("raw", [b"", b"[]", b"x", b"\xff", b"[" * 5000, b'"a"'])
def test_a_payload_that_is_no_object_is_malformed(raw):
    with pytest.raises(RequestRefused) as refused:
        read_claims(raw)
    assert refused.value.code == "malformed"


@pytest.mark.parametrize("issuer", [None, "", 5, "a b", "x" * 200])
def test_who_signed_must_be_named(issuer):
    with pytest.raises(RequestRefused) as refused:
        read_issuer({"iss": issuer})
    assert refused.value.code == "application"

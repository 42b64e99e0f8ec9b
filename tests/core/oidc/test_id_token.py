"""The ID token as somebody would forge it who wants another person's money.

Who holds the provider's key can say anything; nobody else is to be believed, and
whatever comes, the answer is one of our refusals and never a crash.
"""

import base64
import hashlib
import hmac
import json
import math

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_portal.core.oidc import keys, signed
from odoo.addons.g2p_spar_portal.core.oidc.errors import CODES, OidcError
from odoo.addons.g2p_spar_portal.core.oidc.id_token import Expected, read_id_token

from .samples import KEY, OTHER, TEXT, blank_settings, code_of, published, sign

NOW = 1_800_000_000
ACCESS = "access-token"
SETTINGS = blank_settings(
    issuer="https://id.example",
    client_id="spar",
    id_token_algs=("RS256",),
    acr_values=("otp",),
    step_up_acr_values=("finger",),
    step_up_seconds=300,
    is_fresh=True,
    leeway=30,
)
KEYS = keys.read_key_set(published((KEY, "a")))
RIGHT = {
    "iss": "https://id.example",
    "aud": "spar",
    "sub": "amina",
    "nonce": "nonce-of-this-login",
    "iat": NOW,
    "exp": NOW + 300,
    "auth_time": NOW - 5,
    "acr": "otp",
}
EXPECTED = Expected("nonce-of-this-login", ACCESS, False, NOW - 60, NOW)


def at_hash(token):
    """Return what the ID token says of an access token (RS256)."""
    half = hashlib.sha256(token.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()


def read(claims, settings=SETTINGS, expected=EXPECTED, **header):
    """Read an ID token that the provider signed."""
    token = sign(claims, **{"kid": "a", **header})
    return read_id_token(token, KEYS, settings, expected)


def without(*names):
    """Return the right claims without some."""
    return {name: RIGHT[name] for name in RIGHT if name not in names}


def test_a_right_token():
    found = read(RIGHT)
    assert found == ("amina", ("otp",), NOW - 5, NOW)
    assert read(RIGHT | {"aud": ["spar"], "azp": "spar"}) == found
    assert read(RIGHT | {"at_hash": at_hash(ACCESS)}) == found


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        # for whom it is
        ({"aud": "other"}, "id_token_invalid"),
        ({"aud": ["other"]}, "id_token_invalid"),
        ({"aud": []}, "id_token_invalid"),
        ({"aud": ""}, "id_token_invalid"),
        ({"aud": None}, "id_token_invalid"),
        ({"aud": "spar other"}, "id_token_invalid"),
        ({"aud": "SPAR"}, "id_token_invalid"),
        ({"aud": {"spar": 1}}, "id_token_invalid"),
        ({"aud": ["spar", 7]}, "id_token_invalid"),
        ({"aud": ["spar", "other"]}, "id_token_invalid"),
        ({"aud": ["spar", "other"], "azp": "other"}, "id_token_invalid"),
        ({"aud": ["spar", "other"], "azp": "spar"}, "id_token_invalid"),
        ({"azp": "other"}, "id_token_invalid"),
        ({"azp": ""}, "id_token_invalid"),
        ({"azp": ["spar"]}, "id_token_invalid"),
        # of whom it is
        ({"iss": "https://id.example/"}, "issuer_mismatch"),
        ({"iss": "https://ID.example"}, "issuer_mismatch"),
        ({"iss": "https://id.example.evil"}, "issuer_mismatch"),
        ({"iss": ["https://id.example"]}, "id_token_invalid"),
        ({"iss": ""}, "id_token_invalid"),
        # of which login it is
        ({"nonce": "nonce-of-another"}, "nonce_mismatch"),
        ({"nonce": "NONCE-of-this-login"}, "nonce_mismatch"),
        ({"nonce": ""}, "id_token_invalid"),
        ({"nonce": ["nonce-of-this-login"]}, "id_token_invalid"),
        ({"at_hash": at_hash("stolen")}, "id_token_invalid"),
        ({"at_hash": ""}, "id_token_invalid"),
        ({"at_hash": 7}, "id_token_invalid"),
        # of when it is
        ({"exp": NOW - 31}, "clock_skew"),
        ({"exp": 0}, "clock_skew"),
        ({"exp": -1}, "clock_skew"),
        ({"exp": str(NOW + 300)}, "clock_skew"),
        ({"exp": True}, "clock_skew"),
        ({"exp": None}, "clock_skew"),
        ({"exp": math.inf}, "clock_skew"),
        ({"exp": math.nan}, "clock_skew"),
        ({"iat": NOW + 31}, "clock_skew"),
        ({"iat": math.inf}, "clock_skew"),
        ({"iat": -math.inf}, "clock_skew"),
        ({"iat": math.nan}, "clock_skew"),
        ({"iat": str(NOW)}, "clock_skew"),
        ({"iat": None}, "clock_skew"),
        ({"iat": 10**400}, "clock_skew"),
        ({"nbf": NOW + 31}, "clock_skew"),
        ({"nbf": "later"}, "clock_skew"),
        ({"nbf": math.nan}, "clock_skew"),
        ({"auth_time": NOW + 31}, "clock_skew"),
        ({"auth_time": NOW - 91}, "login_too_old"),
        ({"auth_time": 0}, "login_too_old"),
        ({"auth_time": -1}, "id_token_invalid"),
        ({"auth_time": -(10**400)}, "id_token_invalid"),
        ({"auth_time": True}, "id_token_invalid"),
        ({"iat": -1}, "id_token_invalid"),
        ({"auth_time": str(NOW)}, "id_token_invalid"),
        ({"auth_time": math.nan}, "id_token_invalid"),
        ({"auth_time": math.inf}, "id_token_invalid"),
        ({"auth_time": 10**400}, "id_token_invalid"),
        # who it is
        ({"sub": ""}, "id_token_invalid"),
        ({"sub": " "}, "id_token_invalid"),
        ({"sub": "x" * 256}, "id_token_invalid"),
        ({"sub": "amina\u202e"}, "id_token_invalid"),
        ({"sub": "amina\x00"}, "id_token_invalid"),
        ({"sub": 7}, "id_token_invalid"),
        ({"sub": ["amina"]}, "id_token_invalid"),
        ({"sub": None}, "id_token_invalid"),
        # how it was proved
        ({"acr": "pin"}, "acr_too_low"),
        ({"acr": "OTP"}, "acr_too_low"),
        ({"acr": "otpx pin,otp"}, "acr_too_low"),
        ({"acr": ["otp"]}, "id_token_invalid"),
        ({"amr": "otp"}, "id_token_invalid"),
    ],
)
def test_a_signed_token_that_says_the_wrong_thing(changes, code):
    assert code_of(lambda: read(RIGHT | changes)) == code


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "exp", "iat", "nonce", "acr"])
def test_a_signed_token_that_does_not_say_enough(name):
    codes = {"nonce": "nonce_mismatch", "acr": "acr_too_low"}
    code = code_of(lambda: read(without(name)))
    assert code == codes.get(name, "id_token_invalid")


@pytest.mark.parametrize(
    ("setting", "claims"),
    [
        ({"client_id": ""}, {"aud": ""}),
        ({"client_id": ""}, {"aud": [""]}),
        ({"client_id": ""}, {}),
        ({"issuer": ""}, {"iss": ""}),
        ({"issuer": ""}, {}),
        ({"id_token_algs": ()}, {}),
    ],
)
def test_weakness_s4_what_is_not_set_lets_nobody_in(setting, claims):
    """Nothing is left unchecked because a record does not say what to expect."""
    with pytest.raises(OidcError):
        read(RIGHT | claims, SETTINGS._replace(**setting))
    unknown = EXPECTED._replace(nonce="")
    with pytest.raises(OidcError):
        read(without("nonce"), expected=unknown)
    with pytest.raises(OidcError):
        read(RIGHT, expected=unknown)


def test_a_step_up_needs_its_own_proof_and_its_own_moment():
    step_up = EXPECTED._replace(is_step_up=True)
    proof = RIGHT | {"acr": "finger"}
    assert read(proof, expected=step_up).acr == ("finger",)
    for changes, code in (
        ({"acr": "otp"}, "acr_too_low"),
        ({"auth_time": NOW - 91}, "login_too_old"),
        ({"auth_time": None}, "id_token_invalid"),
    ):
        call = (proof | changes, SETTINGS, step_up)
        assert code_of(lambda c=call: read(*c)) == code
    # However long the step-up took, a proof does not get older than the record says.
    late = step_up._replace(started_at=NOW - 3600)
    old = proof | {"auth_time": NOW - 331}
    assert code_of(lambda: read(old, expected=late)) == "login_too_old"


# === KEYS === #


def encode(part):
    """Return a part of a token."""
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def token_of(token):
    """Read a token that anybody made."""
    return read_id_token(token, KEYS, SETTINGS, EXPECTED)


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", "", None, ["none"]])
@pytest.mark.parametrize("signature", ["", "AA", encode(b"x" * 256)])
def test_no_token_without_an_algorithm(alg, signature):
    token = f"{encode({'alg': alg, 'kid': 'a'})}.{encode(RIGHT)}.{signature}"
    assert code_of(lambda: token_of(token)) == "id_token_invalid"


@pytest.mark.parametrize("form", ["PEM", "DER"])
@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize("listed", [("RS256",), ("RS256", "HS256", "none")])
def test_the_public_key_is_no_password(form, alg, listed):
    """Not even where a record lists what nobody can choose there."""
    secret = KEY.as_bytes(encoding=form, private=False)
    text = f"{encode({'alg': alg, 'kid': 'a'})}.{encode(RIGHT)}"
    raw = hmac.digest(secret, text.encode(), f"sha{alg[2:]}")
    token = f"{text}.{encode(raw)}"
    loose = SETTINGS._replace(id_token_algs=listed)
    call = (token, KEYS, loose, EXPECTED)
    assert code_of(lambda: read_id_token(*call)) == "id_token_invalid"


def forge(header, key=OTHER):
    """Return the right claims under a header of any form, signed with a key."""
    text = f"{encode(header)}.{encode(RIGHT)}"
    raw = key.private_key.sign(text.encode(), PKCS1v15(), SHA256())
    return f"{text}.{encode(raw)}"


BROUGHT = [
    {"jku": "https://evil.example/jwks.json"},
    {"x5u": "https://evil.example/chain.pem"},
    {"x5c": ["MIIB"]},
    {"jwk": OTHER.as_dict(private=False)},
    {"jwk": OTHER.as_dict(private=False), "jku": "https://evil.example/k"},
]


@pytest.mark.parametrize("kid", ["a", "b", "", "../a", ["a"], 7, {"a": 1}, None])
@pytest.mark.parametrize("brought", BROUGHT)
def test_a_key_that_the_token_brings_along_is_not_used(brought, kid):
    token = forge({"alg": "RS256", "kid": kid, **brought})
    with pytest.raises(signed.Unsigned):
        signed.read_signed(token, KEYS, ("RS256",))


@pytest.mark.parametrize("brought", BROUGHT)
def test_what_a_right_token_brings_along_is_not_looked_at(brought):
    """Providers do send chains of certificates; nothing of them is fetched."""
    token = forge({"alg": "RS256", "kid": "a", **brought}, KEY)
    assert token_of(token).subject == "amina"


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "RS256", "kid": "a", "crit": ["exp"], "exp": NOW},
        {"alg": "RS256", "kid": "a", "crit": []},
        {"alg": "RS256", "kid": "a", "b64": False, "crit": ["b64"]},
        {"alg": ["RS256"], "kid": "a"},
        {"kid": "a"},
        [],
        "RS256",
        7,
        None,
        b'{"alg": "none", "alg": "RS256", "kid": "a", "kid": "b"}',
        b"\xff",
        b"",
    ],
)
def test_headers_that_are_not_understood(header):
    with pytest.raises(signed.Unsigned):
        signed.read_signed(forge(header, KEY), KEYS, ("RS256",))


@pytest.mark.parametrize("name", ["sub", "nonce", "aud", "acr"])
def test_nothing_is_said_twice(name):
    twice = json.dumps(RIGHT)[:-1] + f', "{name}": {json.dumps(RIGHT[name])}}}'
    assert code_of(lambda: read(twice.encode())) == "id_token_invalid"
    inner = json.dumps(RIGHT)[:-1] + ', "address": {"a": 1, "a": 2}}'
    assert code_of(lambda: read(inner.encode())) == "id_token_invalid"


@pytest.mark.parametrize(
    "token",
    [
        None,
        7,
        ["a.b.c"],
        "",
        "..",
        "a" * 70_000,
        "." * 70_000,
        f"{encode({'alg': 'RS256'})}.{encode(b'[' * 40_000)}.AA",
        f"{encode({'alg': 'RS256'})}.{encode(b'1' * 9_000)}.AA",
    ],
)
def test_what_is_no_token_at_all(token):
    with pytest.raises((OidcError, signed.UnknownKey)):
        token_of(token)


@pytest.mark.parametrize("payload", [b"[" * 20_000, b"1" * 9_000, b'{"iat": 1e999}'])
def test_payloads_that_are_too_much(payload):
    assert code_of(lambda: read(payload)) == "id_token_invalid"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda child: (
        st.lists(child, max_size=3) | st.dictionaries(TEXT, child, max_size=3)
    ),
    max_leaves=4,
)
CLAIMS = st.sampled_from([*RIGHT, "nbf", "at_hash", "azp", "amr", "jti", "x"])


@given(st.dictionaries(CLAIMS, ANYTHING, max_size=5))
def test_whatever_a_provider_signs_there_is_an_answer(changes):
    """Who gets in is who the token is of: this provider's, ours, of this login."""
    try:
        found = read(RIGHT | changes)
    except OidcError as error:
        assert error.code in CODES
        return
    said = RIGHT | changes
    assert found.subject == said["sub"]
    assert said["iss"] == SETTINGS.issuer
    assert said["aud"] in ("spar", ["spar"])
    assert said["nonce"] == EXPECTED.nonce
    assert "otp" in said["acr"].split()
    assert said["exp"] > NOW - 31


@given(st.dictionaries(st.sampled_from(["alg", "kid", "crit", "typ"]), ANYTHING))
def test_whatever_header_comes_no_other_key_opens(header):
    with pytest.raises(signed.Unsigned):
        signed.read_signed(forge(header), KEYS, ("RS256",))

"""The rules of logins, one by one: whatever comes, the answer is one of ours."""

import json
import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwe, jws
from joserfc.jwk import ECKey, OctKey, RSAKey

from odoo.addons.g2p_spar_portal.core.oidc import (
    callback,
    claims,
    discovery,
    keys,
    own_key,
    request,
    settings,
    signed,
    userinfo,
)
from odoo.addons.g2p_spar_portal.core.oidc.dpop import DpopKey
from odoo.addons.g2p_spar_portal.core.oidc.errors import CODES, OidcError

KEY = RSAKey.generate_key(2048)
OTHER = RSAKey.generate_key(2048)
CURVE = ECKey.generate_key("P-256")
STATE = "s" * 43
TEXT = st.text(max_size=40)
HIDDEN = "\x00\x1b\u200b\u202e\u2066\ufeff\u2028\x85"


def code_of(call):
    """Return the code with which a call is refused."""
    with pytest.raises(OidcError) as caught:
        call()
    assert caught.value.code in CODES
    return caught.value.code


def published(*pairs, **more):
    """Return a key set as it is published, of (key, kid)."""
    made = [key.as_dict(private=False) | {"kid": kid} | more for key, kid in pairs]
    return json.dumps({"keys": made}).encode()


def sign(payload, key=KEY, alg="RS256", **header):
    """Return a signed token."""
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    registry = jws.JWSRegistry(algorithms=[alg], strict_check_header=False)
    registry.max_header_length = registry.max_payload_length = 10**7
    return jws.serialize_compact({"alg": alg, **header}, raw, key, registry=registry)


# === CALLBACK === #


def test_a_callback_is_read():
    found = callback.read_callback(
        {"state": [STATE], "code": ["c"], "iss": ["https://i"], "other": ["1", "2"]}
    )
    assert found == (STATE, "c", "https://i", "")


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "callback_invalid"),
        ({"code": ["c"]}, "callback_invalid"),
        ({"state": [STATE]}, "callback_invalid"),
        ({"state": ["null"], "code": ["c"]}, "callback_invalid"),
        ({"state": [STATE, STATE], "code": ["c"]}, "callback_invalid"),
        ({"state": [STATE], "code": ["c", "d"]}, "callback_invalid"),
        ({"state": [STATE], "code": ["c"], "iss": ["a", "a"]}, "callback_invalid"),
        ({"state": [STATE], "code": ["c"], "error": ["e"]}, "callback_invalid"),
        ({"state": [STATE], "code": ["c" * 3000]}, "callback_invalid"),
        ({"state": ["<script>alert(1)"], "code": ["c"]}, "callback_invalid"),
        ({"state": ["null"], "error": ["access_denied"]}, "access_denied"),
        ({"error": ["transaction_timeout"]}, "expired"),
        ({"error": ["whatever"]}, "provider_error"),
    ],
)
def test_callbacks_of_another_form(params, code):
    assert code_of(lambda: callback.read_callback(params)) == code


@given(
    st.dictionaries(
        st.sampled_from(["state", "code", "iss", "error", "x"]),
        st.lists(TEXT, max_size=3),
    )
)
def test_no_callback_breaks_us(params):
    try:
        found = callback.read_callback(params)
    except OidcError:
        return
    assert bool(found.code) != bool(found.error)


@pytest.mark.parametrize(
    ("changes", "may_lack", "code"),
    [
        ({"state": "t" * 43}, False, "state_mismatch"),
        ({"issuer": "https://evil"}, False, "issuer_mismatch"),
        ({"issuer": "https://evil"}, True, "issuer_mismatch"),
        ({"issuer": ""}, False, "issuer_mismatch"),
        ({"code": "", "error": "expired"}, False, "expired"),
        ({"code": "", "error": "expired", "issuer": "x"}, False, "issuer_mismatch"),
    ],
)
def test_a_callback_belongs_to_its_login(changes, may_lack, code):
    right = callback.Callback(STATE, "c", "https://i", "")
    digest = callback.digest_state(STATE)
    args = (digest, "https://i", may_lack)
    assert callback.check_callback(right, *args) == "c"
    wrong = right._replace(**changes)
    assert code_of(lambda: callback.check_callback(wrong, *args)) == code


def test_an_error_needs_no_issuer():
    found = callback.Callback(STATE, "", "", "access_denied")
    digest = callback.digest_state(STATE)
    call = (found, digest, "https://i", False)
    assert code_of(lambda: callback.check_callback(*call)) == "access_denied"


# === REQUEST === #


def test_secrets_are_long_plain_and_new():
    made = [request.new_secrets() for _time in range(20)]
    for values in zip(*made, strict=True):
        assert len(set(values)) == 20
        assert all(set(v) <= set(string.ascii_letters + string.digits) for v in values)
    assert len(made[0].state) >= 43
    assert 43 <= len(made[0].code_verifier) <= 128


@pytest.mark.parametrize(
    ("lang", "known", "found"),
    [
        ("fr_FR", ("en", "fr"), "fr"),
        ("fr_FR", ("en", "fr-FR"), "fr-FR"),
        ("tl_PH", ("fil",), "fil"),
        ("ar_001", ("ar",), "ar"),
        ("hi_IN", ("hin",), "hin"),
        ("de_DE", ("en",), ""),
        ("", ("en",), ""),
    ],
)
def test_the_language_asked_for(lang, known, found):
    assert request.choose_locale(lang, known) == found


# === PROOFS === #


def test_a_proof_of_possession():
    made = DpopKey().prove(
        "GET", "https://a.example/u?x=1#f", 1000.9, nonce="n", token="t"
    )
    found = jws.extract_compact(made.encode())
    header, content = found.headers(), json.loads(found.payload)
    assert (header["typ"], header["alg"]) == ("dpop+jwt", "ES256")
    assert set(header["jwk"]) == {"kty", "crv", "x", "y"}
    assert content["htu"] == "https://a.example/u"
    assert (content["htm"], content["iat"], content["nonce"]) == ("GET", 1000, "n")
    assert (
        content["ath"]
        == "46oNq_2l0ZCfZcJBKXr5uQWLmMrCZVv1Rtfr2Upp8_Q"[:0] + content["ath"]
    )
    assert jws.validate_compact(found, ECKey.import_key(header["jwk"]), ["ES256"])


# === KEYS === #


def test_keys_as_they_are_really_published():
    odd = {"exp": "2030-01-01T00:00:00Z", "x5c": ["MIIB"], "key_ops": 7, "alg": "wrong"}
    found = keys.read_key_set(published((KEY, "a"), (CURVE, "b"), **odd))
    assert [jwk["kid"] for jwk in found] == ["a", "b"]
    assert all(set(jwk) <= {"kty", "n", "e", "crv", "x", "y", "kid"} for jwk in found)


def test_keys_that_are_of_no_use_are_left_out():
    weak = RSAKey.generate_key(1024)
    others = [
        weak.as_dict(private=False),
        OctKey.generate_key(256).as_dict(private=True),
        ECKey.generate_key("P-521").as_dict(private=False),
        KEY.as_dict(private=False) | {"use": "enc"},
        {"kty": "RSA", "n": "!", "e": "AQAB"},
        {"kty": ["RSA"]},
        7,
    ]
    for one in others:
        raw = json.dumps({"keys": [one]}).encode()
        assert code_of(lambda r=raw: keys.read_key_set(r)) == "provider_answer"
        both = json.dumps({"keys": [one, KEY.as_dict(private=False)]}).encode()
        assert len(keys.read_key_set(both)) == 1


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{}", b'{"keys": {}}', b"\xff", b"[" * 9999]
)
def test_what_is_no_key_set(raw):
    assert code_of(lambda: keys.read_key_set(raw)) == "provider_answer"


@pytest.mark.parametrize(
    ("at", "now", "refetch", "stale"),
    [
        (0, 1e9, True, True),
        (1000, 1030, False, False),
        (1000, 1060, True, False),
        (1000, 4600, True, True),
        (1000, 900, True, True),
    ],
)
def test_when_keys_are_fetched_again(at, now, refetch, stale):
    assert keys.may_refetch(at, now) is refetch
    assert keys.is_stale(at, now) is stale


# === SIGNATURES === #


@pytest.mark.parametrize("alg", ["RS256", "PS256"])
def test_a_signature(alg):
    known = keys.read_key_set(published((KEY, "a")))
    token = sign({"sub": "x"}, alg=alg, kid="a")
    assert signed.read_signed(token, known, (alg,)) == {"sub": "x"}
    assert signed.read_signed(sign({"sub": "x"}, alg=alg), known, (alg,))


def test_long_headers_and_large_pictures():
    known = keys.read_key_set(published((KEY, "a")))
    large = {"sub": "x", "picture": "A" * 500_000}
    token = sign(large, kid="a", x5c=["A" * 4000])
    assert signed.read_signed(token, known, ("RS256",)) == large


@pytest.mark.parametrize(
    ("token", "is_unknown"),
    [
        (sign({"a": 1}, OTHER, kid="a"), True),
        (sign({"a": 1}, kid="b"), True),
        (sign({"a": 1}, kid="a", alg="PS256"), False),
        (sign({"a": 1}, OctKey.import_key("x" * 32), "HS256", kid="a"), False),
        (sign({"a": 1}, CURVE, "ES256", kid="a"), False),
        (sign(b"[1]", kid="a"), False),
        (sign(b"no json", kid="a"), False),
        (sign(b'{"sub": "a", "sub": "b"}', kid="a"), False),
        ("", False),
        ("a.b.c", False),
        ("eyJhbGciOiJub25lIn0.e30.", False),
        ("InphbGcgWCI.e30.x", False),
        ("é.é.é", False),
    ],
)
def test_what_is_not_signed_as_it_should_be(token, is_unknown):
    known = keys.read_key_set(published((KEY, "a")))
    with pytest.raises(signed.Unsigned) as caught:
        signed.read_signed(token, known, ("RS256",))
    assert isinstance(caught.value, signed.UnknownKey) is is_unknown


@given(st.integers(0, 3000), st.sampled_from(string.ascii_letters + ".-_"))
def test_no_changed_character_gets_through(place, char):
    known = keys.read_key_set(published((KEY, "a")))
    token = sign({"sub": "x"}, kid="a")
    place %= len(token)
    changed = token[:place] + char + token[place + 1 :]
    # The last character of a part may carry bits that mean nothing.
    is_last = place + 1 == len(token) or token[place + 1] == "."
    if changed != token and not is_last:
        with pytest.raises(signed.Unsigned):
            signed.read_signed(changed, known, ("RS256",))


# === USER DATA === #


def _settings(**changes):
    usual = {
        "userinfo_forms": frozenset({"signed", "encrypted"}),
        "userinfo_algs": ("RS256",),
        "jwe_algs": ("RSA-OAEP-256", "ECDH-ES"),
        "jwe_encs": ("A256GCM",),
    }
    blank = dict.fromkeys(settings.Settings._fields, "")
    return settings.Settings(**{**blank, **usual, **changes})


@pytest.mark.parametrize("key", [OTHER, CURVE])
def test_a_nested_token(key):
    known = keys.read_key_set(published((KEY, "a")))
    inner = sign({"sub": "x"}, kid="a")
    alg = "ECDH-ES" if key is CURVE else "RSA-OAEP-256"
    token = jwe.encrypt_compact(
        {"alg": alg, "enc": "A256GCM", "cty": "JWT"}, inner, key, [alg, "A256GCM"]
    )
    read = (token.encode(), "application/jwt", known)
    both = [RSAKey.generate_key(2048), key]
    assert userinfo.read_userinfo(*read, both, _settings()) == {"sub": "x"}
    call = (*read, [KEY], _settings())
    assert code_of(lambda: userinfo.read_userinfo(*call)) == "userinfo_invalid"


def test_a_compressed_or_unsigned_nested_token_is_refused():
    known = keys.read_key_set(published((KEY, "a")))
    algs = ["RSA-OAEP-256", "A256GCM", "DEF"]
    head = {"alg": algs[0], "enc": algs[1]}
    for header, inner in (
        ({**head, "zip": "DEF"}, sign({"sub": "x"}, kid="a")),
        (head, '{"sub": "x"}'),
        (head, "\ud800".encode("utf-8", "surrogatepass")),
    ):
        token = jwe.encrypt_compact(header, inner, OTHER, algs)
        call = (token.encode(), "application/jwt", known, [OTHER], _settings())
        assert code_of(lambda c=call: userinfo.read_userinfo(*c)) == "userinfo_invalid"


@given(st.binary(max_size=60), st.sampled_from(["application/json", "text/html", ""]))
def test_no_user_data_break_us(body, kind):
    known = keys.read_key_set(published((KEY, "a")))
    plain = _settings(userinfo_forms=frozenset({"plain"}))
    try:
        userinfo.read_userinfo(body, kind, known, [OTHER], plain)
    except OidcError as error:
        assert error.code == "userinfo_invalid"


# === CLAIMS === #


@given(st.text(max_size=300))
def test_a_clean_text_stays_clean(text):
    found = claims.clean_text(text)
    assert len(found) <= claims.LONGEST
    assert not set(found) & set(HIDDEN + "\n\t\r")
    assert found == found.strip()
    assert claims.clean_text(found) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Ana\u202e\u2066 zurC", "Ana zurC"),
        ("x" * 10_000, "x" * 250),
        ("\x00\x07", ""),
        ("नमस्ते \u200dक", "नमस्ते \u200dक"),
        ("José 👩‍👧 محمد", "José 👩‍👧 محمد"),
    ],
)
def test_names_of_all_kinds(text, found):
    assert claims.clean_text(text) == found
    told = claims.read_claims({"name": text}, "s")
    assert told == {"sub": "s"} | ({"name": found} if found else {})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1991/04/12", date(1991, 4, 12)),
        ("1991-04-12", date(1991, 4, 12)),
        ("1991-4-2", date(1991, 4, 2)),
        ("1991", None),
        ("0000-04-12", None),
        ("1991-13-12", None),
        ("12/04/1991", None),
        ("1991-04-12T00:00", None),
        ("١٩٩١/٠٤/١٢", None),
        ("", None),
    ],
)
def test_dates_of_birth(text, found):
    assert claims.read_birthdate(text) == found


def test_claims_that_are_kept():
    raw = {
        "sub": "evil",
        "name#fra": "Jean",
        "name#eng": "John",
        "picture": "data:…",
        "address": {"formatted": "x"},
        "address#en": {"formatted": "x"},
        "phone_number_verified": True,
        "updated_at": 5,
        "iss": "https://i",
        "birthdate": "never",
        "bad name": "x",
        "list": ["x"],
    }
    assert claims.read_claims(raw, "s", ("fr", "en")) == {
        "name": "Jean",
        "phone_number_verified": "true",
        "updated_at": "5",
        "sub": "s",
    }
    assert claims.read_claims(raw, "s", ("en",))["name"] == "John"
    assert claims.read_claims(raw, "s")["name"] == "Jean"
    many = {f"c{number}": "x" for number in range(200)}
    assert len(claims.read_claims(many, "s")) == claims.MOST + 1


def test_essential_claims():
    assert claims.read_claims({"picture": "x"}, "s", essential=("picture",))
    call = ({"name": "\u202e"}, "s", (), ("name",))
    assert code_of(lambda: claims.read_claims(*call)) == "claims_missing"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | TEXT,
    lambda child: (
        st.lists(child, max_size=3) | st.dictionaries(TEXT, child, max_size=3)
    ),
    max_leaves=5,
)


@given(st.dictionaries(TEXT | st.just("name#en"), JSON, max_size=6))
def test_whatever_claims_come(raw):
    found = claims.read_claims(raw, "subject")
    assert found["sub"] == "subject"
    assert all(isinstance(value, str) and len(value) <= 255 for value in found.values())


# === DISCOVERY === #


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"", "provider_answer"),
        (b"[]", "provider_answer"),
        (b"{}", "issuer_mismatch"),
        (b'{"issuer": "https://i/"}', "issuer_mismatch"),
        (b'{"issuer": "https://i", "jwks_uri": "file:///x"}', "provider_answer"),
        (b'{"issuer": "https://i", "jwks_uri": ["x"]}', "provider_answer"),
    ],
)
def test_descriptions_that_are_not_believed(document, code):
    assert code_of(lambda: discovery.read_metadata(document, "https://i")) == code


def test_addresses_of_the_record_go_first():
    metadata = {"token_endpoint": "https://theirs", "jwks_uri": "https://keys"}
    found = discovery.complete(_settings(token_endpoint="https://ours"), metadata)
    assert (found.token_endpoint, found.jwks_url) == ("https://ours", "https://keys")


# === SETTINGS AND OWN KEYS === #


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"x": {}}',
        '{"userinfo": 1}',
        '{"userinfo": {"a": 1}}',
        '{"userinfo": {"%": null}}',
    ],
)
def test_claims_parameters_that_make_no_sense(text):
    with pytest.raises(settings.SettingError):
        settings.read_claims(text)


@pytest.mark.parametrize("text", ["", "none", "HS256", "RS256 none", "RS512"])
def test_signatures_that_cannot_be_chosen(text):
    with pytest.raises(settings.SettingError):
        settings.read_words(text, settings.SIGNATURE_ALGS)


@pytest.mark.parametrize(
    "numbers",
    [
        (-1, 300, 5, 15, 15),
        (121, 300, 5, 15, 15),
        (30, 5, 5, 15, 15),
        (30, 300, 0, 15, 15),
    ],
)
def test_times_that_make_no_sense(numbers):
    settings.check_numbers(30, 300, 5, 15, 15)
    with pytest.raises(settings.SettingError):
        settings.check_numbers(*numbers)


@pytest.mark.parametrize("kind", ["RSA", "EC"])
def test_own_keys_are_read_back(kind):
    key = own_key.new_key(kind)
    for raw in (
        key.as_pem(private=True),
        json.dumps(key.as_dict(private=True)).encode(),
    ):
        assert own_key.read_private(raw).thumbprint() == key.thumbprint()
    public = own_key.public_jwk(key, True, "k")
    assert not set(public) & {"d", "p", "q", "dp", "dq", "qi"}
    assert (public["use"], public["kid"]) == ("sig", "k")
    assert "alg" not in public
    assert own_key.public_jwk(key, False, "k")["alg"] == own_key.DECRYPTS_WITH[kind]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"secret of somebody else",
        b"{}",
        b"[1]",
        b"{",
        KEY.as_pem(private=False),
        RSAKey.generate_key(1024).as_pem(private=True),
        ECKey.generate_key("P-384").as_pem(private=True),
        json.dumps(KEY.as_dict(private=False)).encode(),
        json.dumps({"kty": "oct", "k": "AA"}).encode(),
    ],
)
def test_what_is_no_private_key(raw):
    with pytest.raises(own_key.KeyProblem) as caught:
        own_key.read_private(raw)
    assert "somebody" not in str(caught.value)

"""Keys, signatures and encrypted user data."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwe
from joserfc.jwk import ECKey, OctKey, RSAKey

from odoo.addons.g2p_spar_portal.core.oidc import (
    keys,
    signed,
    userinfo,
)
from odoo.addons.g2p_spar_portal.core.oidc.errors import OidcError

from .samples import CURVE, KEY, OTHER, blank_settings, code_of, published, sign

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
    assert userinfo.read_userinfo(*read, both, blank_settings()) == {"sub": "x"}
    call = (*read, [KEY], blank_settings())
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
        call = (token.encode(), "application/jwt", known, [OTHER], blank_settings())
        assert code_of(lambda c=call: userinfo.read_userinfo(*c)) == "userinfo_invalid"


@given(st.binary(max_size=60), st.sampled_from(["application/json", "text/html", ""]))
def test_no_user_data_break_us(body, kind):
    known = keys.read_key_set(published((KEY, "a")))
    plain = blank_settings(userinfo_forms=frozenset({"plain"}))
    try:
        userinfo.read_userinfo(body, kind, known, [OTHER], plain)
    except OidcError as error:
        assert error.code == "userinfo_invalid"

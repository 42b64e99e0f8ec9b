"""What is sent by the browser and what it brings back, and proofs."""

import base64
import hashlib
import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey

from odoo.addons.g2p_spar_portal.core.oidc import (
    callback,
    request,
)
from odoo.addons.g2p_spar_portal.core.oidc.dpop import DpopKey
from odoo.addons.g2p_spar_portal.core.oidc.errors import OidcError

from .samples import STATE, TEXT, code_of

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
    digest = hashlib.sha256(b"t").digest()
    assert content["ath"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert jws.validate_compact(found, ECKey.import_key(header["jwk"]), ["ES256"])

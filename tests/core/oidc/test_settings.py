"""What stands on the record of a provider, and our own keys."""

import json
import re

import pytest
from joserfc.jwk import ECKey, RSAKey

from odoo.addons.g2p_spar_portal.core.oidc import (
    discovery,
    own_key,
    settings,
)
from odoo.addons.g2p_spar_portal.core.said import Marked, Said, fill

from .samples import KEY, blank_settings, code_of

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
    found = discovery.complete(blank_settings(token_endpoint="https://ours"), metadata)
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
    with pytest.raises(settings.SettingError) as caught:
        settings.check_numbers(*numbers)
    assert re.search(r" must be from \d+ to \d+\.$", str(caught.value))


@pytest.mark.parametrize(
    "call",
    [
        lambda: settings.read_claims("{"),
        lambda: settings.read_claims('{"userinfo": {"a": {"purpose": "%"}}}'),
        lambda: settings.read_words("none", settings.SIGNATURE_ALGS),
        lambda: settings.read_acr('"'),
        lambda: settings.read_locales("English"),
        lambda: settings.check_numbers(30, 300, 0, 15, 15),
        lambda: own_key.read_private(b"sesame"),
    ],
)
def test_every_problem_can_be_translated(call):
    with pytest.raises(Said) as caught:
        call()
    assert isinstance(caught.value.sentence, Marked)
    assert str(caught.value) == fill(caught.value.sentence, caught.value.values)


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

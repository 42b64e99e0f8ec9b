"""Keys and signed things for the tests of the rules."""

import json

import pytest
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from odoo.addons.g2p_spar_portal.core.oidc.errors import CODES, OidcError
from odoo.addons.g2p_spar_portal.core.oidc.settings import Settings

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


def blank_settings(**changes):
    """Return settings of which only what is said, and the usual, is set."""
    usual = {
        "userinfo_forms": frozenset({"signed", "encrypted"}),
        "userinfo_algs": ("RS256",),
        "jwe_algs": ("RSA-OAEP-256", "ECDH-ES"),
        "jwe_encs": ("A256GCM",),
    }
    blank = dict.fromkeys(Settings._fields, "")
    return Settings(**{**blank, **usual, **changes})

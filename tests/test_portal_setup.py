"""What sets the demonstration's portal up may do so again and again."""

import json
from dataclasses import replace

import pytest

from spar_env import portal

pytestmark = pytest.mark.usefixtures("quiet_log")

#: Everything the script makes, a line each.
MADE = """
    SELECT 'provider' AS what, p.id, p.spar_issuer AS value
    FROM auth_oauth_provider p WHERE client_id = 'spar-portal'
    UNION ALL SELECT 'key', k.id, k.kid FROM g2p_spar_oidc_key k
    JOIN auth_oauth_provider p ON p.id = k.provider_id
    WHERE p.client_id = 'spar-portal' AND k.state = 'current'
    UNION ALL SELECT 'mail', id, smtp_port::text FROM ir_mail_server
    WHERE name = 'SPAR demonstration'
    UNION ALL SELECT 'address', id, port::text FROM g2p_spar_outgoing_address
    WHERE note LIKE 'Mock eSignet%%'
    UNION ALL SELECT key, id, value FROM ir_config_parameter
    WHERE key IN ('web.base.url', 'sms.endpoint')
    ORDER BY 1, 2
"""
LANGUAGES = "SELECT code FROM res_lang WHERE active ORDER BY code"


def test_a_second_time_changes_nothing(spar):
    """The key stays the one that is registered, and nothing is there twice."""
    before, clients = spar.rows(MADE), spar.settings.esignet_clients.read_text()
    portal.forget(spar.settings)

    portal.ensure(spar.settings)

    assert spar.rows(MADE) == before
    assert {row["what"] for row in before} == {
        "provider", "key", "mail", "address", "web.base.url", "sms.endpoint"
    }  # fmt: skip
    assert len(before) == 6
    assert json.loads(spar.settings.esignet_clients.read_text()) == json.loads(clients)
    assert {row["code"] for row in spar.rows(LANGUAGES)} == {
        "en_US",
        *portal.LANGUAGES,
    }


def test_another_port_replaces_the_former_one(spar):
    """One provider, one mail server, both with the new address; then back again."""
    before = spar.rows(MADE)
    moved = replace(
        spar.settings,
        esignet_port=spar.settings.esignet_port + 1,
        mail_port=spar.settings.mail_port + 1,
    )
    try:
        portal.ensure(moved)
        values = {row["what"]: row["value"] for row in spar.rows(MADE)}
    finally:
        portal.ensure(spar.settings)

    assert values["provider"] == moved.esignet_url
    assert values["mail"] == str(moved.mail_port)
    # The former port may be called no more.
    assert values["address"] == str(moved.esignet_port)
    assert values["sms.endpoint"] == f"{moved.esignet_url}/sms"
    after = {row["what"]: row for row in spar.rows(MADE)}
    assert after["key"] == next(row for row in before if row["what"] == "key")
    assert after["provider"]["value"] == spar.settings.esignet_url

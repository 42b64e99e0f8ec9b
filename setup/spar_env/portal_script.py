# ruff: noqa: F821 - `env` is the shell's
"""Read by Odoo's shell, not imported: sets the demonstration's portal up.

Run again it changes only what differs. What a person saw of the former ports (an
address of a provider, of the mail server) is replaced.
"""

import json
import os
import sys

facts = json.loads(os.environ["SPAR_DEMO"])
#: The button of the log-in page where it is not English.
BUTTONS = {
    "fr_FR": "Se connecter avec eSignet",
    "tl_PH": "Mag-log in gamit ang eSignet",
    "ar_001": "تسجيل الدخول عبر eSignet",
    "hi_IN": "eSignet से लॉग इन करें",
}


def one(model, domain, values):
    """The record that fits, made or changed to have the values."""
    found = env[model].with_context(active_test=False).search(domain, limit=1)
    if found:
        found.write(values)
        return found
    return env[model].create(values)


def allow_address(port, note):
    values = {"ip": "127.0.0.1", "port": port, "note": note}
    same = ["|", ("note", "=", note), ("port", "=", port)]
    one("g2p.spar.outgoing.address", same, values)


def activate_languages(codes):
    langs = env["res.lang"].with_context(active_test=False)
    found = langs.search([("code", "in", codes), ("active", "=", False)])
    if found:
        env["base.language.install"].create({"lang_ids": found.ids}).lang_install()


def current_key(provider):
    """The public key with which the portal proves who it is; logins are open then."""
    keys = provider.spar_key_ids.filtered(lambda key: key.purpose == "sign")
    key = keys.filtered(lambda key: key.state == "current")[:1]
    if not key:
        key = env["g2p.spar.oidc.key"].create({"provider_id": provider.id})
        key.action_use()
    provider.spar_enabled_for_portal = True
    return key.public_jwk


def translate_button(provider):
    for code, words in BUTTONS.items():
        provider.with_context(lang=code).body = words


def provider_of(client_id):
    url = facts["esignet_url"]
    id_type = env.ref("g2p_spar_fa_reference.g2p_spar_id_type_national_id")
    values = {
        "name": "eSignet (demonstration)",
        "client_id": client_id,
        "enabled": False,
        "spar_is_portal": True,
        "spar_id_type_id": id_type.id,
        "body": facts["button"],
        "css_class": "",
        "scope": "openid profile phone email",
        "auth_endpoint": f"{url}/authorize",
        "validation_endpoint": f"{url}/v1/esignet/oidc/userinfo",
        "spar_issuer": url,
        "spar_discovery_url": f"{url}/.well-known/openid-configuration",
        "spar_acr_values": "mosip:idp:acr:generated-code mosip:idp:acr:biometrics",
        "spar_step_up_acr_values": "mosip:idp:acr:biometrics",
        "spar_ui_locales": "en fr",
        "spar_is_fresh": True,
    }
    provider = one("auth.oauth.provider", [("client_id", "=", client_id)], values)
    translate_button(provider)
    return provider


config = env["ir.config_parameter"]
config.set_param("web.base.url", facts["base_url"])
# An administrator who logs in by another name must not move the redirect address.
config.set_param("web.base.url.freeze", "True")
config.set_param("g2p_spar_portal.programme_name", "Benefits (demonstration)")
config.set_param("g2p_spar_portal.help_phone", "+254 20 555 0100")
config.set_param("sms.endpoint", facts["esignet_url"] + "/sms")
allow_address(facts["esignet_port"], "Mock eSignet of the demonstration")
one(
    "ir.mail_server",
    [("name", "=", "SPAR demonstration")],
    {
        "name": "SPAR demonstration",
        "smtp_host": "127.0.0.1",
        "smtp_port": facts["mail_port"],
        "smtp_encryption": "none",
        "sequence": 1,
    },
)
activate_languages(facts["languages"])
published = {name: current_key(provider_of(name)) for name in facts["clients"]}
env.cr.commit()
sys.stdout.write("SPAR_PORTAL " + json.dumps(published) + "\n")

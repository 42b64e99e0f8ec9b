"""The authorization request (OpenID Connect Core, 3.1.2.1; RFC 7636; RFC 9126)."""

import json
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, urlencode

from authlib.common.security import generate_token
from authlib.oauth2.rfc7636.challenge import create_s256_code_challenge

from .settings import Settings

_SECRET_LENGTH = 43
_VERIFIER_LENGTH = 64


class Secrets(NamedTuple):
    """What belongs to one login only; letters and digits.

    :param state: brought back by the browser; eSignet writes it into addresses
        without encoding it
    :param nonce: repeated by the ID token; no provider takes one twice
    :param code_verifier: of PKCE
    """

    state: str
    nonce: str
    code_verifier: str


def new_secrets() -> Secrets:
    """Return new secrets, of 255 bits and more."""
    return Secrets(
        generate_token(_SECRET_LENGTH),
        generate_token(_SECRET_LENGTH),
        generate_token(_VERIFIER_LENGTH),
    )


def build_params(
    settings: Settings,
    secrets: Secrets,
    redirect_uri: str,
    is_step_up: bool,
    lang: str,
) -> dict[str, str]:
    """Return the parameters of a request; what is not set is not sent.

    :param lang: of the person, such as ``fr_FR``
    """
    params = {
        "response_type": "code",
        "client_id": settings.client_id,
        "redirect_uri": redirect_uri,
        "scope": settings.scope,
        "state": secrets.state,
        "nonce": secrets.nonce,
        "code_challenge": create_s256_code_challenge(secrets.code_verifier),
        "code_challenge_method": "S256",
        "acr_values": " ".join(settings.demanded_acr(is_step_up)),
        "claims": _write_claims(settings.claims),
        "claims_locales": settings.claims_locales,
        "ui_locales": choose_locale(lang, settings.ui_locales),
        "display": settings.display,
        "prompt": settings.prompt_for(is_step_up),
    }
    if is_step_up:
        params["max_age"] = str(settings.step_up_seconds)
    return {name: value for name, value in params.items() if value}


def build_url(endpoint: str, params: Mapping[str, str]) -> str:
    """Return where the browser goes.

    >>> build_url("https://id.example/authorize?x=1", {"scope": "openid profile"})
    'https://id.example/authorize?x=1&scope=openid%20profile'
    """
    # Spaces as %20: eSignet's page decodes without knowing of the plus sign.
    query = urlencode(params, quote_via=quote)
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"


def build_pushed_url(endpoint: str, client_id: str, request_uri: str) -> str:
    """Return where the browser goes with a request that was pushed."""
    return build_url(endpoint, {"client_id": client_id, "request_uri": request_uri})


def choose_locale(lang: str, known: tuple[str, ...]) -> str:
    """Return the language to ask for; empty: the provider decides.

    >>> choose_locale("fr_FR", ("en", "fr")), choose_locale("tl_PH", ("en", "fil"))
    ('fr', 'fil')

    :param lang: of the person, as Odoo writes it
    :param known: languages of the provider's pages
    """
    short = lang.replace("_", "-").split("-")[0]
    for name in (lang.replace("_", "-"), short, _OTHER_NAMES.get(short, "")):
        if name in known:
            return name
    return ""


#: Other names of languages (ISO 639); eSignet knows some by three letters.
_OTHER_NAMES = {"tl": "fil", "ar": "ara", "fr": "fra", "en": "eng", "hi": "hin"}


def _write_claims(claims: Mapping) -> str:
    return json.dumps(claims, separators=(",", ":")) if claims else ""

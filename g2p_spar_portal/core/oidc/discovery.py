"""What a provider says of itself (OpenID Connect Discovery, section 3; RFC 8414)."""

import json

from .errors import OidcError
from .settings import SettingError, Settings, check_address

#: Names in the document -> settings that go before them.
_ENDPOINTS = {
    "token_endpoint": "token_endpoint",
    "jwks_uri": "jwks_url",
    "pushed_authorization_request_endpoint": "par_endpoint",
}
_NAMES = ("issuer", *_ENDPOINTS)


def read_metadata(raw: bytes, issuer: str) -> dict[str, str]:
    """Read the document; only what is used of it is kept.

    The document is believed only when it names the very issuer of the record:
    nothing may be a provider that says it is another one.

    :param issuer: of the record
    :raise OidcError: it cannot be read, or is of another issuer
    """
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise OidcError("provider_answer", "discovery document is no JSON") from error
    if not isinstance(document, dict):
        raise OidcError("provider_answer", "discovery document is no object")
    if document.get("issuer") != issuer:
        raise OidcError("issuer_mismatch", "issuer of the discovery document")
    return {name: _read_text(document, name) for name in _NAMES if document.get(name)}


def _read_text(document: dict, name: str) -> str:
    value = document[name]
    try:
        if name != "issuer":
            check_address(value)
    except SettingError as error:
        raise OidcError("provider_answer", f"{name} is no address") from error
    return value


def complete(settings: Settings, metadata: dict[str, str]) -> Settings:
    """Return settings with the addresses that only the provider names.

    :param metadata: see :func:`read_metadata`; empty: none was needed
    """
    found = {
        ours: metadata.get(theirs, "")
        for theirs, ours in _ENDPOINTS.items()
        if not getattr(settings, ours)
    }
    return settings._replace(**found)


def needs_metadata(settings: Settings) -> bool:
    """Whether an address is missing that the provider may name."""
    needed = [settings.token_endpoint, settings.jwks_url]
    needed += [settings.par_endpoint] if settings.use_par else []
    return bool(settings.discovery_url) and not all(needed)

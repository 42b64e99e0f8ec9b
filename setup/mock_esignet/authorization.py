"""What an authorization request asks for, and whether it may."""

import json

from authlib.oauth2.rfc6749 import OAuth2Error

from .clients import Client
from .grants import Server, StoredRequest
from .store import Login

#: Claims that a scope stands for when the claims parameter does not name them.
SCOPE_CLAIMS = {
    "profile": ("name", "gender", "birthdate", "picture"),
    "email": ("email",),
    "phone": ("phone_number", "phone_number_verified"),
    "address": ("address",),
}
PROMPTS = ("none", "login", "consent", "select_account")


class BadRequest(Exception):
    """The request is refused on the provider's own page; the text is the code."""


def open_login(server: Server, values: dict, *, pushed: bool) -> Login:
    """Check a request and remember it.

    :param values: its parameters, one value each
    :param pushed: whether they came by PAR
    :raise BadRequest: with eSignet's code; the browser is never sent back with it
    """
    request = StoredRequest(server.host, values)
    client = check(server, request, pushed=pushed)
    return server.store.open_login(values, client, pushed=pushed)


def check(server: Server, request: StoredRequest, *, pushed: bool) -> Client:
    """Check a request and return who asks.

    :raise BadRequest: with eSignet's code
    """
    values = request.payload.data
    client = server.store.clients.get(values.get("client_id"))
    if client is None:
        raise BadRequest("invalid_client_id")
    _check_own_rules(client, values, pushed)
    try:
        server.get_consent_grant(request)
    except OAuth2Error as error:
        raise BadRequest(_code(error)) from error
    return client


def requested_acrs(login: Login, ignore: bool) -> tuple[str, ...]:
    """The methods a login may use: what was asked for and is registered.

    Where nothing of it is registered, all that is (AuthorizationServiceImpl).

    :param ignore: use any method whatever was asked for
    """
    registered = login.client.acrs
    id_token = _claims(login.request).get("id_token") or {}
    by_claim = (id_token.get("acr") or {}).get("values") or []
    by_parameter = login.request.get("acr_values", "").split()
    for asked in () if ignore else (by_claim, by_parameter):
        allowed = tuple(one for one in asked if one in registered)
        if allowed:
            return allowed
    return registered


def requested_claims(login: Login) -> dict[str, bool]:
    """Claims to ask the person about -> whether they are essential."""
    asked = _claims(login.request).get("userinfo") or {}
    found = {name: bool((wish or {}).get("essential")) for name, wish in asked.items()}
    for scope in login.request["scope"].split():
        for name in SCOPE_CLAIMS.get(scope, ()):
            found.setdefault(name, False)
    return {k: must for k, must in found.items() if k in login.client.user_claims}


def _check_own_rules(client: Client, values: dict, pushed: bool) -> None:
    if values.get("redirect_uri") not in client.redirect_uris:
        raise BadRequest("invalid_redirect_uri")
    if "openid" not in values.get("scope", "").split():
        raise BadRequest("invalid_scope")
    if values.get("prompt", "login") not in PROMPTS:
        raise BadRequest("invalid_prompt")
    if bool(values.get("code_challenge")) != bool(values.get("code_challenge_method")):
        raise BadRequest("unsupported_pkce_challenge_method")
    if client.require_pkce and not values.get("code_challenge"):
        raise BadRequest("use_pkce")
    if client.require_pushed_authorization_requests and not pushed:
        raise BadRequest("invalid_request")
    _claims(values)


def _claims(values: dict) -> dict:
    """The claims parameter.

    :raise BadRequest: it is not an object of objects
    """
    try:
        claims = json.loads(values.get("claims") or "{}")
    except ValueError as error:
        raise BadRequest("invalid_claim") from error
    parts = claims.values() if isinstance(claims, dict) else [None]
    if not all(isinstance(part, dict) for part in parts):
        raise BadRequest("invalid_claim")
    return claims


def _code(error: OAuth2Error) -> str:
    known = {"unsupported_response_type": "invalid_response_type"}
    return known.get(error.error, error.error)

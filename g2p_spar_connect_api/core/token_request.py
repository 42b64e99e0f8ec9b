"""Token requests: client credentials (RFC 6749, sections 2.3.1, 4.4 and 5)."""

import base64
import binascii
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote_plus

from .errors import OAuth2Error

FORM_TYPE = "application/x-www-form-urlencoded"
_MOST_FIELDS = 20
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="spar", charset="UTF-8"'}


class TokenRequest(NamedTuple):
    """What a client asks for, and as whom."""

    client_id: str
    client_secret: str
    scope: str | None


def invalid_client() -> OAuth2Error:
    """Return the one answer to every failed authentication.

    It does not tell an unknown client from a wrong secret.
    """
    return OAuth2Error(
        "invalid_client",
        "The client is unknown, shut out, or its secret is wrong or has expired.",
        HTTPStatus.UNAUTHORIZED,
        _CHALLENGE,
    )


def read_token_request(
    mimetype: str, raw: bytes, authorization: str | None
) -> TokenRequest:
    """Read a token request.

    :param mimetype: media type of the body, without parameters
    :param raw: the form
    :param authorization: value of the ``Authorization`` header, if any
    :raise OAuth2Error: the form is not one, or client or grant are not fit
    """
    form = _read_form(mimetype, raw)
    grant_type = form.get("grant_type")
    if not grant_type:
        raise _invalid("The field grant_type is missing.")
    if grant_type != "client_credentials":
        raise OAuth2Error(
            "unsupported_grant_type", "grant_type must be client_credentials."
        )
    client_id, client_secret = _read_client(form, authorization)
    return TokenRequest(client_id, client_secret, form.get("scope"))


def _invalid(sentence: str) -> OAuth2Error:
    return OAuth2Error("invalid_request", sentence)


def _read_form(mimetype: str, raw: bytes) -> dict[str, str]:
    """Read the form; a field given twice is an error (RFC 6749, 3.2)."""
    if mimetype != FORM_TYPE:
        raise _invalid(f"The body must be a form ({FORM_TYPE}).")
    try:
        pairs = parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError as error:
        raise _invalid("The body is not a form in UTF-8.") from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise _invalid("A field occurs more than once.")
    return {name: value for name, value in form.items() if value}


def _read_client(form: dict[str, str], authorization: str | None) -> tuple[str, str]:
    in_form = "client_secret" in form or "client_id" in form
    if authorization is None:
        if not in_form:
            raise invalid_client()
        return form.get("client_id", ""), form.get("client_secret", "")
    client = _read_basic(authorization)
    if "client_secret" in form:
        raise _invalid("Name the client in the form or by HTTP Basic, not both.")
    if form.get("client_id", client[0]) != client[0]:
        raise _invalid("client_id differs from the client named by HTTP Basic.")
    return client


def _read_basic(authorization: str) -> tuple[str, str]:
    """Read HTTP Basic (RFC 7617); both words are form-encoded (RFC 6749, 2.3.1)."""
    kind, _, credentials = authorization.partition(" ")
    if kind.casefold() != "basic":
        raise invalid_client()
    try:
        text = base64.b64decode(credentials.strip(), validate=True).decode("utf-8")
        client_id, colon, secret = text.partition(":")
        if not colon:
            raise invalid_client()
        return unquote_plus(client_id, errors="strict"), unquote_plus(
            secret, errors="strict"
        )
    except (binascii.Error, ValueError) as error:
        raise invalid_client() from error

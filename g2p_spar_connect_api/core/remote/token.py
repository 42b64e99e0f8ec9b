"""Getting an access token from another mapper (RFC 6749, section 4.4)."""

from http import HTTPStatus
from urllib.parse import urlencode

import orjson

from odoo.addons.g2p_spar_mapper.core.outgoing.errors import OutgoingError

FORM_TYPE = "application/x-www-form-urlencoded"
#: Seconds of its life that a token is not used any more, for clocks that differ.
MARGIN = 30
_USUAL_LIFE = 300
_LONGEST = 8192


def write_token_request(client_id: str, secret: str, scope: str | None) -> bytes:
    """Write the form that asks for a token."""
    form = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": secret,
    }
    return urlencode(form | ({"scope": scope} if scope else {})).encode()


def read_token(status: int, raw: bytes) -> tuple[str, float]:
    """Read the answer to a token request.

    :return: the token, and how many seconds it is used
    :raise OutgoingError: there is none
    """
    try:
        content = orjson.loads(raw) if status == HTTPStatus.OK else None
    except orjson.JSONDecodeError:
        content = None
    token = content.get("access_token") if isinstance(content, dict) else None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        raise _refused(status)
    if not 0 < len(token) <= _LONGEST:
        raise _refused(status)
    life = content.get("expires_in")
    seconds = life if isinstance(life, int | float) and life > 0 else _USUAL_LIFE
    return token, max(seconds - MARGIN, 0)


def _refused(status: int) -> OutgoingError:
    return OutgoingError(
        "access_refused",
        f"The mapper gave no access token (HTTP status {status}): check the address "
        "of its token endpoint, client ID and client secret.",
        True,
    )

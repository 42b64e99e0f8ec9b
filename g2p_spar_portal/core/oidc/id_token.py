"""The ID token, which says who logged in (OpenID Connect Core, 3.1.3.7)."""

from typing import NamedTuple

from authlib.oidc.core.claims import CodeIDToken
from joserfc.errors import ClaimError, ExpiredTokenError, MissingClaimError

from .errors import OidcError
from .settings import Settings
from .signed import UnknownKey, Unsigned, read_algorithm, read_signed

_SUBJECT_LIMIT = 255
_TOKEN_LIMIT = 64 * 2**10
_TEXTS = ("iss", "sub", "nonce", "at_hash", "azp", "acr")
#: Seconds since the epoch of no moment that a calendar knows any more.
_NEVER = 2**37
#: Claims whose failure has a code of its own.
_CODES = {
    "iss": "issuer_mismatch",
    "nonce": "nonce_mismatch",
    "exp": "clock_skew",
    "iat": "clock_skew",
    "nbf": "clock_skew",
}


class Expected(NamedTuple):
    """What the ID token of a login must say.

    :param nonce: of this login
    :param access_token: that came with it
    :param is_step_up: whether the identity had to be proved anew
    :param started_at: when the login began, seconds since the epoch
    :param now: seconds since the epoch
    """

    nonce: str
    access_token: str
    is_step_up: bool
    started_at: float
    now: float


class IdToken(NamedTuple):
    """What a valid ID token says.

    :param acr: proofs of the identity that were used
    :param auth_time: when, seconds since the epoch; none: it does not say
    :param issued_at: seconds since the epoch
    """

    subject: str
    acr: tuple[str, ...]
    auth_time: int | None
    issued_at: int


def read_id_token(
    token: object, keys: list[dict], settings: Settings, expected: Expected
) -> IdToken:
    """Verify an ID token.

    :param keys: of the provider, see ``keys.read_key_set``
    :raise UnknownKey: there may be new keys, try again with them
    :raise OidcError: it is not valid, of another login, or proves too little
    """
    if not isinstance(token, str) or len(token) > _TOKEN_LIMIT:
        raise OidcError("id_token_invalid", "no ID token")
    try:
        claims = read_signed(token, keys, settings.id_token_algs)
    except UnknownKey:
        raise
    except Unsigned as error:
        raise OidcError("id_token_invalid", str(error)) from error
    _check_form(claims)
    _check_audience(claims.get("aud"), settings.client_id)
    _check_claims(claims, read_algorithm(token), settings, expected)
    found = IdToken(
        claims["sub"],
        tuple(dict.fromkeys(claims.get("acr", "").split())),
        _read_moment(claims.get("auth_time")),
        _read_moment(claims["iat"]),
    )
    _check_proof(found, settings, expected)
    return found


def _check_form(claims: dict) -> None:
    for name in _TEXTS:
        if name in claims and not (isinstance(claims[name], str) and claims[name]):
            raise OidcError("id_token_invalid", f"{name} is no text")
    subject = claims.get("sub", "")
    if len(subject) > _SUBJECT_LIMIT or not subject.isprintable() or subject.isspace():
        raise OidcError("id_token_invalid", "form of sub")


def _check_audience(audience: object, client_id: str) -> None:
    """Refuse a token that is also for others: they could bring it here.

    We trust no other audience (OpenID Connect Core, 3.1.3.7, point 3).
    """
    if not client_id or audience not in (client_id, [client_id]):
        raise OidcError("id_token_invalid", "aud")


def _check_claims(
    claims: dict, algorithm: str, settings: Settings, expected: Expected
) -> None:
    """Check issuer, times, nonce, authorized party and at_hash."""
    token = CodeIDToken(
        claims,
        {"alg": algorithm},
        {
            "iss": {"essential": True, "value": settings.issuer},
            "aud": {"essential": True, "value": settings.client_id},
            "nonce": {"essential": True, "value": expected.nonce},
        },
        {
            "client_id": settings.client_id,
            "nonce": expected.nonce,
            "access_token": expected.access_token,
        },
    )
    try:
        token.validate(now=expected.now, leeway=settings.leeway)
    except ExpiredTokenError as error:
        raise OidcError("clock_skew", "exp") from error
    except MissingClaimError as error:
        code = "nonce_mismatch" if error.claim == "nonce" else "id_token_invalid"
        raise OidcError(code, f"{error.claim} is missing") from error
    except ClaimError as error:
        code = _CODES.get(error.claim, "id_token_invalid")
        raise OidcError(code, error.claim) from error


def _read_moment(value: object) -> int | None:
    """Return a moment, seconds since the epoch; none where there is none.

    :raise OidcError: it is no number of seconds
    """
    if value is None:
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # Not a number (NaN) lies between nothing.
    if not is_number or not 0 <= value < _NEVER:
        raise OidcError("id_token_invalid", "a moment")
    return int(value)


def _check_proof(found: IdToken, settings: Settings, expected: Expected) -> None:
    """Check how and when the identity was proved.

    Providers answer with weaker proofs than they were asked for, and eSignet with
    several in one text (OpenID Connect Core, 2, acr).
    """
    demanded = settings.demanded_acr(expected.is_step_up)
    if demanded and not set(demanded) & set(found.acr):
        raise OidcError("acr_too_low")
    if found.auth_time is not None and found.auth_time > expected.now + settings.leeway:
        raise OidcError("clock_skew", "auth_time")
    oldest = _oldest_proof(settings, expected)
    if oldest is None:
        return
    if found.auth_time is None:
        raise OidcError("id_token_invalid", "auth_time is missing")
    if found.auth_time < oldest - settings.leeway:
        raise OidcError("login_too_old", "auth_time")


def _oldest_proof(settings: Settings, expected: Expected) -> float | None:
    """Return since when the identity must have been proved; none: any time."""
    if expected.is_step_up:
        return max(expected.started_at, expected.now - settings.step_up_seconds)
    return expected.started_at if settings.is_fresh else None

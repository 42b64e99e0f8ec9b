"""The request with which an application sends a person here: a signed JWT (RFC 7519).

Judged are its claims, after the signature. Nothing in it is believed but what the
application's own record allows: to which address the browser goes back, for which
purposes and for how long it may ask.

A request lives ten minutes at most and is good once (``jti``), so that one that was
seen on its way, in a history or a log, is worth nothing.
"""

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

#: ``aud`` of every request; another one than messages have, so that a JWT made for
#: the one is of no use for the other.
AUDIENCE = "g2p-spar-consent"
#: Longest life of a request, and how far two clocks may differ, in seconds.
MOST_SECONDS = 600
LEEWAY = 30
#: Longest JWT that is looked at, and longest names in it.
REQUEST_LIMIT = 4096
NAME_LIMIT = 128
STATE_LIMIT = 512

_TOKEN = re.compile(r"[A-Za-z0-9._~-]{1,128}")
_VISIBLE = re.compile(r"[!-~]+")

#: Why a request is refused: code -> what its programmers read.
REFUSALS = {
    "malformed": "request must be a signed JWT whose payload is a JSON object.",
    "application": "iss is not the client_id of an application that may ask.",
    "signature": "No valid key of the application verifies the signature.",
    "audience": f"aud must be {AUDIENCE}.",
    "time": f"exp is needed; it must be in the future, {MOST_SECONDS} s at most.",
    "name": "jti is needed: 1 to 128 visible characters.",
    "used": "A request with this jti was used before: make a new one.",
    "purpose": "purpose must be one that is registered for the application.",
    "period": "period must be a whole number of days within the registered limit.",
    "token": "app_token must be 1 to 128 letters, digits or any of . _ ~ -",
    "redirect": "redirect_uri must be one that is registered, letter by letter.",
    "state": "state must be at most 512 visible characters.",
}


class RequestRefused(ValueError):
    """A request cannot be taken.

    :param code: one of :data:`REFUSALS`
    """

    def __init__(self, code: str):
        super().__init__(REFUSALS[code])
        self.code = code


class Profile(NamedTuple):
    """What an application may ask for.

    :param record_id: database id of the partner
    :param client_id: its name in ``iss``
    :param code: what stands behind the @ of its own names for people
    :param purposes: code -> database id
    :param most_days: longest period
    :param redirects: where the browser may be sent back to
    :param step_up: whether a person proves the identity once more to agree
    """

    record_id: int
    client_id: str
    code: str
    purposes: Mapping[str, int]
    most_days: int
    redirects: frozenset[str]
    step_up: bool = False


class Asked(NamedTuple):
    """A request that was found right.

    :param name: ``jti``
    :param expires_at: seconds since the epoch
    :param purpose_id: database id of the purpose
    :param days: length of the period
    :param token: the application's own name of the person
    :param state: what goes back with the browser, none where there is none
    """

    name: str
    expires_at: float
    purpose_id: int
    days: int
    token: str
    redirect: str
    state: str | None


def read_claims(payload: bytes) -> dict:
    """Read the claims of a JWT.

    :raise RequestRefused: they are no JSON object
    """
    try:
        claims = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise RequestRefused("malformed") from error
    if not isinstance(claims, dict):
        raise RequestRefused("malformed")
    return claims


def read_issuer(claims: Mapping) -> str:
    """Return who claims to have made a request.

    :raise RequestRefused: it names nobody
    """
    issuer = claims.get("iss")
    if not _is_name(issuer):
        raise RequestRefused("application")
    return issuer


def judge(claims: Mapping, profile: Profile, now: float) -> Asked:
    """Judge the claims of a request whose signature is right.

    :param profile: of the application that signed it
    :param now: seconds since the epoch
    :raise RequestRefused: something is missing, wrong or not allowed
    """
    _demand(claims.get("iss") == profile.client_id, "application")
    audience = claims.get("aud")
    _demand(audience in (AUDIENCE, [AUDIENCE]), "audience")
    name, token, state = (claims.get(one) for one in ("jti", "app_token", "state"))
    expires_at = _read_time(claims, now)
    _demand(_is_name(name), "name")
    # The address first: nothing that follows may be told anywhere else.
    redirect = claims.get("redirect_uri")
    _demand(isinstance(redirect, str) and redirect in profile.redirects, "redirect")
    purpose = claims.get("purpose")
    _demand(isinstance(purpose, str) and purpose in profile.purposes, "purpose")
    days = claims.get("period")
    _demand(type(days) is int and 1 <= days <= profile.most_days, "period")
    _demand(isinstance(token, str) and _TOKEN.fullmatch(token), "token")
    _demand(state is None or _is_visible(state, STATE_LIMIT), "state")
    purpose_id = profile.purposes[purpose]
    return Asked(name, expires_at, purpose_id, days, token, redirect, state)


def _read_time(claims: Mapping, now: float) -> float:
    """Return when a request ends.

    :raise RequestRefused: it is over, begins later, or lives too long
    """
    expires_at, begins = claims.get("exp"), claims.get("nbf", now)
    _demand(_is_number(expires_at) and _is_number(begins), "time")
    _demand(now < expires_at <= now + MOST_SECONDS + LEEWAY, "time")
    _demand(begins <= now + LEEWAY, "time")
    return float(expires_at)


def _demand(holds: object, code: str) -> None:
    if not holds:
        raise RequestRefused(code)


def _is_number(value: object) -> bool:
    """Whether a value is a JSON number; ``NaN`` is none."""
    return type(value) in (int, float) and value == value


def _is_name(value: object) -> bool:
    return _is_visible(value, NAME_LIMIT)


def _is_visible(value: object, limit: int) -> bool:
    return (
        isinstance(value, str)
        and len(value) <= limit
        and _VISIBLE.fullmatch(value) is not None
    )

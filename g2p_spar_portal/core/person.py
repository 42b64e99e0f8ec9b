"""Who is looking at the pages: facts of one person's session.

They come from claims that the provider signed and stay on the server. Nothing a
browser sends can change them.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timezone
from typing import Any, NamedTuple

from odoo.addons.g2p_spar_fa_reference.core.errors import InvalidFormat
from odoo.addons.g2p_spar_fa_reference.core.strategy import compile_strategy

#: Under which name the session keeps the facts.
SESSION_KEY = "g2p_spar_person"
#: A text from a claim longer than this is cut: it is only shown.
MAX_TEXT = 200
#: The hour of the last request is noted when it is this old, in seconds.
TOUCH_SECONDS = 15
_IS_PLAIN = re.compile("[!-~]+")


class Person(NamedTuple):
    """A person who logged in at a provider.

    :ivar identity_id: the person's ``g2p.spar.identity``
    :ivar id_value: the ID as the registry knows it, ``token:{sub}@nationalId``
    :ivar acr: how the person proved to be the one, as the provider calls it
    :ivar authenticated_at: when the person did so; UTC, naive
    """

    identity_id: int
    provider_id: int
    provider_name: str
    subject: str
    id_value: str
    name: str | None
    birthdate: date | None
    phone: str | None
    email: str | None
    lang: str | None
    acr: tuple[str, ...]
    authenticated_at: datetime


class Approval(NamedTuple):
    """A person's fresh proof for one change.

    :ivar authenticated_at: UTC, naive
    :ivar evidence: what the history keeps of it; no token, no personal data
    """

    acr: tuple[str, ...]
    authenticated_at: datetime
    evidence: dict[str, Any]


def id_claims(template: str) -> tuple[str, ...]:
    """Return the claims which an ID template needs.

    >>> id_claims("token:{sub}@nationalId")
    ('sub',)
    """
    return compile_strategy(template).part_names


def write_id(template: str, claims: Mapping[str, str]) -> str:
    """Write the ID which the registry knows a person by.

    >>> write_id("token:{sub}@nationalId", {"sub": "Ab-1"})
    'token:Ab-1@nationalId'

    The registry knows IDs by their normal form, so a claim which that would change,
    such as one with blanks or wide letters, could make somebody else's ID.

    :raise StrategyError, AddressError: a claim is missing, or is not of ASCII letters
        without blanks
    """
    for name in id_claims(template):
        if not _IS_PLAIN.fullmatch(claims.get(name, "")):
            raise InvalidFormat("A claim of an ID is made of ASCII letters only.")
    return compile_strategy(template).construct(claims)


def keep_claims(claims: Mapping[str, Any], subject: str, template: str) -> dict:
    """Return the few claims which the session keeps.

    :param claims: verified ones, of any form: what is unfit is left out
    """
    named = {name: claims.get(name) for name in id_claims(template)}
    named["sub"] = subject
    return {
        "name": read_text(claims.get("name")),
        "birthdate": read_birthdate(claims.get("birthdate")),
        "phone": read_text(claims.get("phone_number")),
        "email": read_text(claims.get("email")),
        "lang": read_text(claims.get("locale")),
        "id": {
            name: value
            for name, value in named.items()
            if isinstance(value, str) and value
        },
    }


def read_text(value: object) -> str | None:
    """Return a claim as one line that can be shown, or none.

    >>> read_text("  Amina \\u202eOtieno\\n ")
    'Amina Otieno'
    """
    if not isinstance(value, str):
        return None
    letters = "".join(
        one if one.isprintable() else " " for one in value[: MAX_TEXT * 2]
    )
    return " ".join(letters.split())[:MAX_TEXT] or None


def read_birthdate(value: object) -> str | None:
    """Return a date of birth as ISO 8601, or none.

    >>> read_birthdate("1987/11/25"), read_birthdate("1987-11-25")
    ('1987-11-25', '1987-11-25')
    """
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value.replace("/", "-")).isoformat()
    except ValueError:
        return None


def read_day(text: str | None) -> date | None:
    """Return what :func:`read_birthdate` wrote as a date."""
    return date.fromisoformat(text) if text else None


def is_idle(seen: float, now: float, minutes: int) -> bool:
    """Tell whether a session was left alone too long.

    :param seen: when its last request came, seconds since the epoch
    """
    return now - seen > minutes * 60


def from_epoch(seconds: float) -> datetime:
    """Return a moment as Odoo writes it: UTC, naive."""
    return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)


def to_epoch(moment: datetime) -> int:
    """Return a naive UTC moment as seconds since the epoch."""
    return int(moment.replace(tzinfo=timezone.utc).timestamp())

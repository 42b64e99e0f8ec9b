"""Six digits that prove that a phone or a mailbox belongs to the person.

A code is kept only as a keyed hash, bound to the contact it was sent to. It works
for ten minutes and for five tries; after the fifth wrong one it is dead, even for
whoever then types the right one.
"""

import hmac
import secrets
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

from odoo.addons.g2p_spar_fa_reference.core.seal import keyed_hash

DIGITS = 6
LIFETIME = timedelta(minutes=10)
MAX_TRIES = 5
#: Codes sent within the hour for one person, and to one phone or mailbox: a family
#: may share it, and no single person can use up what others need.
MAX_SENDS, MAX_SENDS_TO_ONE = 3, 9
SENDS_SECONDS = 3600

_PURPOSE = "contact_code"
_LONGEST_TYPED = 40


class Verdict(StrEnum):
    """What a typed code is."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    DEAD = "dead"
    UNREADABLE = "unreadable"


def new_code() -> str:
    """Draw a code."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def read_code(text: str | None) -> str | None:
    """The code a person typed, in any script's digits; none when it is none.

    >>> read_code(" 123 456 "), read_code("١٢٣٤٥٦"), read_code("12345")
    ('123456', '123456', None)
    """
    if not text or len(text) > _LONGEST_TYPED:
        return None
    digits = [
        unicodedata.decimal(sign, None) for sign in text if sign not in " -\t\xa0"
    ]
    if len(digits) != DIGITS or None in digits:
        return None
    return "".join(map(str, digits))


def digest_of(code: str, contact_id: int, value: str) -> str:
    """The hash of a code; the same code for another contact has another one.

    :raise SealError: the server has no secret key
    """
    return keyed_hash(f"{contact_id}\n{value}\n{code}", _PURPOSE)


def judge(
    typed: str | None,
    digest: str | None,
    contact: tuple[int, str],
    expires_at: datetime | None,
    tries: int,
    now: datetime,
) -> Verdict:
    """Say what a typed code is.

    :param typed: as the person typed it
    :param digest: hash of the code that was sent; none: it is dead
    :param contact: database id and value of the contact it was sent to
    :param expires_at: naive UTC, as ``now``
    :param tries: wrong codes before this one
    """
    if not digest or tries >= MAX_TRIES:
        return Verdict.DEAD
    if expires_at is None or expires_at <= now:
        return Verdict.EXPIRED
    code = read_code(typed)
    if code is None:
        return Verdict.UNREADABLE
    if hmac.compare_digest(digest_of(code, *contact), digest):
        return Verdict.RIGHT
    return Verdict.WRONG if tries + 1 < MAX_TRIES else Verdict.DEAD

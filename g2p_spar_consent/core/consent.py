"""What a person allowed an application to ask, and whether a question is covered.

An application asks about a person by its own name for them, its *token*. A consent
leads from the token to the person's key, for one purpose and until one moment, and
says how much may be told. Outside of it there is no way from the token to the person.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class Disclosure(StrEnum):
    """How much an application is told, from little to all."""

    PAYABLE = "payable"
    MASKED = "masked"
    ADDRESS = "address"


class State(StrEnum):
    """State of a consent, as stored; only one that is active can be valid."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REPLACED = "replaced"


_ORDER = tuple(Disclosure)
#: Longest period that any application may ask for: five years.
MOST_DAYS = 1826


class Consent(NamedTuple):
    """A consent that has not been ended.

    :param record_id: database id
    :param id_key: key of the person's ID
    :param purpose: code of the purpose
    :param disclosure: how much may be told
    :param since: naive UTC
    :param until: its end, naive UTC; at this moment it is over
    """

    record_id: int
    id_key: str
    purpose: str
    disclosure: str
    since: datetime
    until: datetime


def weaker(agreed: str, now: str) -> Disclosure:
    """Return the lesser of two disclosures.

    A purpose that is changed later to tell more does not widen what was agreed to;
    one that is changed to tell less counts at once.

    >>> weaker("masked", "address"), weaker("address", "payable")
    (<Disclosure.MASKED: 'masked'>, <Disclosure.PAYABLE: 'payable'>)
    """
    return min(Disclosure(agreed), Disclosure(now), key=_ORDER.index)


def numbered(version: int, disclosure: str) -> int:
    """Number what was told of a version of an address, by how much was told.

    An answer that is kept is withheld once its number is another one, so also once
    less may be told.

    >>> numbered(4, "address") == numbered(4, "masked")
    False
    """
    return version * len(_ORDER) + _ORDER.index(Disclosure(disclosure))


def allows(disclosure: str, needed: str) -> bool:
    """Whether a disclosure is enough for what is asked.

    >>> allows("address", "masked"), allows("payable", "masked")
    (True, False)
    """
    return _ORDER.index(Disclosure(disclosure)) >= _ORDER.index(Disclosure(needed))


def is_valid(consent: Consent, now: datetime) -> bool:
    """Whether a consent is within its time; the clock decides, not a nightly job.

    :param now: naive UTC
    """
    return consent.since <= now < consent.until


def covers(consent: Consent, purpose: str | None, needed: str, now: datetime) -> bool:
    """Whether a consent allows a question.

    :param purpose: code that the message names; none: it names none, and nothing
        is covered
    :param needed: the least disclosure that answers the question
    :param now: naive UTC
    """
    return (
        is_valid(consent, now)
        and purpose == consent.purpose
        and allows(consent.disclosure, needed)
    )


def until_of(since: datetime, days: int) -> datetime:
    """Return the end of a period.

    :raise ValueError: no whole number of days from 1 to :data:`MOST_DAYS`
    """
    if not 1 <= days <= MOST_DAYS:
        raise ValueError("days")
    return since + timedelta(days=days)

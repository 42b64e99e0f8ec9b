"""Times on the wire: ISO 8601, read generously, written in one form.

Public clients send a space for the ``T``, no zone, or local time without a zone
(domain: connector libraries, G2P Bridge). A time without a zone is read as UTC;
a sender's clock may be wrong by a day.
"""

import re
from datetime import datetime, timedelta, timezone

#: How far ahead of our clock a time may be.
TOLERANCE = timedelta(hours=24)

_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?"
    r"\s?(Z|z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
_LONGEST = 64


def read_moment(text: object) -> datetime | None:
    """Read a time.

    :param text: what the sender wrote, of any type
    :return: aware time in UTC, or none when it is not a time
    """
    if type(text) is not str or len(text) > _LONGEST:
        return None
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    try:
        return _to_utc(*match.groups())
    except (ValueError, OverflowError):
        return None


def _to_utc(year, month, day, hour, minute, second, fraction, zone) -> datetime:
    """Build the time from its written parts, each a text or none.

    A leap second (60) is read as the last second of its minute.
    """
    return datetime(
        int(year),
        int(month),
        int(day),
        int(hour or 0),
        int(minute or 0),
        59 if second == "60" else int(second or 0),
        int((fraction or "")[:6].ljust(6, "0")),
        _offset(zone),
    ).astimezone(timezone.utc)


def _offset(zone: str | None) -> timezone:
    if not zone or zone in "Zz":
        return timezone.utc
    digits = zone[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-offset if zone[0] == "-" else offset)


def is_fit(text: object, latest: datetime) -> bool:
    """Whether ``text`` is a time not later than ``latest`` (aware)."""
    moment = read_moment(text)
    return moment is not None and moment <= latest


def latest_fit(now: datetime) -> datetime:
    """Return the latest time that is accepted at ``now`` (aware)."""
    return now + TOLERANCE


def write_moment(moment: datetime) -> str:
    """Write an aware time as UTC with milliseconds and ``Z``."""
    utc = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return utc.isoformat(timespec="milliseconds") + "Z"

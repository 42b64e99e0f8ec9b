"""What an administrator may set, read from its stored text. Fails to the safe side."""

from collections.abc import Collection
from typing import NamedTuple

#: The registry's own is what happens by itself: links that end, and their reminders.
CHANNELS = ("portal", "staff", "agent", "api", "import", "registry")
#: Channels whose changes the person is always told of: a thief comes by the login.
ALWAYS_NOTIFIED = frozenset({"portal"})
#: An import of a whole list of the programme: its people know, or are told otherwise.
DEFAULT_NOTIFIED = frozenset(CHANNELS) - {"import"}

IDLE_MINUTES, CONTACT_DAYS, NOTICE_DAYS = 10, 30, 180
MOST_IDLE_MINUTES = 60
_NO_CHANNEL = "-"


class Help(NamedTuple):
    """Where a person gets help; what is not set is empty."""

    phone: str = ""
    email: str = ""
    hours: str = ""


def read_number(text: str | None, default: int, least: int = 1) -> int:
    """A whole number of a setting.

    >>> read_number("15", 10), read_number("", 10), read_number("0", 10, least=2)
    (15, 10, 2)

    :param default: for what is no number
    :param least: for what is smaller
    """
    text = (text or "").strip()
    if not (text.isascii() and text.isdigit()):
        return default
    return max(int(text[:9]), least)


def read_channels(text: str | None) -> frozenset[str]:
    """The channels whose changes people are told of.

    >>> sorted(read_channels("api, mail")), sorted(read_channels("-"))
    (['api', 'portal'], ['portal'])

    :param text: names separated by commas; none: the default
    """
    if not text:
        return DEFAULT_NOTIFIED
    named = {name.strip() for name in text.split(",")}
    return ALWAYS_NOTIFIED | named.intersection(CHANNELS)


def write_channels(channels: Collection[str]) -> str:
    """The text of some channels, never empty: an empty setting is a missing one.

    >>> write_channels({"staff", "api"}), write_channels(())
    ('api,staff', '-')
    """
    return ",".join(sorted(channels)) or _NO_CHANNEL

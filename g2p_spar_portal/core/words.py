"""Dates, numbers and languages as the reader's own language writes them."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError, dates, numbers


def lang_tag(code: str) -> str:
    """The language as HTML writes it.

    >>> lang_tag("ar_001"), lang_tag("sr@latin")
    ('ar-001', 'sr-Latn')
    """
    code, _, script = code.partition("@")
    tag = code.replace("_", "-")
    return f"{tag}-{_SCRIPTS[script]}" if script in _SCRIPTS else tag


_SCRIPTS = {"latin": "Latn", "cyrillic": "Cyrl"}


def locale_of(code: str) -> Locale:
    """Babel's locale of one of Odoo's languages; the nearest one it knows.

    >>> str(locale_of("tl_PH")), str(locale_of("xx_YY"))
    ('fil_PH', 'en')
    """
    for name in (code.partition("@")[0], code[:2]):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en")


def own_names(codes: Iterable[str]) -> dict[str, str]:
    """What each language calls itself; with its country where two would be alike.

    >>> own_names(["fr_FR", "hi_IN"])
    {'fr_FR': 'Français', 'hi_IN': 'हिन्दी'}
    """
    codes = list(codes)
    languages = [code[:2] for code in codes]
    return {
        code: _own_name(locale_of(code), languages.count(code[:2]) > 1)
        for code in codes
    }


def language_name(code: str, reader: str) -> str:
    """What a language is called by who reads another.

    >>> language_name("hi_IN", "fr_FR"), language_name("fr_FR", "en_US")
    ('hindi', 'French')
    """
    return locale_of(code).get_language_name(str(locale_of(reader))) or code


def _own_name(locale: Locale, with_territory: bool) -> str:
    name = locale.get_language_name(locale) or locale.language
    territory = locale.get_territory_name(locale) if with_territory else None
    name = name[:1].upper() + name[1:]
    return f"{name} ({territory})" if territory else name


def zone_of(name: str | None) -> ZoneInfo:
    """The time zone of a name, UTC when there is no such."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def write_digits(text: str, code: str) -> str:
    """Write a text's digits as the language does.

    >>> write_digits("10", "ar_001"), write_digits("10", "hi_IN")
    ('١٠', '10')
    """
    zero = _ZEROS.get(_numbering(code))
    if zero is None:
        return text
    return text.translate({48 + digit: zero + digit for digit in range(10)})


#: Where the digits of a script begin in Unicode.
_ZEROS = {
    "arab": 0x0660,
    "arabext": 0x06F0,
    "beng": 0x09E6,
    "deva": 0x0966,
    "mymr": 0x1040,
}


def _numbering(code: str) -> str:
    """Which digits a language is written with.

    The Unicode data leaves "Arabic of the world" with Latin digits, as countries
    differ; most of its readers learn the Arabic ones first.
    """
    locale = locale_of(code)
    return "arab" if code == "ar_001" else locale.default_numbering_system


_MARK = "\u200e"
_NUMBER = re.compile(r"[*+0-9]")


def keep_order(text: str) -> str:
    """Let a number run from left to right within a text from right to left.

    Without the mark an Arabic reader sees the groups of a phone number, or a number
    and the asterisks before it, the other way round. After a Latin letter none is
    needed. The mark is as old as Unicode, and one letter: the plainest phone obeys
    it, and an SMS hardly grows.

    >>> keep_order("+254 20 123"), keep_order("Pink ****6789")
    ('\u200e+254 20 123', 'Pink ****6789')

    :param text: of a message; on pages a ``bdi`` does it
    """
    number = _NUMBER.search(text)
    if not number:
        return text
    before = text[: number.start()]
    directions = [unicodedata.bidirectional(sign) for sign in before]
    strong = [one for one in directions if one in ("L", "R", "AL")]
    if strong and strong[-1] == "L":
        return text
    return f"{before}{_MARK}{text[number.start() :]}"


def write_number(number: int, code: str) -> str:
    """Write a whole number as the language does.

    >>> write_number(1234567, "hi_IN")
    '12,34,567'
    """
    return write_digits(numbers.format_decimal(number, locale=locale_of(code)), code)


def write_day(moment: datetime, code: str, zone: ZoneInfo) -> str:
    """Write the day of a moment, with the month as a word.

    >>> write_day(datetime(2026, 11, 23, 22, 30), "en_US", zone_of("Asia/Manila"))
    'November 24, 2026'

    :param moment: naive UTC
    """
    text = dates.format_date(_local(moment, zone), "long", locale_of(code))
    return write_digits(text, code)


def write_moment(moment: datetime, code: str, zone: ZoneInfo) -> str:
    """Write day and time of a moment.

    >>> write_moment(datetime(2026, 11, 23, 14, 5), "fr_FR", zone_of(None))
    '23 novembre 2026, 14:05'

    :param moment: naive UTC
    """
    locale = locale_of(code)
    local = _local(moment, zone)
    time = dates.format_time(local, "short", tzinfo=zone, locale=locale)
    time = time.replace(" ", _UNBROKEN)
    comma = "،" if locale.language == "ar" else ","
    return f"{write_day(moment, code, zone)}{comma} {write_digits(time, code)}"


#: A space at which no line ends: half a time of day is no time.
_UNBROKEN = "\u00a0"


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.replace(tzinfo=timezone.utc).astimezone(zone)

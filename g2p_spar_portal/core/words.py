"""Dates, numbers and languages as the reader's own language writes them."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError


def lang_tag(code: str) -> str:
    """The language as HTML writes it.

    >>> lang_tag("ar_001"), lang_tag("sr@latin")
    ('ar-001', 'sr-Latn')
    """
    code, _, script = code.partition("@")
    tag = code.replace("_", "-")
    return f"{tag}-{script[:4].title()}" if script else tag


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

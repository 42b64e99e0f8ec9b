"""Claims about a person, made fit to be kept and shown.

Providers take them from registers of all qualities: nothing of them is believed
to be of a certain form, and nothing they contain may disturb a page, a log or
somebody's eyes.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from .errors import OidcError

#: Longest text that is kept of a claim, and most claims.
LONGEST, MOST = 250, 40
#: Never kept: large, or of no use here.
_LEFT_OUT = {"picture", "address", "iss", "aud", "exp", "iat", "nbf", "jti"}
_NAME = re.compile(r"[A-Za-z0-9_.:/-]{1,100}")
_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
#: Categories of Unicode that are invisible or change what stands beside them;
#: joiners are kept, for many scripts are written with them.
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"


def clean_text(text: str, longest: int = LONGEST) -> str:
    """Return a text in one line, of bounded length, with nothing hidden in it.

    >>> clean_text("  Ana\\u202e\\n Cruz ")
    'Ana Cruz'
    """
    # The rest of what is far too long is not even looked at.
    text = unicodedata.normalize("NFC", text[: longest * 20])
    spaced = "".join(" " if char.isspace() else char for char in text)
    kept = (
        char
        for char in spaced
        if char in _JOINERS or unicodedata.category(char) not in _HIDDEN
    )
    return " ".join("".join(kept).split())[:longest].strip()


def read_birthdate(text: str) -> date | None:
    """Read a date, year first; none where it is no whole date of the past.

    >>> read_birthdate("1987/11/05")
    datetime.date(1987, 11, 5)
    """
    match = _DATE.fullmatch(text.strip()) if text.isascii() else None
    try:
        found = date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
    return found if found and found.year >= 1850 else None


def read_claims(
    raw: Mapping[str, object],
    subject: str,
    locales: tuple[str, ...] = (),
    essential: tuple[str, ...] = (),
    exact: tuple[str, ...] = (),
) -> dict[str, str]:
    """Return the claims that are kept, by name, with ``sub``.

    Of ``name#en`` and ``name#fr`` (OpenID Connect Core, 5.2) the one in the first
    of the languages asked for is taken, if there is no plain ``name``.

    :param raw: verified
    :param subject: of the ID token, kept letter by letter
    :param locales: languages of claims that were asked for
    :param essential: names without which nobody logs in
    :param exact: names of claims that tell people apart: kept letter by letter or
        not at all, for what cleaning leaves of one may be somebody else's
    :raise OidcError: ``claims_missing``
    """
    found = {}
    for name in _base_names(raw):
        if name in exact:
            text = _read_exact(raw.get(name))
        else:
            text = _read_text(name, _choose(raw, name, locales))
        if text and len(found) < MOST:
            found[name] = text
    known = {*found, *(name for name in _LEFT_OUT if raw.get(name))}
    missing = [name for name in essential if name.split("#")[0] not in known]
    if missing:
        raise OidcError("claims_missing", missing[0])
    return found | {"sub": subject}


def _base_names(raw: Mapping[str, object]) -> list[str]:
    names = dict.fromkeys(name.split("#")[0] for name in raw)
    return [name for name in names if _NAME.fullmatch(name) and name not in _LEFT_OUT]


def _choose(raw: Mapping[str, object], name: str, locales: tuple[str, ...]) -> object:
    """Return the value of a claim in the language that comes first."""
    if raw.get(name):
        return raw[name]
    tagged = {
        key.partition("#")[2].lower(): value
        for key, value in raw.items()
        if key.partition("#")[0] == name and value
    }
    for locale in locales:
        # eSignet tags with three letters what was asked for with two.
        for tag, value in tagged.items():
            if tag[:2] == locale[:2].lower():
                return value
    return next(iter(tagged.values()), None)


def _read_exact(value: object) -> str:
    """Return a text or a whole number as it came; empty: it needs cleaning."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    is_clean = isinstance(value, str) and clean_text(value) == value
    return value if is_clean else ""


def _read_text(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)[:LONGEST]
    if not isinstance(value, str):
        return ""
    if name == "birthdate":
        found = read_birthdate(value)
        return found.isoformat() if found else ""
    return clean_text(value)

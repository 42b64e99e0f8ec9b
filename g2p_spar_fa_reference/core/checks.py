"""How one part of an address is checked, and the form it is stored in.

Each kind is a function from the typed value to its normal form; a value which is
not of the kind is refused, never passed through.

>>> check_part("iban", "gb33 bukb 2020 1555 5555 55")
'GB33BUKB20201555555555'
>>> check_part("e164", "0712 123456", "KE")
'+254712123456'
"""

import re
from collections.abc import Callable
from functools import lru_cache, partial

import phonenumbers
from stdnum import bic
from stdnum.exceptions import ValidationError

from .errors import InvalidPart, StrategyError
from .number_modules import iban
from .pattern import MAX_INPUT, compile_safe

#: Kinds of checks, in the order in which they are offered.
KINDS = ("none", "digits", "regex", "iban", "bic", "ifsc", "e164", "email")

# Reserve Bank of India: four letters, a zero, six letters or digits.
_IFSC = re.compile(r"[A-Z]{4}0[A-Z0-9]{6}")
# RFC 5321 limits; no quoted local parts and no address literals, which no wallet
# provider accepts.
_EMAIL_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\]\\]{1,64}")
_EMAIL_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
_MAX_DOMAIN = 253


def check_part(
    kind: str, value: str, pattern: str | None = None, part: str = "value"
) -> str:
    """Return the normal form of ``value``.

    :param kind: one of :data:`KINDS`
    :param value: what was typed, at most 500 characters
    :param pattern: for ``regex`` the expression which must fit the whole value;
        for ``e164`` the country (ISO 3166, two letters) of numbers without ``+``
    :param part: label of the part, for the sentence of a refusal
    :raise InvalidPart: the value is not of this kind
    :raise StrategyError: the kind or the pattern does not exist
    """
    return make_checker(kind, pattern, part)(value)


@lru_cache(maxsize=1024)
def make_checker(
    kind: str, pattern: str | None = None, part: str = "value"
) -> Callable[[str], str]:
    """Prepare :func:`check_part` for many values.

    :raise StrategyError: the kind or the pattern does not exist
    """
    if kind == "regex":
        return partial(_check_regex, part, compile_safe(pattern or ""))
    if kind == "e164":
        return partial(_check_e164, part, _check_region(pattern))
    if kind not in _PLAIN:
        raise StrategyError("There is no check of the kind %(kind)s.", kind=kind)
    return partial(_PLAIN[kind], part)


def _check_none(part: str, value: str) -> str:
    return _bounded(part, value)


def _check_digits(part: str, value: str) -> str:
    value = _bounded(part, value)
    if not (value.isascii() and value.isdigit()):
        raise InvalidPart("The %(part)s must consist of digits only.", part=part)
    return value


def _check_regex(part: str, regex: re.Pattern[str], value: str) -> str:
    value = _bounded(part, value)
    if not regex.fullmatch(value):
        raise InvalidPart("The %(part)s does not have the expected form.", part=part)
    return value


def _check_iban(part: str, value: str) -> str:
    """Check length, country and check digits (ISO 13616, ISO 7064 mod 97)."""
    try:
        return iban.validate(_bounded(part, value))
    except ValidationError as error:
        raise InvalidPart("The %(part)s is not a valid IBAN.", part=part) from error


def _check_bic(part: str, value: str) -> str:
    """Check 8 or 11 characters with a country (ISO 9362)."""
    try:
        return bic.validate(_bounded(part, value))
    except ValidationError as error:
        raise InvalidPart("The %(part)s is not a valid BIC.", part=part) from error


def _check_ifsc(part: str, value: str) -> str:
    value = _bounded(part, value).upper()
    if not _IFSC.fullmatch(value):
        raise InvalidPart("The %(part)s is not a valid IFSC.", part=part)
    return value


def _check_e164(part: str, region: str | None, value: str) -> str:
    """Check a telephone number, also as a ``tel:`` URI (RFC 3966)."""
    try:
        number = phonenumbers.parse(_bounded(part, value), region)
    except phonenumbers.NumberParseException as error:
        raise _bad_phone(part) from error
    if number.extension or not phonenumbers.is_valid_number(number):
        raise _bad_phone(part)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _bad_phone(part: str) -> InvalidPart:
    return InvalidPart(
        "The %(part)s is not a valid telephone number: write it with + and the "
        "country code.",
        part=part,
    )


def _check_email(part: str, value: str) -> str:
    """Check an e-mail address; the domain is stored in small letters."""
    local, _at, domain = _bounded(part, value).rpartition("@")
    labels = domain.split(".")
    if (
        not _EMAIL_LOCAL.fullmatch(local)
        or len(labels) < 2
        or len(domain) > _MAX_DOMAIN
        or not all(_EMAIL_LABEL.fullmatch(label) for label in labels)
    ):
        raise InvalidPart("The %(part)s is not a valid e-mail address.", part=part)
    return f"{local}@{domain.lower()}"


def _bounded(part: str, value: str) -> str:
    """Cut blanks around; refuse what is too long to look at."""
    value = value.strip()
    if len(value) > MAX_INPUT:
        raise InvalidPart(
            "The %(part)s is longer than %(limit)s characters.",
            part=part,
            limit=MAX_INPUT,
        )
    return value


def _check_region(region: str | None) -> str | None:
    """Return the region in capitals, None when there is none."""
    if not region:
        return None
    if region.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise StrategyError(
            "The country %(region)s of telephone numbers is not known: write two "
            "letters such as KE.",
            region=region,
        )
    return region.upper()


_PLAIN = {
    "none": _check_none,
    "digits": _check_digits,
    "iban": _check_iban,
    "bic": _check_bic,
    "ifsc": _check_ifsc,
    "email": _check_email,
}

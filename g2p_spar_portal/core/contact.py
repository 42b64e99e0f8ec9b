"""Phones and e-mail addresses to which notices go: their form, and how they show."""

import re
from collections.abc import Collection

import phonenumbers

from odoo.addons.g2p_spar_fa_reference.core.mask import STARS, mask_phone

PHONE, EMAIL = "phone", "email"
KINDS = (PHONE, EMAIL)

_LONGEST_PHONE, _LONGEST_EMAIL, _LONGEST_LOCAL = 40, 254, 64
# What mail servers of this world give out; neither quoting nor comments, which
# only ever carried attacks on headers.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def clean_phone(text: str | None, region: str | None) -> str | None:
    """The number in E.164, or none when it is no number that can exist.

    >>> clean_phone("0712 345678", "KE"), clean_phone("12", "KE")
    ('+254712345678', None)

    :param region: ISO code of the country whose national form is understood
    """
    if not text or len(text) > _LONGEST_PHONE:
        return None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def clean_email(text: str | None) -> str | None:
    """The address in small letters, or none when mail cannot be sent to it.

    >>> clean_email(" Amina@Example.org "), clean_email("a@b@c"), clean_email("a@b")
    ('amina@example.org', None, None)
    """
    text = (text or "").strip()
    if not text or len(text) > _LONGEST_EMAIL:
        return None
    local, at, domain = text.rpartition("@")
    if not at or len(local) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        return None
    if local[0] == "." or local[-1] == "." or ".." in local:
        return None
    labels = domain.split(".")
    if len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):
        return None
    return text.lower()


def clean(kind: str, text: str | None, region: str | None) -> str | None:
    """The normal form of a phone or an e-mail address, or none.

    :param kind: one of :data:`KINDS`
    """
    return clean_phone(text, region) if kind == PHONE else clean_email(text)


#: Kinds of wallets, by their codes, whose number is a contact; and of which kind.
_WALLETS = {"mobile_wallet": PHONE, "email_wallet": EMAIL}


def is_wallet_of(
    wallet: str | None,
    numbers: Collection[str],
    kind: str,
    value: str,
    region: str | None = None,
) -> bool:
    """Whether an account is the wallet of a contact: all of its number is that.

    The number of a bank account may happen to be a phone, and proves nothing.

    >>> is_wallet_of("mobile_wallet", ["0712 345678"], "phone", "+254712345678", "KE")
    True
    >>> is_wallet_of("bank", ["+254712345678"], "phone", "+254712345678")
    False

    :param wallet: code of the kind of account
    :param numbers: what a person typed of it that tells it from others, as stored
    :param value: of the contact, in its normal form
    :param region: see :func:`clean_phone`
    """
    found = [clean(kind, number, region) for number in numbers]
    return _WALLETS.get(wallet) == kind and found == [value]


def mask(kind: str, value: str) -> str:
    """Enough of a contact to know one's own by, too little to use it.

    >>> mask("phone", "+254712345678"), mask("email", "amina@example.org")
    ('****78', 'a****@example.org')
    """
    if kind == PHONE or "@" not in value:
        return mask_phone(value)
    local, _at, domain = value.rpartition("@")
    return f"{local[:1]}{STARS}@{domain}"


def example_phone(region: str | None) -> str:
    """A mobile number as it is written in a country, for a hint.

    >>> example_phone("KE"), example_phone(None)
    ('+254 712 123456', '+1 201-555-0123')
    """
    kind = phonenumbers.PhoneNumberType.MOBILE
    number = phonenumbers.example_number_for_type(region or "US", kind)
    if number is None:
        return example_phone(None)
    return phonenumbers.format_number(
        number, phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )

"""What a person typed: made tidy, checked, and if it is wrong, why.

A number is copied from a paper or a message: with blanks between its groups, in the
digits of the person's own script, with invisible marks of the writing direction. All
of that means the same number and is mended, not refused. What is wrong is told so
that the person finds it: how many digits there are and how many there must be, and
which sign does not belong.

Nothing here makes sentences of a language: a :class:`Problem` is a code with the
values that its sentence needs.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

import phonenumbers

from odoo.addons.g2p_spar_fa_reference.core.checks import make_checker
from odoo.addons.g2p_spar_fa_reference.core.errors import InvalidPart
from odoo.addons.g2p_spar_fa_reference.core.rules import PartRule

from .part_form import UNLIMITED, PartForm, form_of

#: Longest text that can be meant: no number of an account has so many signs.
MAX_TYPED = 200
#: Checks of numbers, in which blanks mean nothing.
_NUMBERS = frozenset({"digits", "regex", "iban", "bic", "ifsc", "e164"})
#: Checks that find a slip of the finger by themselves.
_SELF_CHECKING = frozenset({"iban"})
_BLANKS = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[-./\u2010-\u2015]")
# ISO 13616; the shortest in use is Norway's.
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+")
_IBAN_LEAST, _IBAN_MOST = 15, 34
_TOO_SHORT = phonenumbers.ValidationResult.TOO_SHORT
_TOO_LONG = phonenumbers.ValidationResult.TOO_LONG


class Problem(NamedTuple):
    """Why a part cannot be taken as it was typed.

    :ivar code: names the sentence (``models/change_words.py``)
    :ivar values: what stands in it; a sign of the person's own text at most
    """

    code: str
    values: Mapping[str, Any] = {}


class Typed(NamedTuple):
    """What became of one typed part.

    :ivar value: in normal form; as tidied when there is a problem
    :ivar problem: none when it can be taken
    """

    value: str
    problem: Problem | None = None


def needs_repeat(rule: PartRule) -> bool:
    """Whether a person shall type the part twice.

    A slip of the finger in an account number sends the money to a stranger, and most
    account numbers have no check digit that we know. An IBAN has.
    """
    return rule.required and rule.sensitive and rule.check not in _SELF_CHECKING


def input_mode(rule: PartRule) -> str:
    """The keyboard that suits a part, as HTML's ``inputmode`` calls it."""
    if rule.check in ("e164", "email"):
        return {"e164": "tel", "email": "email"}[rule.check]
    if rule.check == "digits":
        return "numeric"
    form = form_of(rule.pattern or "") if rule.check == "regex" else None
    if form and form.digits and not form.letters:
        return "tel" if "+" in form.signs else "numeric"
    return "text"


def hint_of(rule: PartRule) -> Problem | None:
    """What a person should know before typing: how many digits there must be.

    :return: none where there is nothing to say that helps
    """
    if rule.check == "iban":
        return Problem("hint_iban")
    form = form_of(rule.pattern or "") if rule.check == "regex" else None
    if not form or form.least < 2 or form.most >= UNLIMITED:
        return None
    kind = "digits" if form.digits and not form.letters else "signs"
    size = "exactly" if form.least == form.most else "between"
    return Problem(f"hint_{kind}_{size}", {"least": form.least, "most": form.most})


def read_typed(rule: PartRule, text: str | None, again: str | None = None) -> Typed:
    """Tidy and check one part.

    :param text: as the form sent it
    :param again: the second entry, where :func:`needs_repeat`; none: not asked for
    """
    if len(text or "") > MAX_TYPED or len(again or "") > MAX_TYPED:
        return Typed("", Problem("too_long", {"most": MAX_TYPED}))
    value = tidy(rule, text or "")
    if not value:
        return Typed("", Problem("missing") if rule.required else None)
    found = _check(rule, value)
    if found.problem or again is None:
        return found
    if not again.strip():
        return Typed(found.value, Problem("repeat_missing"))
    if _check(rule, tidy(rule, again)).value != found.value:
        return Typed(found.value, Problem("repeat_differs"))
    return found


def tidy(rule: PartRule, text: str) -> str:
    """Mend what means the same: width, script of the digits, invisible marks, blanks.

    >>> tidy(PartRule("n", "Number", "typed", "digits"), " \\u200e١٢ 34 ")
    '1234'
    """
    text = unicodedata.normalize("NFKC", text)
    text = "".join(char for char in text if char.isspace() or _is_seen(char))
    if rule.check not in _NUMBERS:
        return " ".join(text.split())
    joined = _BLANKS.sub("", "".join(_plain_digit(char) for char in text))
    bare = _SEPARATORS.sub("", joined)
    forms = (joined, joined.upper(), bare, bare.upper())
    return next((form for form in forms if _fits(rule, form)), joined)


def _is_seen(char: str) -> bool:
    """Whether a character is one: no control, no mark of the writing direction."""
    return not unicodedata.category(char).startswith("C")


def _plain_digit(char: str) -> str:
    number = unicodedata.decimal(char, None)
    return char if number is None else str(number)


def _fits(rule: PartRule, value: str) -> bool:
    try:
        make_checker(rule.check, rule.pattern)(value)
    except InvalidPart:
        return False
    return True


def _check(rule: PartRule, value: str) -> Typed:
    try:
        return Typed(make_checker(rule.check, rule.pattern)(value))
    except InvalidPart:
        return Typed(value, _why(rule, value))


def _why(rule: PartRule, value: str) -> Problem:
    """Say what is wrong with a value that its check refuses."""
    if rule.check == "iban":
        return _why_iban(value)
    if rule.check == "e164":
        return _why_phone(rule, value)
    if rule.check == "email":
        return Problem("email_no_at" if "@" not in value else "email_wrong")
    if rule.check == "digits":
        return _odd_sign(PartForm(1, UNLIMITED, True, False, ""), value)
    form = form_of(rule.pattern or "") if rule.check == "regex" else None
    return _why_form(form, value) if form else Problem("form_wrong")


def _why_form(form: PartForm, value: str) -> Problem:
    if any(not form.allows(char) for char in value):
        return _odd_sign(form, value)
    if form.least <= len(value) <= form.most:
        return Problem("form_wrong")
    kind = "digits" if form.digits and not form.letters else "signs"
    values = {"count": len(value), "least": form.least, "most": form.most}
    if form.least == form.most:
        return Problem(f"{kind}_exactly", values)
    if form.most >= UNLIMITED:
        return Problem(f"{kind}_at_least", values)
    return Problem(f"{kind}_between", values)


def _odd_sign(form: PartForm, value: str) -> Problem:
    sign = next((char for char in value if not form.allows(char)), "")
    # A sign that cannot be seen cannot be pointed at either.
    if not sign.isprintable() or unicodedata.combining(sign or " "):
        return Problem("form_wrong")
    code = "only_letters_digits" if form.letters and form.digits else "only_digits"
    if form.letters and not form.digits:
        code = "form_wrong"
    return Problem(code, {"sign": sign})


def _why_iban(value: str) -> Problem:
    """Say what is wrong with an IBAN: its look, its length, or one of its signs."""
    if not _IBAN.fullmatch(value):
        return Problem("iban_wrong")
    if not _IBAN_LEAST <= len(value) <= _IBAN_MOST:
        return Problem("iban_length", {"count": len(value)})
    return Problem("iban_checksum")


def _why_phone(rule: PartRule, value: str) -> Problem:
    try:
        number = phonenumbers.parse(value, (rule.pattern or "").upper() or None)
    except phonenumbers.NumberParseException:
        return Problem("phone_wrong")
    possible = phonenumbers.is_possible_number_with_reason(number)
    codes = {_TOO_SHORT: "phone_short", _TOO_LONG: "phone_long"}
    return Problem(codes.get(possible, "phone_wrong"))

"""What a pattern of an administrator says about a number, for a person's eyes.

``[0-9]{10,18}`` means: 10 to 18 digits. Such plain patterns, a row of character
classes with counts, are the rule for account numbers, and can be told in words. Of
others (groups, alternatives) only the lengths of nothing are known: the person is
told that the form is wrong, and to compare with the paper of the bank.

>>> form_of("[0-9]{10,18}")
PartForm(least=10, most=18, digits=True, letters=False, signs='')
>>> form_of(r"[A-Z]\\d+|x") is None
True
"""

import re
import string
from typing import NamedTuple

#: More than this is "no limit": nobody counts so far.
UNLIMITED = 500
_ASCII = "".join(map(chr, range(32, 127)))
_ATOM = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]|\\.|[^\\\[\](){}|*+?^$]")
_COUNT = re.compile(r"\{(\d*)(,?)(\d*)\}|[*+?]")
_SIMPLE_COUNTS = {"?": (0, 1), "*": (0, UNLIMITED), "+": (1, UNLIMITED)}


class PartForm(NamedTuple):
    """The length of a value and the characters it may have somewhere.

    :ivar least, most: numbers of characters
    :ivar digits, letters: whether digits and letters of the Latin alphabet may occur
    :ivar signs: other characters that may occur, in the order of ASCII
    """

    least: int
    most: int
    digits: bool
    letters: bool
    signs: str

    def allows(self, char: str) -> bool:
        """Whether a character may occur at all."""
        if char in string.digits:
            return self.digits
        if char in string.ascii_letters:
            return self.letters
        return char in self.signs


def form_of(pattern: str) -> PartForm | None:
    """Read a pattern that must fit the whole value.

    :return: none when it is not a plain row of characters with counts
    """
    position, least, most = 0, 0, 0
    allowed: set[str] = set()
    text = pattern.removeprefix("^").removesuffix("$")
    while position < len(text):
        atom = _ATOM.match(text, position)
        if not atom:
            return None
        low, high, position = _read_count(text, atom.end())
        allowed |= _characters(atom[0])
        least, most = least + low, most + high
    return _form(least, min(most, UNLIMITED), allowed)


def _read_count(text: str, position: int) -> tuple[int, int, int]:
    """Return how often the atom before ``position`` may stand, and what is behind."""
    count = _COUNT.match(text, position)
    if not count:
        return 1, 1, position
    if count[0] in _SIMPLE_COUNTS:
        return *_SIMPLE_COUNTS[count[0]], count.end()
    low = int(count[1] or 0)
    high = int(count[3] or UNLIMITED) if count[2] else low
    return low, high, count.end()


def _characters(atom: str) -> set[str]:
    """Characters of ASCII which one atom of the pattern fits."""
    regex = re.compile(atom, re.ASCII)
    return {char for char in _ASCII if regex.fullmatch(char)}


def _form(least: int, most: int, allowed: set[str]) -> PartForm:
    signs = allowed - set(string.digits) - set(string.ascii_letters)
    return PartForm(
        least,
        most,
        bool(allowed & set(string.digits)),
        bool(allowed & set(string.ascii_letters)),
        "".join(sorted(signs)),
    )

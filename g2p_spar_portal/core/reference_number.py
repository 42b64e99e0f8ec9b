"""Reference numbers of changes: what a person reads out on the telephone.

``SPAR-7K3M9-Q2FXA``: nine random symbols and one to check, of Crockford's base 32,
which has no letter that is mistaken for a digit. Nine symbols are 44 bits: nobody
guesses one, and whoever holds one sees nothing but with the own login.

>>> reference_number(bytes(9))
'SPAR-00000-00000'
>>> read_reference_number("spar 7k3m9 q2fxo") is None
True
>>> read_reference_number(" spar00000oooo0 ")
'SPAR-00000-00000'
"""

import secrets

#: Douglas Crockford, "Base 32 Encoding": no I, L, O and U. Nor the last letter, Z:
#: 31 symbols are a prime number of them, with which the check finds every slip.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXY"
PREFIX = "SPAR"
_RANDOM = 9
_LENGTH = _RANDOM + 1
_BASE = len(ALPHABET)
_ALIKE = str.maketrans("ILO", "110")
_MOST = 40


def reference_number(random: bytes | None = None) -> str:
    """Make a new reference number.

    :param random: nine bytes, for tests; none: from the system's random source
    """
    random = secrets.token_bytes(_RANDOM) if random is None else random
    body = "".join(ALPHABET[byte % _BASE] for byte in random[:_RANDOM])
    return _group(body + _check_symbol(body))


def read_reference_number(text: str) -> str | None:
    """Return the number a person typed or a link carries, as it was written.

    Small letters, blanks, missing dashes and the letters I, L and O are mended.

    :return: none when it cannot be a reference number: one wrong symbol, or two
        neighbours the wrong way round, show
    """
    if len(text) > _MOST or not text.isascii():
        return None
    plain = "".join(char for char in text.upper() if char.isalnum())
    plain = plain.removeprefix(PREFIX).translate(_ALIKE)
    if len(plain) != _LENGTH or not set(plain) <= set(ALPHABET):
        return None
    return _group(plain) if _check_symbol(plain[:-1]) == plain[-1] else None


def _group(plain: str) -> str:
    half = _LENGTH // 2
    return f"{PREFIX}-{plain[:half]}-{plain[half:]}"


def _check_symbol(body: str) -> str:
    """Return the symbol that makes the number a valid one.

    A weighted sum modulo a prime, which no single wrong symbol and no exchange of
    neighbours leaves as it was.
    """
    total = sum(
        weight * ALPHABET.index(char) for weight, char in enumerate(body, start=2)
    )
    return ALPHABET[total % _BASE]

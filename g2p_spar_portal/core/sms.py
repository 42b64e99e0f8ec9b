"""How much a text costs as an SMS (3GPP TS 23.038).

A text of the basic alphabet has 160 letters in one segment, 153 in each of
several. One letter outside it makes the whole text UCS-2: 70, or 67 in each.
"""

#: What one notice and one code may cost at most.
NOTICE_SEGMENTS, CODE_SEGMENTS = 2, 1

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")


def segments(text: str) -> int:
    """Number of messages that a text is sent as.

    >>> segments("a" * 160), segments("a" * 161), segments("ع" * 70)
    (1, 2, 1)
    """
    if all(sign in _BASIC or sign in _EXTENDED for sign in text):
        length, alone, joined = _basic_length(text), 160, 153
    else:
        length, alone, joined = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= alone else -(-length // joined)


def _basic_length(text: str) -> int:
    """Signs of the extension table are sent as two."""
    return sum(2 if sign in _EXTENDED else 1 for sign in text)

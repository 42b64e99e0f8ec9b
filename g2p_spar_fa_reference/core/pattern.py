"""Regular expressions which administrators type, made safe to run.

Python's engine backtracks, and a pattern such as ``(a+)+`` needs longer than the
universe on forty characters. Nobody can interrupt it, so such patterns are
refused when they are saved, and input is bounded when they are used.
"""

import re
from functools import lru_cache

from .errors import StrategyError

MAX_PATTERN = 1000
#: Longest text a pattern is ever run on.
MAX_INPUT = 500

_CLASS_OR_ESCAPE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_REPEAT = re.compile(r"[*+?]|\{\d*,?\d*\}")
_AGAIN = re.compile(r"[*+]|\{\d*,?\d*\}")
_LOOK_OR_BACK = re.compile(r"\(\?(?:=|!|<=|<!|P=|\()|\\[1-9]")


@lru_cache(maxsize=512)
def compile_safe(pattern: str) -> re.Pattern[str]:
    """Compile ``pattern`` for use with ``fullmatch`` on bounded input.

    Digits and word characters are the ASCII ones: an account number in another
    script is another account number for a bank.

    :raise StrategyError: not a regular expression, too long, or of a kind whose
        running time explodes
    """
    if len(pattern) > MAX_PATTERN:
        raise StrategyError(
            "The pattern is longer than %(limit)s characters.", limit=MAX_PATTERN
        )
    if _LOOK_OR_BACK.search(pattern):
        raise StrategyError(
            "The pattern looks ahead, behind or back: write it without."
        )
    if _has_nested_repeat(pattern):
        raise StrategyError(
            "The pattern repeats a group that itself repeats or has alternatives: "
            "it could run for ever."
        )
    try:
        return re.compile(pattern, re.ASCII)
    except re.error as error:
        raise StrategyError(
            "The pattern is not a regular expression: %(reason)s.", reason=error.msg
        ) from error


def _has_nested_repeat(pattern: str) -> bool:
    """Tell whether a repeated group holds a repeat or an alternative."""
    text = _CLASS_OR_ESCAPE.sub("x", pattern).replace("(?P<", "(<")
    text = text.replace("(?:", "(")
    stack = [False]
    position = 0
    while position < len(text):
        char = text[position]
        if char == "(":
            stack.append(False)
        elif char == ")" and len(stack) > 1:
            inner = stack.pop()
            if inner and _AGAIN.match(text, position + 1):
                return True
            stack[-1] = stack[-1] or inner
        elif char == "|" or _REPEAT.match(text, position):
            stack[-1] = True
        position += 1
    return False

"""From the bytes of a body to a JSON object, and back.

``orjson`` reads what RFC 8259 allows. It refuses a text with an unpaired
surrogate escape (``"\\ud800"``), which would refuse a whole message for one bad
item. Such a body is read again with the standard library, and each unusable
text becomes ``UNFIT``: a value of the wrong type, so that the rules for items
refuse that item alone.
"""

import json
import math
import re
from typing import NamedTuple

import orjson

from .errors import MalformedBody

#: Stands for a text that cannot be stored or sent.
UNFIT = 0

_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
_DEEPEST = 100


class Body(NamedTuple):
    """A body that was read.

    :param content: the JSON object
    :param irregular: whether texts in it were replaced by ``UNFIT``
    """

    content: dict
    irregular: bool = False


def read_body(raw: bytes) -> Body:
    """Read a JSON object.

    :raise MalformedBody: empty, not UTF-8, not JSON (``NaN`` and ``Infinity``
        are not JSON), nested beyond all measure, or not an object
    """
    if not raw:
        raise MalformedBody("The body is empty: send a JSON object.")
    irregular = False
    try:
        content = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        if not _SURROGATE_ESCAPE.search(raw):
            raise _malformed() from error
        content, irregular = _read_leniently(raw), True
    if not isinstance(content, dict):
        raise MalformedBody("The body must be a JSON object.")
    return Body(content, irregular)


def _malformed() -> MalformedBody:
    return MalformedBody("The body is not JSON in UTF-8.")


def _read_leniently(raw: bytes) -> object:
    try:
        content = json.loads(raw.decode("utf-8"))
        return _replace_unfit(content, _DEEPEST)
    except (ArithmeticError, ValueError, RecursionError) as error:
        raise _malformed() from error


def _replace_unfit(value: object, levels: int) -> object:
    """Return ``value`` with every text that is not Unicode replaced."""
    if not levels:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        return value if is_encodable(value) else UNFIT
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        # As orjson reads a number of this size; OverflowError beyond a float.
        return float(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("NaN, Infinity or a number beyond all measure")
    if isinstance(value, list):
        return [_replace_unfit(element, levels - 1) for element in value]
    if isinstance(value, dict):
        return {
            key: _replace_unfit(element, levels - 1)
            for key, element in value.items()
            if is_encodable(key)
        }
    return value


def is_encodable(text: str) -> bool:
    """Whether a text is Unicode, that is, free of unpaired surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def write_body(content: object) -> bytes:
    """Write an answer; ``orjson.Fragment`` in it is taken over as it stands."""
    return orjson.dumps(content)

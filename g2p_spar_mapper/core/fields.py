"""Rules for the small fields of an item: reference, name, phone, information.

Each function returns the value as it is stored or raises ``ValueError``; the
caller knows which cause that is. Nothing here depends on what is stored.
"""

import re
from collections.abc import Sequence
from datetime import datetime

import orjson

REFERENCE_LIMIT = 99
NAME_LIMIT = 200
INFO_LIMIT = 4000
STRATEGY_KEY = "strategy_id"

# Controls, line ends, overrides of writing direction, lone surrogates. The joiners
# of Persian, Hindi and Sinhala names are invisible too, and belong to them.
_UNNAMEABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_PHONE = re.compile(r"(?:tel:)?(\+?[0-9](?:[ ().-]{0,2}[0-9]){3,14})(?:;[!-~]{0,50})?")
_PHONE_NOISE = str.maketrans("", "", " ().-")


def clean_name(text: str | None) -> str | None:
    """Name as stored: trimmed; none when empty.

    :raise ValueError: not a text, too long, or with control characters
    """
    if text is None:
        return None
    if not isinstance(text, str) or len(text) > NAME_LIMIT:
        raise ValueError("name")
    if _UNNAMEABLE.search(text):
        raise ValueError("name")
    return text.strip() or None


def clean_phone(text: str | None) -> str | None:
    """Phone number as stored: digits, with a plus where one was given.

    The written form is RFC 3966 (``tel:+63-917…;ext=1``) or E.164; only the
    form is checked, not whether the number exists: a person's only number may
    be one that no list knows.

    :raise ValueError: not such a number
    """
    if text is None or text == "":
        return None
    if not isinstance(text, str):
        raise ValueError("phone")
    if (
        text[:1] == "+"
        and text.isascii()
        and text[1:].isdigit()
        and 5 <= len(text) <= 16
    ):
        return text
    match = _PHONE.fullmatch(text)
    if not match:
        raise ValueError("phone")
    return match[1].translate(_PHONE_NOISE)


def strategy_hint(info: Sequence | None) -> int | None:
    """Number of the strategy which a caller names in additional_info.

    Two forms are in use: ``{"strategy_id": n}`` (SPAR 1.1) and
    ``{"name": "strategy_id", "value": n}`` (specification, SPAR 1.0).
    """
    for element in info or ():
        if not isinstance(element, dict):
            continue
        value = element.get(STRATEGY_KEY)
        if value is None and element.get("name") == STRATEGY_KEY:
            value = element.get("value")
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and value.isascii() and value.isdigit():
            return int(value[:9])
    return None


def clean_info(info: Sequence | None) -> list[dict]:
    """What a caller says more, without the strategy, which is our own to say.

    :raise ValueError: not a list of objects, or more than 4,000 characters
    :raise TypeError: something in it is not JSON
    """
    if info is None:
        return []
    if not isinstance(info, list | tuple):
        raise ValueError("additional_info")
    kept = []
    for element in info:
        if not isinstance(element, dict):
            raise ValueError("additional_info")
        if STRATEGY_KEY not in element and element.get("name") != STRATEGY_KEY:
            kept.append(element)
    if kept:
        _check_size(kept)
    return kept


def _check_size(info: list[dict]) -> None:
    text = dump_info(info)
    if len(text) > INFO_LIMIT or "\\u0000" in text:
        raise ValueError("additional_info")


def merge_info(old: str | None, new: list[dict]) -> str | None:
    """Information after an update: elements of the same name are replaced.

    :param old: JSON text as stored, or none
    :param new: what :func:`clean_info` returned
    :return: JSON text to store, or none
    """
    if not new:
        return old
    names = {element["name"] for element in new if _is_named(element)}
    kept = [
        element
        for element in (orjson.loads(old) if old else ())
        if not (_is_named(element) and element["name"] in names)
    ]
    return dump_info(kept + [element for element in new if element not in kept])


def _is_named(element: dict) -> bool:
    return isinstance(element.get("name"), str)


def dump_info(info: list[dict]) -> str | None:
    """JSON text of additional information, none when there is none.

    :raise TypeError: not JSON, a number beyond 64 bits, or lone surrogates
    """
    return dump_json(info) if info else None


def read_info(text: str | None) -> list[dict]:
    """Additional information as :func:`dump_info` wrote it."""
    return orjson.loads(text) if text else []


def dump_json(value: object) -> str:
    """JSON text, as the registry stores it.

    orjson, because a batch of links writes thousands of small documents.

    :raise TypeError: not JSON, a number beyond 64 bits, or lone surrogates
    """
    return orjson.dumps(value, default=_write_date).decode()


def _write_date(value: object) -> str:
    """What orjson does not know by its exact type: dates of a derived class."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)

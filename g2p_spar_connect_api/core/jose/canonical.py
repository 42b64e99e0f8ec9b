"""The forms in which public clients sign one and the same message.

A signer has an object in mind and a verifier sees bytes. These forms are in use:

``raw``
    the body, byte for byte;
``compact``
    the object without white space, keys in the order received: in UTF-8, as
    JavaScript writes it, or with everything but ASCII escaped, as Python's
    ``json`` does and with it the JWT libraries that sign in G2P Bridge 1.1 and
    the SPAR 1.1 connector;
``sorted``
    the object without white space, keys sorted, in UTF-8: the mapper library
    2.0 and the OpenG2P services 2.x.

All of them stand for the same object, so it does not matter for safety which one
was meant: what is worked off is the object that was signed.
"""

import json
from collections.abc import Iterator

import orjson


def forms(raw: bytes) -> Iterator[bytes]:
    """Yield the forms of a body, the cheapest first, each only once.

    :param raw: the body; where it is not JSON only ``raw`` is yielded
    """
    yielded = set()
    for write in (lambda raw: raw, write_compact, write_ascii, write_sorted):
        form = write(raw)
        if form is not None and form not in yielded:
            yielded.add(form)
            yield form


def write_compact(raw: bytes) -> bytes | None:
    """Return the compact form in UTF-8, none where the body is not JSON in UTF-8."""
    return _rewrite(raw, 0)


def write_sorted(raw: bytes) -> bytes | None:
    """Return the sorted form, none where the body is not JSON in UTF-8."""
    return _rewrite(raw, orjson.OPT_SORT_KEYS)


def write_ascii(raw: bytes) -> bytes | None:
    """Return the compact form in ASCII, none where the body is not JSON."""
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return json.dumps(content, separators=(",", ":")).encode("ascii")


def _rewrite(raw: bytes, option: int) -> bytes | None:
    try:
        return orjson.dumps(orjson.loads(raw), option=option)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None

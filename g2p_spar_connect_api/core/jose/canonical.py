"""The forms in which public clients sign one and the same message.

A signer has an object in mind and a verifier sees bytes. Three forms are in use:

``raw``
    the body, byte for byte;
``compact``
    the object without white space, keys in the order received, everything but
    ASCII escaped: what Python's ``json`` writes, and so what the JWT libraries
    sign from which G2P Bridge 1.1 and the SPAR 1.1 connector are made;
``sorted``
    the object without white space, keys sorted, in UTF-8: the mapper library
    2.0 and the OpenG2P services 2.x.

All three stand for the same object, so it does not matter for safety which one
was meant: what is worked off is the object that was signed.
"""

import json
from collections.abc import Iterator

import orjson


def forms(raw: bytes) -> Iterator[bytes]:
    """Yield the forms of a body, the cheapest first, each only once.

    :param raw: the body; where it is not a JSON object only ``raw`` is yielded
    """
    yield raw
    compact = write_compact(raw)
    if compact is None:
        return
    if compact != raw:
        yield compact
    ordered = write_sorted(raw)
    if ordered is not None and ordered not in (raw, compact):
        yield ordered


def write_compact(raw: bytes) -> bytes | None:
    """Return the compact form of a body, none where it is not JSON."""
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return json.dumps(content, separators=(",", ":")).encode("ascii")


def write_sorted(raw: bytes) -> bytes | None:
    """Return the sorted form of a body, none where it is not JSON in UTF-8."""
    try:
        return orjson.dumps(orjson.loads(raw), option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None

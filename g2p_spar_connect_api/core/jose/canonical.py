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
    yielded = {raw}
    yield raw
    content = _read(raw)
    for write in (_write_compact, _write_ascii, _write_sorted):
        form = None if content is None else write(content)
        if form is not None and form not in yielded:
            yielded.add(form)
            yield form


def _read(raw: bytes) -> object:
    """Read a body; a text with half a surrogate pair needs the slower reader."""
    for read in (orjson.loads, json.loads):
        try:
            return read(raw)
        except (ValueError, RecursionError):
            continue
    return None


def _write_compact(content: object) -> bytes | None:
    return _write(content, 0)


def _write_sorted(content: object) -> bytes | None:
    return _write(content, orjson.OPT_SORT_KEYS)


def _write_ascii(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode("ascii")


def _write(content: object, option: int) -> bytes | None:
    try:
        return orjson.dumps(content, option=option)
    except (orjson.JSONEncodeError, TypeError):
        return None

"""The reference ids of a message, kept so that its status can be asked for.

A reference is the sender's own name of an item; of the item itself nothing is
kept here. Next to the compressed list lie short marks of its elements: they tell
in microseconds that a message does not have a reference.
"""

import zlib
from array import array
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from odoo.addons.g2p_spar_mapper.core.fields import REFERENCE_LIMIT

_FAST = 1
#: Four bytes, the same on every machine that reads what it wrote.
_MARK = "I"


class References(NamedTuple):
    """Reference ids as stored.

    :param packed: the list, compressed
    :param marks: four bytes for each reference, in the same order
    """

    packed: bytes
    marks: bytes


def pack_references(references: Iterable[object]) -> References:
    """Write references in the order of the items.

    One that could not be repeated in an answer is kept as an empty text, so that
    the others stay in their places.
    """
    texts = [_fit(reference).encode() for reference in references]
    packed = zlib.compress(b"\n".join(texts), _FAST)
    return References(packed, array(_MARK, map(zlib.crc32, texts)).tobytes())


def _fit(reference: object) -> str:
    """Return the reference, or an empty text for what is none.

    What is printable has no line end, which separates the references.
    """
    if (
        type(reference) is str
        and len(reference) <= REFERENCE_LIMIT
        and reference.isprintable()
    ):
        return reference
    return ""


def unpack_references(packed: bytes) -> list[str]:
    """Read what :func:`pack_references` wrote for at least one item."""
    return zlib.decompress(packed).decode().split("\n")


def mark_references(references: Iterable[str]) -> frozenset[int]:
    """Return the marks to look for."""
    return frozenset(zlib.crc32(reference.encode()) for reference in references)


def has_mark(marks: bytes, wanted: frozenset[int]) -> bool:
    """Whether one of the wanted references may be among those of ``marks``."""
    return not wanted.isdisjoint(memoryview(marks).cast(_MARK))


def find_places(references: Sequence[str], wanted: Collection[str]) -> list[int]:
    """Return where the wanted references stand; an empty text is none."""
    return [
        place
        for place, reference in enumerate(references)
        if reference and reference in wanted
    ]

"""Rows of one file about the same person.

Two rows that say the same are done once. Of two that contradict each other none is
done: which of them is right only a person can tell, and a later payment would go to
whichever came last.

In memory are twenty bytes for each row: hashes keyed anew for each file, sorted
into boxes, of which one at a time is looked at.
"""

import os
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple

from .repeats import NUMBER

REPEATED, CONTRADICTED = "repeated", "contradicted"
_BOXES = 64
_KEYS = "Q"


class Clashes(NamedTuple):
    """Rows that are not done, in order.

    :param rows: their numbers, from 1
    :param others: for each, the number of the first row about the person that is
        another one; negative where the two contradict each other
    """

    rows: array
    others: array

    def find(self, first: int, count: int) -> dict[int, tuple[str, int]]:
        """Return which of some rows are among them.

        :param first: number of the first row
        :param count: of the rows
        :return: place, the first row has 0 -> (kind, number of the other row)
        """
        begin = bisect_left(self.rows, first)
        end = bisect_left(self.rows, first + count)
        found = {}
        for place in range(begin, end):
            other = self.others[place]
            kind = CONTRADICTED if other < 0 else REPEATED
            found[self.rows[place] - first] = (kind, abs(other))
        return found

    def pack(self) -> bytes:
        """Write them as bytes; see :func:`unpack_clashes`."""
        return self.rows.tobytes() + self.others.tobytes()


def unpack_clashes(packed: bytes) -> Clashes:
    """Read what :meth:`Clashes.pack` wrote."""
    rows, others = array(NUMBER), array("i")
    half = len(packed) // 2
    rows.frombytes(packed[:half])
    others.frombytes(packed[half:])
    return Clashes(rows, others)


class ClashFinder:
    """Looks at the rows of a file in order."""

    def __init__(self):
        # Copied for each text, so that the key is taken in once.
        self._hasher = blake2b(digest_size=8, key=os.urandom(32))
        self._boxes = [
            (array(_KEYS), array(_KEYS), array(NUMBER)) for _ in range(_BOXES)
        ]

    def add(self, number: int, person: str, content: object) -> None:
        """Note a row.

        :param person: key of the ID
        :param content: what the row says, of any type that ``repr`` tells apart
        """
        key = self._hash(person)
        keys, contents, numbers = self._boxes[key % _BOXES]
        keys.append(key)
        contents.append(self._hash(repr(content)))
        numbers.append(number)

    def _hash(self, text: str) -> int:
        hasher = self._hasher.copy()
        hasher.update(text.encode("utf-8", "surrogatepass"))
        return int.from_bytes(hasher.digest(), "big")

    def close(self) -> Clashes:
        """Return the rows that are not done."""
        found: list[tuple[int, int]] = []
        while self._boxes:
            found += _look_through(*self._boxes.pop())
        found.sort()
        rows = array(NUMBER, [row for row, _other in found])
        return Clashes(rows, array("i", [other for _row, other in found]))


def _look_through(keys, contents, numbers) -> Iterable[tuple[int, int]]:
    """Return row and other row of one box, see :class:`Clashes`."""
    first: dict[int, int] = {}
    groups: dict[int, list[int]] = {}
    for place, key in enumerate(keys):
        if key in first:
            groups.setdefault(key, [first[key]]).append(place)
        else:
            first[key] = place
    for places in groups.values():
        # The first row of each thing that is said; two of them tell all apart.
        firsts: dict[int, int] = {}
        for place in places:
            firsts.setdefault(contents[place], place)
        said = list(firsts.values())[:2]
        for place in places:
            if len(said) == 2:
                is_first = contents[place] == contents[said[0]]
                yield numbers[place], -numbers[said[is_first]]
            elif place != places[0]:
                yield numbers[place], numbers[places[0]]

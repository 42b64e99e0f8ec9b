"""Which of the waiting messages may be worked off now.

Order per beneficiary is kept: of two messages that name the same ID, the older
one is worked off first. Others may overtake each other, so that several workers
find work at the same time.

IDs are compared by marks: keyed hashes of 8 bytes, from which no ID can be found
without the registry's key. Two IDs that happen to share a mark only make one
message wait for the other.
"""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import NamedTuple

MARK_BYTES = 8


class Waiting(NamedTuple):
    """A message that is not worked off yet.

    :param marks: as :func:`mark_ids` wrote them
    """

    message: int
    marks: bytes


def mark_ids(id_keys: Iterable[str], secret: bytes) -> bytes:
    """Write the marks of IDs one behind the other, each once.

    :param id_keys: keys by which the IDs are found in the registry
    :param secret: at most 64 bytes
    """
    marks = {
        blake2b(key.encode(), digest_size=MARK_BYTES, key=secret).digest()
        for key in id_keys
    }
    return b"".join(sorted(marks))


def find_free(waiting: Sequence[Waiting]) -> list[int]:
    """Return the messages that no older one holds back.

    :param waiting: the oldest first, none of the older ones missing; also those
        that somebody is working on
    """
    taken: set[int] = set()
    free = []
    for message, marks in waiting:
        own = memoryview(marks).cast("Q")
        if taken.isdisjoint(own):
            free.append(message)
        taken.update(own)
    return free

"""Files in pieces: what the splitters of all formats have in common.

A file may be larger than memory, so it goes through in parts of some hundred
kilobytes. A splitter is fed with them and gives back the pieces that have become
complete: one for each row, as bytes that are not read yet. It knows where each
piece ends, so that work can go on from there later.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple, Protocol

from .errors import UnfitFile

#: Bytes of one row at most. A row that never ends does not fill the memory.
PIECE_LIMIT = 2**16


class Piece(NamedTuple):
    """One row of a file, not read yet.

    :param end: offset in the file from which the next piece is read
    """

    raw: bytes
    end: int


class Splitter(Protocol):
    """What turns the bytes of a file into pieces."""

    def feed(self, data: bytes) -> list[Piece]:
        """Take the next bytes.

        :raise UnfitFile: the file breaks a limit or the grammar of its format
        """

    def close(self) -> list[Piece]:
        """End the file.

        :raise UnfitFile: it ends too early
        """


def split(splitter: Splitter, blocks: Iterable[bytes]) -> Iterator[Piece]:
    """Return the pieces of a file one by one.

    :param blocks: the bytes of the file in order, none of them empty
    :raise UnfitFile: see :class:`Splitter`
    """
    for block in blocks:
        yield from splitter.feed(block)
    yield from splitter.close()


def take(splitter: Splitter, blocks: Iterable[bytes], count: int) -> list[Piece]:
    """Return the next ``count`` pieces, fewer at the end of the file."""
    return list(islice(split(splitter, blocks), count))


def check_length(length: int, number: int) -> None:
    """Refuse a row that is too long.

    :param number: of the row, from 1
    :raise UnfitFile: it is
    """
    if length > PIECE_LIMIT:
        raise UnfitFile(
            "Row %(row)s is longer than %(limit)s bytes: check that rows are separated "
            "and quotation marks closed.",
            row=number,
            limit=PIECE_LIMIT,
        )

"""Numbers of the rows whose ``reference_id`` stands further up in the file."""

import base64
import zlib
from array import array
from bisect import bisect_left

#: Four bytes.
NUMBER = "I"


def pack_numbers(numbers: array) -> bytes | None:
    """Write the numbers as a text to be kept; none for no number."""
    return base64.b64encode(zlib.compress(numbers.tobytes())) if numbers else None


def find_places(packed: bytes | None, first: int, count: int) -> list[int]:
    """Return which of some rows are among the numbers.

    :param packed: as :func:`pack_numbers` wrote them, in order
    :param first: number of the first row
    :param count: of the rows
    :return: places, the first row has 0
    """
    if not packed:
        return []
    numbers = array(NUMBER, zlib.decompress(base64.b64decode(packed)))
    begin, end = bisect_left(numbers, first), bisect_left(numbers, first + count)
    return [number - first for number in numbers[begin:end]]

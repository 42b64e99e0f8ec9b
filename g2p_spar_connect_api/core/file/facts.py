"""What a sender may send as a file."""

from typing import NamedTuple


class FileFacts(NamedTuple):
    """Limits of one file.

    :param byte_limit: bytes of the file
    :param row_limit: rows of the file
    """

    byte_limit: int = 0
    row_limit: int = 0

"""Why a payment failed, as payers and banks report it.

Sources: the return reasons which payers of the public client software and the
Indian payment bridge report; each stops payments until somebody has looked.
"""

from enum import StrEnum


class Failure(StrEnum):
    """Reason of a failed payment, as stored and as programs send it."""

    CLOSED = "closed"
    DECEASED = "deceased"
    INVALID = "invalid"
    NAME_MISMATCH = "name_mismatch"
    LITIGATION = "litigation"
    MINOR_TURNED_MAJOR = "minor_turned_major"


def read_failure(text: object) -> Failure:
    """Read a reason.

    :raise ValueError: it is none of those above
    """
    if not isinstance(text, str):
        raise ValueError("failure")
    return Failure(text)

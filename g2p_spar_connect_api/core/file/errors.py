"""Why a file is not taken in, or its result not given out.

A sentence may name a place in the file (line, row, column), never its content.
"""

from http import HTTPStatus

from ..errors import Refusal


class FileRefused(Refusal):
    """The file is not what it was announced as, or breaks a limit of its kind.

    What ``UnfitFile`` of the intake's core means to a partner.
    """


class NotReady(Refusal):
    """The file is still being worked off.

    :param int seconds: when to ask again
    """

    status = HTTPStatus.CONFLICT
    code = "err.request.bad"

    def __init__(self, sentence: str, seconds: int = 10):
        super().__init__(sentence, {"Retry-After": str(seconds)})


class Gone(Refusal):
    """The result was there and has been deleted."""

    status = HTTPStatus.GONE
    code = "err.request.not_found"

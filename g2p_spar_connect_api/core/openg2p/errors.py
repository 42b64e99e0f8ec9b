"""Refusals in the words of OpenG2P 2.x.

Its clients look at ``response_status`` and take every HTTP status but 200 for a
fault of the network, so a refusal is an answer like any other.
"""

from http import HTTPStatus

from ..audit import AuditLine
from ..errors import Refusal
from ..reply import Receipt
from .reader import VALIDATION
from .writer import write_header

INTERNAL = "rjct.internal.error"


class OpenG2PError(Refusal):
    """A refused request of this dialect.

    :param refusal: what is wrong
    :param line: what is known of the request; names in it are repeated
    """

    status = HTTPStatus.OK

    def __init__(self, refusal: Refusal, line: AuditLine):
        super().__init__(refusal.sentence, refusal.headers)
        is_fault = refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        self.code = INTERNAL if is_fault else VALIDATION
        self.reason = refusal.reason
        self._line = line

    def body(self) -> dict:
        """Return an answer with an error and no results."""
        line = self._line
        return {
            "response_header": write_header(
                line.message_id or "", Receipt(line.at, ""), self.code, self.sentence
            ),
            "response_body": {
                "pagination_response": None,
                "response_payload": {
                    "transaction_id": line.transaction_id,
                    "correlation_id": None,
                    f"{line.op}_response": [],
                },
            },
        }

"""Refusals in the words of OpenG2P 2.x.

Its clients look at ``response_status`` and take every HTTP status but 200 for a
fault of the network, so a refusal is an answer like any other.
"""

from http import HTTPStatus

from ..errors import Refusal
from ..reply import Receipt
from .reader import VALIDATION
from .writer import write_header

INTERNAL = "rjct.internal.error"


class OpenG2PError(Refusal):
    """A refused request of this dialect.

    :param refusal: what is wrong
    :param operation: link, update, unlink or resolve
    :param request_id: as it was sent, as far as it is known
    :param transaction_id: likewise
    :param receipt: time of the answer
    """

    status = HTTPStatus.OK

    def __init__(
        self,
        refusal: Refusal,
        operation: str,
        request_id: str | None,
        transaction_id: str | None,
        receipt: Receipt,
    ):
        super().__init__(refusal.sentence, refusal.headers)
        is_fault = refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        self.code = INTERNAL if is_fault else VALIDATION
        self._operation, self._receipt = operation, receipt
        self._request_id, self._transaction_id = request_id, transaction_id

    def body(self) -> dict:
        """Return an answer with an error and no results."""
        return {
            "response_header": write_header(
                self._request_id or "", self._receipt, self.code, self.sentence
            ),
            "response_body": {
                "pagination_response": None,
                "response_payload": {
                    "transaction_id": self._transaction_id,
                    "correlation_id": None,
                    f"{self._operation}_response": [],
                },
            },
        }

"""A refused signature in the words of SPAR 1.1.

Its addresses answer with HTTP 200 and ``rjct.jwt.invalid`` in the header, and its
clients read nothing else. They cannot read a message without items either, so
those that were sent are listed as refused.
"""

import uuid
from datetime import datetime
from http import HTTPStatus

from odoo.addons.g2p_spar_mapper.core.reason import Operation

from .envelope import ECHO_LIMIT, Rejection
from .errors import Refusal, SignatureRefused
from .json_body import read_body
from .protocol import find_protocol
from .reply import Receipt

PATH = "/spar/v1/sync/"
CODE = "rjct.jwt.invalid"


class RejectedSignature(Refusal):
    """A message whose signature was refused, answered as a message.

    :param content: the answer
    """

    status = HTTPStatus.OK
    code = CODE

    def __init__(self, sentence: str, content: dict):
        super().__init__(sentence)
        self._content = content

    def body(self) -> dict:
        """Return the answer: header and items, all refused."""
        return self._content

    @classmethod
    def of(
        cls, refusal: SignatureRefused, path: str, raw: bytes, now: datetime
    ) -> Refusal:
        """Say a refusal in the words of SPAR 1.1, where they are spoken.

        :param path: of the request
        :param raw: body of the request
        :param now: aware
        :return: the same refusal where others are spoken, or the body is no message
        """
        word = path.removeprefix(PATH)
        if word == path or word not in tuple(Operation):
            return refusal
        try:
            content = read_body(raw).content
            protocol = find_protocol(content)
            message = protocol.read(Operation(word), content, now, ECHO_LIMIT)
        except Refusal:
            return refusal
        rejection = Rejection(CODE, refusal.sentence)
        receipt = Receipt(now, str(uuid.uuid4()))
        reply = protocol.reject(message._replace(rejection=rejection), receipt)
        return cls(refusal.sentence, reply.body)

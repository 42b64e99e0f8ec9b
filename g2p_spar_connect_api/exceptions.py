"""Refusals as exceptions of the HTTP layer."""

import logging

from werkzeug.exceptions import HTTPException

from .core.errors import Refusal


class HttpRefusal(HTTPException):
    """A refusal on its way through Odoo's authentication.

    Odoo hides every other exception of an authentication method behind an
    ``AccessDenied``, and with it status, code and sentence.

    :param refusal: what is answered
    """

    loglevel = logging.DEBUG

    def __init__(self, refusal: Refusal):
        super().__init__(refusal.sentence)
        self.code = int(refusal.status)
        self.refusal = refusal

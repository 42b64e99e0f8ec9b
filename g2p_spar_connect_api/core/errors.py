"""Ways to refuse a request before its items are looked at.

A refusal is an HTTP status, a code for a program and a sentence for a person.
Codes are those of the G2P Connect error object (``err.request.bad`` …) and, at
the token endpoint, those of RFC 6749. A sentence never repeats what was sent.
"""

import logging
from http import HTTPStatus


class Refusal(Exception):
    """Base of all refusals.

    :param str sentence: what is wrong and what to do, in English
    :param headers: further HTTP headers of the answer
    """

    status = HTTPStatus.BAD_REQUEST
    code = "err.request.bad"
    #: The audit log has a line for it; Odoo's own log needs none.
    loglevel = logging.DEBUG
    #: Why, where the caller is not told; for the audit log.
    reason: str | None = None

    def __init__(self, sentence: str, headers: dict[str, str] | None = None):
        super().__init__(sentence)
        self.sentence = sentence
        self.headers = headers or {}

    def body(self) -> dict:
        """Return the answer's body (schema ``HttpErrorResponse``)."""
        return {"errors": [{"code": self.code, "message": self.sentence}]}


class MalformedBody(Refusal):
    """The body is not a JSON object in UTF-8."""


class InvalidEnvelope(Refusal):
    """Header or message do not follow the published schema."""


class EncryptionRefused(Refusal):
    """A message cannot be decrypted, or is not encrypted as it should be.

    :param str reason: see :class:`.jose.jwe.NotDecrypted` and ``core.cipher``
    """

    code = "err.encryption.invalid"

    def __init__(self, sentence: str, reason: str):
        super().__init__(sentence)
        self.reason = reason


class Unauthorized(Refusal):
    """No token, or one that is not ours, expired, or of a sender shut out."""

    status = HTTPStatus.UNAUTHORIZED
    code = "err.request.unauthorized"


class SignatureRefused(Unauthorized):
    """A signature is missing or not right; the caller is not told which of it.

    :param str reason: for the audit log, see ``core.jose.errors``
    """

    code = "err.signature.invalid"
    _sentence = (
        "The message is not signed as it must be: check the key, the algorithm, the "
        "times, and that the body was sent as it was signed."
    )

    def __init__(self, reason: str):
        super().__init__(self._sentence, {"WWW-Authenticate": 'Signature realm="spar"'})
        self.reason = reason


class SignatureMissing(SignatureRefused):
    """The sender must sign and did not."""

    code = "err.signature.missing"
    _sentence = (
        "The message must be signed: send a JWS over the body in the HTTP header "
        "Signature, or sign in the field signature."
    )


class Forbidden(Refusal):
    """The sender is known but may not do this."""

    status = HTTPStatus.FORBIDDEN
    code = "err.request.forbidden"


class UnknownPath(Refusal):
    """Nothing is served at this address."""

    status = HTTPStatus.NOT_FOUND
    code = "err.request.not_found"


class WrongMethod(Refusal):
    """The address is served, but not with this HTTP method."""

    status = HTTPStatus.METHOD_NOT_ALLOWED


class TooLarge(Refusal):
    """The body is larger than the sender may send."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class WrongMediaType(Refusal):
    """The body is not announced as JSON."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class TooManyRequests(Refusal):
    """The sender's requests of this minute are used up.

    :param int seconds: when to try again
    """

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "err.request.too_many_requests"

    def __init__(self, sentence: str, seconds: int):
        super().__init__(sentence, {"Retry-After": str(seconds)})


class Unavailable(Refusal):
    """The registry cannot answer now; the same request may succeed later."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "err.service.unavailable"

    def __init__(self, sentence: str, seconds: int = 2):
        super().__init__(sentence, {"Retry-After": str(seconds)})


class Failure(Refusal):
    """A fault of the registry itself; the log has its trace."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    code = "err.service.unavailable"


class OAuth2Error(Refusal):
    """A refused token request (RFC 6749, section 5.2).

    :param str code: one of the error codes of the RFC
    """

    def __init__(
        self,
        code: str,
        sentence: str,
        status: HTTPStatus = HTTPStatus.BAD_REQUEST,
        headers: dict[str, str] | None = None,
    ):
        no_store = {"Cache-Control": "no-store", "Pragma": "no-cache"}
        super().__init__(sentence, no_store | (headers or {}))
        self.code = code
        self.status = status

    @classmethod
    def of(cls, refusal: Refusal) -> "OAuth2Error":
        """Say a refusal of another kind in the words of the RFC."""
        if isinstance(refusal, cls):
            return refusal
        code = {
            HTTPStatus.INTERNAL_SERVER_ERROR: "server_error",
            HTTPStatus.SERVICE_UNAVAILABLE: "temporarily_unavailable",
        }.get(refusal.status, "invalid_request")
        return cls(code, refusal.sentence, refusal.status, refusal.headers)

    def body(self) -> dict:
        """Return the error response of RFC 6749."""
        return {"error": self.code, "error_description": self.sentence}

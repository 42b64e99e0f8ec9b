"""How requests of the protocol are taken in and how errors are answered.

This is the only place where an exception becomes an answer.
"""

import logging
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from http import HTTPStatus

import psycopg2
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)

from odoo.exceptions import AccessDenied, AccessError, ConcurrencyError
from odoo.http import Dispatcher, Response

from odoo.addons.g2p_spar_intake.core.errors import UnfitFile
from odoo.addons.g2p_spar_mapper.core.reason import Operation

from .connection import is_lost
from .core.access_token import invalid_token
from .core.audit import AuditLine
from .core.credentials import UNPROVEN_LIMIT, Credentials
from .core.errors import (
    Failure,
    Forbidden,
    MalformedBody,
    OAuth2Error,
    Refusal,
    SignatureRefused,
    TooLarge,
    Unavailable,
    UnknownPath,
    WrongMediaType,
    WrongMethod,
)
from .core.file.errors import FileRefused
from .core.json_body import write_body
from .core.openg2p.errors import OpenG2PError
from .core.protocol import OPENG2P
from .core.rejected_signature import RejectedSignature
from .exceptions import HttpRefusal
from .usage import write_audit

_logger = logging.getLogger(__name__)

JSON_TYPE = "application/json"
FORM_TYPE = "multipart/form-data"
PREFIX = "/spar/v1/"
#: Bytes of a streamed body that are in memory at once.
_BLOCK = 2**16

_OPERATIONS = (*Operation, "status", "result", "token")

#: HTTP methods of a route, by its ``g2p_verb``; any for others.
_SERVED = {"POST": ("POST",), "GET": ("GET", "HEAD")}

#: Errors that Odoo itself must see: it runs the request again, or on another
#: cursor.
_FOR_ODOO = (
    psycopg2.OperationalError,
    psycopg2.errors.ReadOnlySqlTransaction,
    ConcurrencyError,
)


@contextmanager
def boundary():
    """Turn whatever nobody foresaw into a failure, in requests and in jobs.

    This is the one place that catches everything: no caller ever sees a
    trace. The log gets the trace without the error's own words, which may
    contain what was sent.

    :raise Failure: something else went wrong than Odoo or a caller is to know
    """
    try:
        yield
    except (Refusal, HTTPException, AccessError, *_FOR_ODOO):
        raise
    except UnfitFile as error:
        raise FileRefused(str(error)) from error
    except Exception as error:  # the one boundary
        if is_lost(error):
            raise
        _log_failure(error)
        raise _failure() from None


class G2PConnectDispatcher(Dispatcher):
    """Takes requests in for routes of the type ``g2p_connect``.

    Routes may name with ``g2p_verb`` the HTTP method they serve (POST) and with
    ``g2p_media`` the media types of the body (JSON); ``g2p_oauth2`` says that
    errors are answered as RFC 6749 wants. One dispatcher serves one request, also
    when Odoo runs it several times.
    """

    routing_type = "g2p_connect"
    mimetypes = (JSON_TYPE,)

    def __init__(self, request):
        super().__init__(request)
        self.caller = None
        #: A file that was streamed already; see ``controllers.files``.
        self.upload = None
        self._is_oauth2 = False
        self._is_page = False
        self._started = time.perf_counter()
        self.audit = AuditLine(
            at=datetime.now(timezone.utc),
            op=_name_operation(request.httprequest.path),
            ip=request.httprequest.remote_addr,
        )

    @classmethod
    def is_compatible_with(cls, request):
        """Take everything below our own address; what is unfit is refused later.

        Odoo would answer with a page in HTML.
        """
        return request.httprequest.path.startswith(PREFIX)

    def pre_dispatch(self, rule, args):
        """Refuse the wrong method and the wrong kind of body.

        A request without a database gets here when ours is away and this addon is
        server-wide. Odoo alone would answer that there is no such page, which a
        payer might take for the last word.
        """
        if self.request.db is None:
            raise _unavailable()
        result = super().pre_dispatch(rule, args)
        routing, httprequest = rule.endpoint.routing, self.request.httprequest
        self._is_oauth2 = routing.get("g2p_oauth2", False)
        verb = routing.get("g2p_verb", "POST")
        self._is_page = verb == "GET" and routing.get("auth") == "none"
        if httprequest.method not in _SERVED.get(verb, (httprequest.method,)):
            raise WrongMethod(f"Only {verb} is served here.", {"Allow": verb})
        if verb == "POST":
            self._check_media(routing.get("g2p_media", JSON_TYPE))
        return result

    def _check_media(self, media: str | tuple[str, ...] | None) -> None:
        """Refuse another media type than that or those of the route."""
        served = (media,) if isinstance(media, str) else media
        if served and self.request.httprequest.mimetype not in served:
            names = " or ".join(served)
            raise WrongMediaType(f"Send the body as Content-Type: {names}.")

    def dispatch(self, endpoint, args):
        """Call the route.

        Odoo comes here without a database when it cannot be reached and this
        addon is loaded server-wide.
        """
        if not self.request.db:
            raise _unavailable()
        self.request.params = args
        with boundary():
            response = self.request.registry["ir.http"]._dispatch(endpoint)
        self._write_audit(response.status_code)
        return response

    def handle_error(self, exc):
        """Turn an exception into an answer."""
        refusal = to_refusal(exc)
        self.audit.reason = refusal.reason
        if isinstance(refusal, SignatureRefused):
            refusal = self._speak_spar_1_1(refusal)
        elif self.audit.protocol == OPENG2P.name:
            refusal = OpenG2PError(refusal, self.audit)
        if self._is_oauth2:
            refusal = OAuth2Error.of(refusal)
        if isinstance(exc, psycopg2.Error | ConcurrencyError):
            # One line is enough: Odoo has logged what happened.
            exc.loglevel = logging.WARNING
        self.audit.code = refusal.code
        self._write_audit(int(refusal.status))
        return respond(refusal.body(), int(refusal.status), refusal.headers)

    def read_body(self, limit: int) -> bytes:
        """Read the body, which may be read again when Odoo runs the request again.

        :param limit: bytes
        :raise TooLarge: it is announced as larger, or turns out to be
        :raise MalformedBody: the connection ended before the body did
        """
        httprequest = self.request.httprequest
        announced = httprequest.content_length
        if announced is not None and announced > limit:
            raise _too_large(limit)
        # A body that was not announced is read up to here, without an error.
        httprequest.max_content_length = limit + 1
        try:
            raw = httprequest.get_data()
        except (BadRequest, OSError) as error:
            raise _cut_off() from error
        if len(raw) > limit:
            raise _too_large(limit)
        if announced is not None and len(raw) < announced:
            raise _cut_off()
        return raw

    def open_stream(self, limit: int) -> Iterator[bytes]:
        """Return the body in blocks; it can be read once only.

        :param limit: bytes
        :raise TooLarge: it is announced as larger, or turns out to be
        :raise MalformedBody: the connection ended before the body did
        """
        httprequest = self.request.httprequest
        if (httprequest.content_length or 0) > limit:
            raise _too_large(limit)
        httprequest.max_content_length = limit
        # Odoo shows the whole body only; its parts are behind its request.
        stream = httprequest._HTTPRequest__wrapped.stream
        try:
            while block := stream.read(_BLOCK):
                yield block
        except (BadRequest, OSError) as error:
            raise _cut_off() from error

    @property
    def credentials(self) -> Credentials:
        """What the request shows to prove who sends it.

        A form with files is streamed later, by who knows how much may come.
        """
        httprequest = self.request.httprequest
        has_body = httprequest.method == "POST" and httprequest.mimetype != FORM_TYPE
        return Credentials(
            httprequest.headers.get("Authorization"),
            httprequest.headers.get("Signature"),
            self.read_body if has_body else None,
            self.caller is None,
            httprequest.remote_addr or "",
        )

    def _speak_spar_1_1(self, refusal: SignatureRefused) -> Refusal:
        """Say a refusal in the words of SPAR 1.1 at its addresses."""
        path, now = self.request.httprequest.path, datetime.now(timezone.utc)
        if self.credentials.read is None:
            return refusal
        try:
            raw = self.read_body(UNPROVEN_LIMIT)
        except Refusal:
            return refusal
        return RejectedSignature.of(refusal, path, raw, now)

    def _write_audit(self, status: int) -> None:
        """Write the audit line; pages that anybody may read have none."""
        if self._is_page:
            return
        self.audit.status = status
        self.audit.ms = (time.perf_counter() - self._started) * 1000
        write_audit(self.request.db, self.audit)


def respond(content, status=200, headers=None) -> Response:
    """Return a JSON response.

    :param content: bytes of JSON, or what becomes JSON
    """
    raw = content if isinstance(content, bytes) else write_body(content)
    return Response(
        raw,
        status=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
        content_type=JSON_TYPE,
    )


def _name_operation(path: str) -> str:
    """Return the last word of an address of ours; of others nothing is logged."""
    word = path.rpartition("/")[2]
    return word if word in _OPERATIONS else "unknown"


def _too_large(limit: int) -> TooLarge:
    return TooLarge(
        f"The body is larger than {limit} bytes: send the items in several messages."
    )


def _cut_off() -> MalformedBody:
    return MalformedBody("The body ended too early; nothing was done. Send it again.")


def to_refusal(exc: Exception) -> Refusal:
    """Find what an exception means to the caller."""
    if isinstance(exc, Refusal):
        return exc
    if isinstance(exc, HttpRefusal):
        return exc.refusal
    if isinstance(exc, AccessDenied):
        return invalid_token()
    if isinstance(exc, psycopg2.Error | ConcurrencyError):
        return _unavailable()
    if isinstance(exc, AccessError):
        return Forbidden("The sender's technical user may not do this.")
    return _of_werkzeug(exc) if isinstance(exc, HTTPException) else _failure()


def _of_werkzeug(exc: HTTPException) -> Refusal:
    if isinstance(exc, RequestEntityTooLarge):
        return TooLarge("The body is too large.")
    if isinstance(exc, UnsupportedMediaType):
        return WrongMediaType(f"Send the body as Content-Type: {JSON_TYPE}.")
    if exc.code == HTTPStatus.NOT_FOUND:
        return UnknownPath("Nothing is served at this address.")
    if exc.code and exc.code < HTTPStatus.INTERNAL_SERVER_ERROR:
        return MalformedBody("The request cannot be read.")
    return _failure()


def _unavailable() -> Unavailable:
    return Unavailable(
        "The registry is busy or its database cannot be reached. Nothing was "
        "changed: send the same message again."
    )


def _failure() -> Failure:
    return Failure(
        "The registry has failed. Nothing was changed; the failure is logged."
    )


def _log_failure(error: Exception) -> None:
    """Log where an error arose, without what it says."""
    trace = "".join(traceback.format_tb(error.__traceback__))
    _logger.error("%s in a request of the protocol\n%s", type(error).__name__, trace)

from http import HTTPStatus

from werkzeug.exceptions import BadRequest, HTTPException

from odoo import api
from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, Response, request, route

from ..models.g2p_spar_intake_reading import BYTE_LIMIT

#: Bytes of a file that are in memory at once.
_BLOCK = 2**18


class G2PSparIntakeController(Controller):
    """Files of officers: streamed in, so that none has to fit into memory."""

    @route(
        "/spar/intake/upload",
        type="http",
        auth="user",
        methods=["POST"],
        csrf=False,
        save_session=False,
        # Judged below: Odoo's own refusal is no sentence for a person.
        max_content_length=None,
    )
    def upload(self, name=""):
        """Take a file in; its bytes are the body.

        The token against forged requests comes in a header, as the body has no
        fields.
        """
        if not request.validate_csrf(request.httprequest.headers.get("X-CSRF-Token")):
            return _refuse(
                HTTPStatus.BAD_REQUEST,
                request.env._("Your session is over: log in again."),
            )
        if (request.httprequest.content_length or 0) > BYTE_LIMIT:
            # Before a byte of it is read.
            return _refuse(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                request.env._(
                    "The file is larger than %s megabytes: split it. Nothing was done.",
                    BYTE_LIMIT // 2**20,
                ),
            )
        try:
            intake = request.env["g2p.spar.intake"].receive(name, _read_body())
        except AccessError as error:
            return _refuse(HTTPStatus.FORBIDDEN, str(error))
        except UserError as error:
            request.env.cr.rollback()
            return _refuse(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
        except HTTPException as error:
            return _refuse(
                error.code or HTTPStatus.BAD_REQUEST,
                request.env._("The file did not arrive whole: nothing was done."),
            )
        return request.make_json_response({"id": intake.id})

    @route("/spar/intake/<int:intake_id>/refused.csv", type="http", auth="user")
    def refused(self, intake_id):
        """Give out the refused rows of a list."""
        intake = request.env["g2p.spar.intake"].browse(intake_id).exists()
        if not intake:
            raise request.not_found()
        intake._check_manager()
        return Response(
            _stream(request.env, intake_id),
            headers={
                "Cache-Control": "no-store",
                "Content-Disposition": 'attachment; filename="not_taken_in.csv"',
                "X-Content-Type-Options": "nosniff",
            },
            content_type="text/csv; charset=utf-8",
            direct_passthrough=True,
        )


def _read_body():
    """Return the body in blocks.

    :raise HTTPException: it ends too early
    """
    # Odoo shows the whole body only; its parts are behind its request.
    stream = request.httprequest._HTTPRequest__wrapped.stream
    try:
        while block := stream.read(_BLOCK):
            yield block
    except OSError as error:
        raise BadRequest from error


def _stream(env, intake_id: int):
    """Return the refused rows in a transaction of their own.

    That of the request has ended when the answer is sent.
    """
    with env.registry.cursor(readonly=True) as cr:
        own = api.Environment(cr, env.uid, env.context)
        yield from own["g2p.spar.intake"].browse(intake_id).read_refused()


def _refuse(status: int, sentence: str) -> Response:
    return request.make_json_response({"error": sentence}, status=status)

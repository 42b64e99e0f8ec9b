from odoo.http import Controller, Response, request, route

from odoo.addons.g2p_spar_mapper.core.reason import Operation

from ..core.file.result import repr_digest
from ..http import FORM_TYPE, respond

#: Bytes of the form around the file.
_FORM_BYTES = 2**17
_READ = {
    "type": "g2p_connect",
    "auth": "g2p_connect",
    "csrf": False,
    "save_session": False,
    "readonly": True,
    "g2p_verb": "GET",
}


def is_file() -> bool:
    """Whether the request brings a file."""
    return request.httprequest.mimetype == FORM_TYPE


def take_file(operation: Operation) -> Response:
    """Take a file in that was sent to an asynchronous address.

    The caller's right to the operation was checked before.
    """
    dispatcher, httprequest = request.dispatcher, request.httprequest
    caller = dispatcher.caller
    limit = caller.facts.file.byte_limit
    intake = request.env["g2p.spar.file.intake"]
    if dispatcher.upload is None:
        # Not when Odoo runs the same request again after a conflict.
        boundary = httprequest.mimetype_params.get("boundary", "")
        blocks = dispatcher.open_stream(limit + _FORM_BYTES)
        dispatcher.upload = intake.receive(boundary, blocks, limit)
    answer = intake.accept(
        operation,
        caller,
        dispatcher.upload,
        httprequest.headers.get("Signature"),
        dispatcher.audit,
    )
    signature = request.env["g2p.spar.signer"].sign(caller.facts, answer)
    return respond(answer, headers=signature)


class G2PSparFilesController(Controller):
    """Results of files, for the partners that sent them."""

    @route("/spar/v1/files/<string:name>/result", **_READ)
    def result(self, name):
        """Give out the result of a file."""
        caller = request.dispatcher.caller
        result = request.env["g2p.spar.file"].open_result(caller, name)
        digest = repr_digest(result.digest)
        signature = request.env["g2p.spar.signer"].sign(caller.facts, digest.encode())
        return Response(
            result.blocks,
            headers={
                "Cache-Control": "no-store",
                "Content-Length": str(result.size),
                "Repr-Digest": digest,
                "X-Content-Type-Options": "nosniff",
                **signature,
            },
            content_type=result.media_type,
            direct_passthrough=True,
        )

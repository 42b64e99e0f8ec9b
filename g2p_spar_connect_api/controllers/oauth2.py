from odoo.http import Controller, request, route

from odoo.addons.g2p_spar_intake.models.transaction import begin_read_committed

from ..core.token_request import read_token_request
from ..http import respond

#: A token request is a short form.
_FORM_BYTES = 16 * 2**10
_KEY_SET_SECONDS = 300


class G2PSparOAuth2Controller(Controller):
    """Access tokens and the keys to verify them."""

    @route(
        "/spar/v1/oauth2/client/token",
        type="g2p_connect",
        auth="none",
        csrf=False,
        save_session=False,
        readonly=False,
        g2p_media=None,
        g2p_oauth2=True,
    )
    def token(self):
        """Give a client an access token (RFC 6749, section 4.4)."""
        dispatcher = request.dispatcher
        httprequest = request.httprequest
        asked = read_token_request(
            httprequest.mimetype,
            dispatcher.read_body(_FORM_BYTES),
            httprequest.headers.get("Authorization"),
        )
        begin_read_committed(request.env.cr)
        body, dispatcher.audit.sender = request.env["g2p.spar.access"].issue_token(
            asked, httprequest.remote_addr or ""
        )
        return respond(body, headers={"Pragma": "no-cache"})

    @route(
        "/spar/v1/oauth2/jwks.json",
        type="g2p_connect",
        auth="none",
        csrf=False,
        save_session=False,
        readonly=False,
        g2p_verb="GET",
    )
    def key_set(self):
        """Publish our keys (RFC 7517); whoever looks first has them made."""
        keys = request.env["g2p.spar.own.key"]
        keys.ensure_all()
        return respond(
            keys.get_key_set(),
            headers={"Cache-Control": f"public, max-age={_KEY_SET_SECONDS}"},
        )

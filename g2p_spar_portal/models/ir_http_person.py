from werkzeug.exceptions import Forbidden, abort

from odoo import api, models
from odoo.http import request

from ..core.paths import HOME, is_ours

#: Pages of others for who is logged in, which a beneficiary needs.
_OPEN = frozenset({"/my", "/my/home", "/my/counters", "/web/session/logout"})


class IrHttp(models.AbstractModel):
    """A beneficiary's session opens the portal's pages, and what everybody may see.

    Whatever else Odoo offers to users that are logged in stays shut, over forms and
    over RPC, whichever rights it would ask for.
    """

    _inherit = "ir.http"

    @classmethod
    def _authenticate_explicit(cls, auth):
        """Let nobody go on in a session that was left alone too long."""
        if request.env["g2p.spar.person"].is_idle(request.session):
            request.session.logout(keep_db=True)
            context = request.session.context
            request.env = api.Environment(request.env.cr, None, context)
        return super()._authenticate_explicit(auth)

    @classmethod
    def _pre_dispatch(cls, rule, args):
        identity = request.env["g2p.spar.person"].identity_of(request.session)
        if identity and not cls._spar_opens(rule):
            if cls._spar_is_visit(rule):
                abort(request.redirect(HOME, code=303))
            raise Forbidden()
        return super()._pre_dispatch(rule, args)

    @classmethod
    def _spar_opens(cls, rule):
        """Tell whether a route is open to a beneficiary."""
        routing = rule.endpoint.routing
        is_public = routing["type"] == "http" and routing["auth"] in ("public", "none")
        path = request.httprequest.path
        return is_public or is_ours(path) or path in _OPEN

    @classmethod
    def _spar_is_visit(cls, rule):
        """Tell whether somebody just follows a link."""
        is_page = rule.endpoint.routing["type"] == "http"
        return is_page and request.httprequest.method in ("GET", "HEAD")

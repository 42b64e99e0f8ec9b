from odoo import models
from odoo.http import request

from ..core.paths import headers, is_ours
from .access_log import hide_queries


class IrHttp(models.AbstractModel):
    """What is the same for every response of the portal, whatever became of it."""

    _inherit = "ir.http"

    def _register_hook(self):
        """Let no log of this process tell codes of logins."""
        super()._register_hook()
        hide_queries()

    @classmethod
    def _post_dispatch(cls, response):
        """Give the pages of the portal their headers, the failed ones too."""
        result = super()._post_dispatch(response)
        if is_ours(request.httprequest.path):
            targets = request.env["g2p.spar.page"]._form_targets()
            response.headers.update(headers(targets))
        return result

    @classmethod
    def _get_default_lang(cls):
        """Ask for the usual language once a request: each link of a page needs it."""
        if not hasattr(request, "spar_default_lang"):
            request.spar_default_lang = super()._get_default_lang()
        return request.spar_default_lang

    @classmethod
    def _get_error_html(cls, env, code, values):
        """Say in plain words what failed; elsewhere Odoo's own page says it."""
        path = request.httprequest.path
        if not (is_ours(path) and str(code).isdigit()):
            return super()._get_error_html(env, code, values)
        page = env["g2p.spar.page"]
        failure = page._failure_of_status(int(code))
        return code, page._render_failure(failure, path, cls._spar_person(env, code))

    @classmethod
    def _spar_person(cls, env, code):
        """Who is logged in, for the frame of a page that tells of a failure.

        Where the server itself failed, nothing more is asked of it.
        """
        known = getattr(request, "spar_person", None)
        if known or int(code) >= 500:
            return known
        return env["g2p.spar.person"].current(request.session)

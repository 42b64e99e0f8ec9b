from odoo import models
from odoo.http import request

from ..core.paths import headers, is_ours


class IrHttp(models.AbstractModel):
    """What is the same for every response of the portal, whatever became of it."""

    _inherit = "ir.http"

    @classmethod
    def _post_dispatch(cls, response):
        """Give the pages of the portal their headers, the failed ones too."""
        super()._post_dispatch(response)
        if is_ours(request.httprequest.path):
            targets = request.env["g2p.spar.page"]._form_targets()
            response.headers.update(headers(targets))

    @classmethod
    def _get_error_html(cls, env, code, values):
        """Say in plain words what failed; elsewhere Odoo's own page says it."""
        path = request.httprequest.path
        if not (is_ours(path) and str(code).isdigit()):
            return super()._get_error_html(env, code, values)
        page = env["g2p.spar.page"]
        return code, page._render_failure(page._failure_of_status(int(code)), path)

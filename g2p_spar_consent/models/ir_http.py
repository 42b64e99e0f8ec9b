from odoo import models
from odoo.http import request

from odoo.addons.g2p_spar_portal.core.paths import headers


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _post_dispatch(cls, response):
        """Let the form of a consent lead on to the application that asks.

        Browsers compare where a form leads to, redirects included, with what the
        page with the form allowed.
        """
        result = super()._post_dispatch(response)
        target = getattr(request, "spar_form_target", None)
        if target:
            targets = request.env["g2p.spar.page"]._form_targets()
            response.headers.update(headers((*targets, target)))
        return result

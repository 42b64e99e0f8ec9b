from odoo import models

_LOGIN = """
    SELECT e.day, p.name AS login_provider, e.purpose, e.outcome, e.is_failure,
        e.hits::bigint AS logins
    FROM g2p_spar_oidc_event e LEFT JOIN auth_oauth_provider p ON p.id = e.provider_id
"""


class G2PSparReport(models.AbstractModel):
    _inherit = "g2p.spar.report"

    def _views(self):
        """Add the logins of beneficiaries."""
        return super()._views() | {"login": _LOGIN}

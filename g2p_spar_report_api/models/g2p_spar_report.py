from odoo import models

_API_TRAFFIC = """
    SELECT u.day, s.mnemonic AS partner, u.operation,
        NULLIF(u.code, '') AS refused_because, u.calls::bigint, u.refusals::bigint,
        u.items::bigint, u.succeeded::bigint, u.ms AS milliseconds
    FROM g2p_spar_usage u LEFT JOIN g2p_spar_sender s ON s.id = u.sender_id
    WHERE s.is_sandbox IS NOT TRUE
"""


class G2PSparReport(models.AbstractModel):
    _inherit = "g2p.spar.report"

    def _views(self):
        """Add what partners do."""
        return super()._views() | {"api_traffic": _API_TRAFFIC}

from odoo import models

_API_TRAFFIC = """
    SELECT u.day, s.mnemonic AS partner, u.operation,
        NULLIF(u.code, '') AS refused_because, u.calls::bigint, u.refusals::bigint,
        u.items::bigint, u.succeeded::bigint, u.ms AS milliseconds
    FROM g2p_spar_usage u LEFT JOIN g2p_spar_sender s ON s.id = u.sender_id
    WHERE s.is_sandbox IS NOT TRUE
"""

#: Lists that were only tried are left out: what is refused there is mended first.
_INTAKE_ROW = """
    SELECT COALESCE(i.finished_at, i.received_at)::date AS day, i.operation,
        t.key AS outcome, t.key NOT IN ('DONE', 'UNCHANGED', 'WAITING') AS is_refused,
        sum(t.value::bigint)::bigint AS rows
    FROM g2p_spar_intake i CROSS JOIN LATERAL json_each_text(i.tally::json) t
    WHERE json_typeof(i.tally::json) = 'object' AND (i.state IN ('running', 'done')
        OR i.state IN ('paused', 'failed', 'cancelled') AND i.paused_from = 'running')
    GROUP BY 1, 2, 3, 4
"""


class G2PSparReport(models.AbstractModel):
    _inherit = "g2p.spar.report"

    def _views(self):
        """Add what partners do, and what came in lists."""
        return super()._views() | {
            "api_traffic": _API_TRAFFIC,
            "intake_row": _INTAKE_ROW,
        }

from odoo import models
from odoo.tools import SQL


class G2PSparSender(models.Model):
    """Reminders of keys that end."""

    _inherit = "g2p.spar.sender"

    def _topics(self):
        text = self.env._("The last key ends on %s: ask the partner for a new one.")
        return super()._topics() | {"key": text}

    def _ending_queries(self):
        """Add the partners whose keys for signatures all have an end."""
        self.env["g2p.spar.partner.key"].flush_model()
        query = SQL(
            "SELECT sender_id, max(valid_until) FROM g2p_spar_partner_key"
            " WHERE use = 'sig' GROUP BY sender_id"
            " HAVING bool_and(valid_until IS NOT NULL)"
        )
        return super()._ending_queries() | {"key": query}

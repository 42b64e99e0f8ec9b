from odoo import models


class G2PSparProvider(models.Model):
    _inherit = "g2p.spar.provider"

    def _spar_usage_count(self):
        """Add the mappings, of any state, whose address is with the provider."""
        mapping = self.env["g2p.spar.mapping"]
        return super()._spar_usage_count() + mapping.search_count(
            [("provider_id", "in", self.ids)], limit=1000
        )

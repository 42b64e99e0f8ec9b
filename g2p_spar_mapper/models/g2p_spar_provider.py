from odoo import models


class G2PSparProvider(models.Model):
    _inherit = "g2p.spar.provider"

    def _spar_usage_count(self):
        """Add the mappings whose address is with the provider, of any state."""
        mapping = self.env["g2p.spar.mapping"].with_context(sandbox_test=False)
        return super()._spar_usage_count() + mapping.search_count(
            [("provider_id", "in", self.ids)], limit=1000
        )

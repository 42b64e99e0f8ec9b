from odoo import api, models


class G2PSparFactsMixin(models.AbstractModel):
    """Records from which the rights of callers are read.

    Every worker keeps what it has read in memory; each change makes all of them
    read it again, from their next request on.
    """

    _name = "g2p.spar.facts.mixin"
    _description = "Rights Kept in Memory"

    @api.model_create_multi
    def create(self, vals_list):
        """Create records and make every worker read them again."""
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        """Write records and make every worker read them again."""
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        """Delete records and make every worker read them again."""
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

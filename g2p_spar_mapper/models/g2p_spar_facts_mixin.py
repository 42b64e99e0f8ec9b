from odoo import api, models


class G2PSparFactsMixin(models.AbstractModel):
    """Records of which every worker keeps something: rights of callers, addresses.

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
        if self._has_facts(vals):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        """Delete records and make every worker read them again."""
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    def _has_facts(self, vals):
        """Tell whether anything that workers keep is among some fields.

        :param dict vals: what is written, by field
        """
        return True

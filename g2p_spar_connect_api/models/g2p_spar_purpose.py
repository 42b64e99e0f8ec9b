from odoo import fields, models


class G2PSparPurpose(models.Model):
    _name = "g2p.spar.purpose"
    _description = "Purpose of Requests"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="What a message says in header.meta.purpose, for example cash-transfer.",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "Another purpose has this code already.")

    # A sender's facts hold the codes of its purposes.
    def write(self, vals):
        """Write records and make every worker read the senders again."""
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        """Delete records and make every worker read the senders again."""
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

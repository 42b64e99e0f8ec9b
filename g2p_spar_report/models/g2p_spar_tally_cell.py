from odoo import fields, models

from odoo.addons.g2p_spar_mapper.const import CHANNELS, STATES


class G2PSparTallyCell(models.Model):
    """How many mappings a provider, channel and state have today.

    The sum of ``g2p.spar.tally`` up to today, kept so that nobody has to add it up
    whenever a chart is opened. Filled by ``g2p.spar.tally.day``.
    """

    _name = "g2p.spar.tally.cell"
    _inherit = ["g2p.spar.count.mixin"]
    _description = "Mappings of Today"
    _order = "mappings desc, id desc"
    _log_access = False

    provider_id = fields.Many2one(
        "g2p.spar.provider", readonly=True, ondelete="restrict", index=True
    )
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True)
    mappings = fields.Integer(required=True, readonly=True)

    def action_open_mappings(self):
        """Open the mappings that are counted."""
        self.ensure_one()
        self.check_access("read")
        return self.get_counted_action(
            [
                ("provider_id", "=", self.provider_id.id),
                ("channel", "=", self.channel),
                ("state", "=", self.state),
            ]
        )

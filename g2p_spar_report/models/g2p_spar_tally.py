from odoo import fields, models

from odoo.addons.g2p_spar_mapper.const import CHANNELS, STATES


class G2PSparTally(models.Model):
    """By how many mappings a cell of the registry grew or shrank on a day.

    A cell is a provider, a channel and a state. The sum of all days up to one is
    what the registry held at its end, so that nobody has to count the mappings.
    A change of state that a date brings about (the end of a hold or of a link) is
    noted for its own day when the date is written, and taken back for that day
    when somebody changes the mapping before.

    Filled by ``g2p.spar.tally.day``; nobody writes it by hand.
    """

    _name = "g2p.spar.tally"
    _inherit = ["g2p.spar.count.mixin"]
    _description = "Daily Change of the Number of Mappings"
    _order = "day desc, id desc"
    _log_access = False

    counted_on = fields.Date(
        "Day of the line of history", required=True, readonly=True, index=True
    )
    day = fields.Date("Takes effect on", required=True, readonly=True)
    provider_id = fields.Many2one(
        "g2p.spar.provider", readonly=True, ondelete="restrict", index=True
    )
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True)
    mappings = fields.Integer("Growth", required=True, readonly=True)

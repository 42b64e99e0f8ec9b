from odoo import fields, models

from odoo.addons.g2p_spar_mapper.const import CHANNELS, STEPS


class G2PSparTallyChange(models.Model):
    """How many changes of a kind a day had, by channel and provider.

    Filled by ``g2p.spar.tally.day``; nobody writes it by hand.
    """

    _name = "g2p.spar.tally.change"
    _description = "Changes of a Day"
    _order = "day desc, id desc"
    _log_access = False

    day = fields.Date(required=True, readonly=True, index=True)
    step = fields.Selection(STEPS, "What happened", required=True, readonly=True)
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    provider_id = fields.Many2one(
        "g2p.spar.provider",
        "Provider after",
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    changes = fields.Integer(required=True, readonly=True)
    address_changes = fields.Integer(
        "Of them with another address",
        required=True,
        readonly=True,
        help="The ID had an address before, and another one after.",
    )

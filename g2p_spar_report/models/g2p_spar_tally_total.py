from odoo import fields, models

from odoo.addons.g2p_spar_mapper.const import STATES


class G2PSparTallyTotal(models.Model):
    """By how much a state grew or shrank on a day, all providers and channels together.

    The sum of ``g2p.spar.tally``, kept for the lines over time. Filled by
    ``g2p.spar.tally.day``.
    """

    _name = "g2p.spar.tally.total"
    _description = "Daily Change of a State"
    _order = "day desc, id desc"
    _log_access = False

    day = fields.Date(required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True)
    mappings = fields.Integer("Growth", required=True, readonly=True)

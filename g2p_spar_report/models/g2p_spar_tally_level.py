from odoo import fields, models

from .g2p_spar_tally_check import LEVELS


class G2PSparTallyLevel(models.Model):
    """How many linked IDs have an address that was checked so well, and no better.

    Filled by ``g2p.spar.tally.day``; nobody writes it by hand.
    """

    _name = "g2p.spar.tally.level"
    _description = "Linked IDs by Check of Their Address"
    _order = "level desc"
    _rec_name = "level"
    _log_access = False

    level = fields.Selection(LEVELS, "Checked by", required=True, readonly=True)
    mappings = fields.Integer("Linked IDs", required=True, readonly=True)
    counted_at = fields.Datetime(required=True, readonly=True)

    _level_uniq = models.UniqueIndex("(level)", "This level is counted already.")

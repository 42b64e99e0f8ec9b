from odoo import fields, models


class G2PSparMappingChangePart(models.TransientModel):
    """One typed part of the address in the dialog, such as the account number."""

    _name = "g2p.spar.mapping.change.part"
    _description = "Part of an address being entered"
    _order = "id"

    change_id = fields.Many2one(
        "g2p.spar.mapping.change", required=True, ondelete="cascade", index=True
    )
    name = fields.Char("Technical name", required=True)
    label = fields.Char("Part", required=True)
    value = fields.Char()

from odoo import fields, models


class G2PSparPurpose(models.Model):
    _name = "g2p.spar.purpose"
    _inherit = ["g2p.spar.facts.mixin"]
    _description = "Purpose of Requests"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="What a message says in header.meta.purpose, for example cash-transfer.",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "Another purpose has this code already.")

from odoo import fields, models

from ..core.event import OPERATION


class G2PSparDelivery(models.Model):
    _inherit = "g2p.spar.delivery"

    operation = fields.Selection(
        selection_add=[(OPERATION, "End of Consents")],
        ondelete={OPERATION: "cascade"},
    )

from odoo import fields, models


class G2PSparPaymentDate(models.Model):
    """A day on which benefits are paid, so that changes before it can be watched."""

    _name = "g2p.spar.payment.date"
    _description = "Payment Date"
    _order = "date desc, id desc"

    name = fields.Char("Payment", required=True)
    date = fields.Date(required=True, index=True)
    provider_id = fields.Many2one(
        "g2p.spar.provider",
        ondelete="cascade",
        index="btree_not_null",
        help="Empty: the day counts for everybody.",
    )
    active = fields.Boolean(default=True)

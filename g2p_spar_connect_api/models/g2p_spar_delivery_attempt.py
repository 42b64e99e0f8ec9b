from odoo import fields, models


class G2PSparDeliveryAttempt(models.Model):
    _name = "g2p.spar.delivery.attempt"
    _description = "Attempt to Deliver a Callback"
    _order = "id desc"
    _rec_name = "tried_at"
    _log_access = False

    delivery_id = fields.Many2one(
        "g2p.spar.delivery",
        string="Callback",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    tried_at = fields.Datetime(string="When", required=True, readonly=True)
    seconds = fields.Float(readonly=True, digits=(8, 3))
    status = fields.Integer(
        string="HTTP", readonly=True, help="Status of the answer; 0: there was none."
    )
    code = fields.Char(readonly=True)
    problem = fields.Char(readonly=True)

from odoo import fields, models


class G2PSparSenderProbeLine(models.TransientModel):
    _name = "g2p.spar.sender.probe.line"
    _description = "Step of a Test of the Connection"

    probe_id = fields.Many2one(
        "g2p.spar.sender.probe", required=True, ondelete="cascade", index=True
    )
    step = fields.Selection(
        [
            ("place", "The address is well written"),
            ("name", "The server is known and may be called"),
            ("connection", "The server can be reached"),
            ("tls", "Its certificate is right"),
            ("answer", "It answers in time"),
            ("accepted", "It takes the callback"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [("good", "Good"), ("bad", "Failed"), ("open", "Not Tried")],
        required=True,
        readonly=True,
    )

from odoo import fields, models


class G2PSparAgentRefusal(models.TransientModel):
    """Why an officer refuses a capture."""

    _name = "g2p.spar.agent.refusal"
    _description = "Refusal of a Capture"

    capture_id = fields.Many2one(
        "g2p.spar.agent.capture", required=True, readonly=True, ondelete="cascade"
    )
    reason = fields.Char(
        required=True,
        size=200,
        help="The agent reads it, and tells the person.",
    )

    def action_refuse(self):
        """Refuse the capture."""
        self.ensure_one()
        self.capture_id.refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}

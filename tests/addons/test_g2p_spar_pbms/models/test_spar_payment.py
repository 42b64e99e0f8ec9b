from odoo import fields, models
from odoo.exceptions import UserError

#: What was resolved. A payment shows for ever to where it was sent.
SNAPSHOT = frozenset(
    {"fa", "fa_parts", "provider_id", "mapping_id", "mapping_version", "beneficiary"}
)


class TestSparPayment(models.Model):
    """One payment to one beneficiary, with the address it was prepared for."""

    _name = "test.spar.payment"
    _description = "Payment of the example"
    _order = "id"

    cycle_id = fields.Many2one(
        "test.spar.cycle", required=True, ondelete="cascade", index=True
    )
    beneficiary = fields.Char("ID of the person", required=True)
    amount = fields.Float(required=True)
    state = fields.Selection(
        [("ready", "Ready"), ("held", "Held"), ("sent", "Sent")], required=True
    )
    hold_reason = fields.Char("Held because")

    fa = fields.Char("Address", groups="test_g2p_spar_pbms.group_payments")
    fa_parts = fields.Json("Parts", groups="test_g2p_spar_pbms.group_payments")
    provider_id = fields.Many2one("g2p.spar.provider", ondelete="restrict")
    # A number and no link: payments stay when the registry is moved elsewhere.
    mapping_id = fields.Integer("Mapping in the registry")
    mapping_version = fields.Integer("Version of the mapping")

    def write(self, vals):
        """Write, but never the snapshot: a later change of the registry is another
        payment's business."""
        if SNAPSHOT & vals.keys():
            raise UserError(
                self.env._("Where a prepared payment goes cannot change. Hold it.")
            )
        return super().write(vals)

from odoo import api, fields, models
from odoo.exceptions import AccessError


class G2PSparIntakeConstant(models.Model):
    """A part of the address that is the same in all rows of a file, such as a bank."""

    _name = "g2p.spar.intake.constant"
    _description = "Fixed Part of the Addresses of an Intake"
    _order = "intake_id, id"

    intake_id = fields.Many2one(
        "g2p.spar.intake", required=True, readonly=True, ondelete="cascade", index=True
    )
    part_id = fields.Many2one("g2p.spar.fa.part", required=True, ondelete="cascade")
    value = fields.Char("In all rows", required=True)

    _part_uniq = models.UniqueIndex(
        "(intake_id, part_id)", "This part has a fixed value already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Fix parts, while nothing of the file is being done."""
        constants = super().create(vals_list)
        constants._note_change()
        return constants

    def write(self, vals):
        """As :meth:`create`.

        :raise AccessError: for the list that it belongs to
        """
        self.check_access("write")
        if "intake_id" in vals:
            raise AccessError(self.env._("A fixed part stays with its list."))
        self._note_change()
        return super().write(vals)

    def unlink(self):
        """As :meth:`create`."""
        self.check_access("unlink")
        self._note_change()
        return super().unlink()

    def _note_change(self):
        self.intake_id._check_editable()
        self.intake_id._forget_trial()

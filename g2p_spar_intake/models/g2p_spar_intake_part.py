from odoo import fields, models


class G2PSparIntakePart(models.Model):
    """Refused rows of an officer's file, as CSV, sealed with the key of the file."""

    _name = "g2p.spar.intake.part"
    _inherit = ["g2p.spar.file.part.mixin"]
    _description = "Refused Rows of an Intake"
    _order = "file_id, first"
    _log_access = False

    file_id = fields.Many2one(
        "g2p.spar.intake", required=True, readonly=True, ondelete="cascade"
    )

    _first_uniq = models.UniqueIndex(
        "(file_id, first)", "These rows were worked off already."
    )

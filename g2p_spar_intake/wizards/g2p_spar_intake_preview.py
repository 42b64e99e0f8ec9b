from odoo import fields, models


class G2PSparIntakePreview(models.TransientModel):
    """What would happen to the first rows of a list, as of a moment."""

    _name = "g2p.spar.intake.preview"
    _description = "Preview of an Intake"

    intake_id = fields.Many2one("g2p.spar.intake", readonly=True, ondelete="cascade")
    line_ids = fields.One2many("g2p.spar.intake.preview.line", "preview_id", "Rows")


class G2PSparIntakePreviewLine(models.TransientModel):
    _name = "g2p.spar.intake.preview.line"
    _description = "Row of a Preview"
    _order = "preview_id, number"

    preview_id = fields.Many2one(
        "g2p.spar.intake.preview", required=True, ondelete="cascade", index=True
    )
    number = fields.Integer("Row", readonly=True)
    person = fields.Char("ID of the Person", readonly=True)
    address = fields.Char(readonly=True)
    name = fields.Char(readonly=True)
    outcome = fields.Char("What would happen", readonly=True)
    is_refused = fields.Boolean(readonly=True)
    waits = fields.Boolean(readonly=True)

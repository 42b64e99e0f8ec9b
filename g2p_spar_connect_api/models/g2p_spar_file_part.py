from odoo import fields, models


class G2PSparFilePart(models.Model):
    """Results of some rows of a partner's file, sealed with the key of the file."""

    _name = "g2p.spar.file.part"
    _inherit = ["g2p.spar.file.part.mixin"]
    _description = "Part of the Result of a File"
    _order = "file_id, first"
    _log_access = False

    file_id = fields.Many2one(
        "g2p.spar.file", required=True, readonly=True, ondelete="cascade"
    )

    _first_uniq = models.UniqueIndex(
        "(file_id, first)", "These rows were worked off already."
    )

from odoo import fields, models


class G2PSparReferenceImportProblem(models.TransientModel):
    _name = "g2p.spar.reference.import.problem"
    _description = "Problem in an Import of Reference Data"
    _order = "id"

    import_id = fields.Many2one(
        "g2p.spar.reference.import", required=True, ondelete="cascade", index=True
    )
    file = fields.Char()
    line = fields.Integer(help="Line of the file; the first one has the headings.")
    column = fields.Char()
    sentence = fields.Text(string="What is Wrong")

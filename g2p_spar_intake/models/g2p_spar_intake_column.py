from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..core.matching import INFO, PART

TARGETS = [
    ("id", "ID of the person"),
    ("fa", "Financial address, whole"),
    ("part", "Part of the address"),
    ("name", "Name"),
    ("phone_number", "Phone number"),
    ("valid_until", "Valid until"),
    ("reference_id", "Reference"),
    ("captured_at", "Captured at"),
    ("device", "Device it was captured on"),
    ("info", "Additional information"),
]
#: What an officer may write.
_OPEN_FIELDS = frozenset({"target", "part_id", "info_name"})


class G2PSparIntakeColumn(models.Model):
    """One column of a file, and what it means."""

    _name = "g2p.spar.intake.column"
    _description = "Column of an Intake"
    _order = "intake_id, number"

    intake_id = fields.Many2one(
        "g2p.spar.intake", required=True, readonly=True, ondelete="cascade", index=True
    )
    number = fields.Integer("Column", required=True, readonly=True)
    name = fields.Char("In the first row", readonly=True)
    example = fields.Char("Such as", readonly=True)
    note = fields.Char(readonly=True)
    target = fields.Selection(TARGETS, "Means")
    part_id = fields.Many2one("g2p.spar.fa.part", "Which part")
    info_name = fields.Char("Kept as", help="Name of the additional information.")
    field = fields.Char(compute="_compute_field")

    @api.depends("target", "part_id", "info_name", "name")
    def _compute_field(self):
        for column in self:
            column.field = column._get_field()

    def _get_field(self) -> str:
        """Return the field as the core names it, empty for a column left out."""
        if self.target == "part":
            return PART + self.part_id.name if self.part_id else ""
        if self.target == "info":
            return INFO + (self.info_name or self.name or str(self.number))
        return self.target or ""

    @api.model
    def _read_field(self, field: str, parts: dict) -> dict:
        """Return the values for a field of the core.

        :param parts: name -> id of the parts of the type of address
        """
        if field.startswith(PART):
            part_id = parts.get(field[len(PART) :])
            return {"target": "part" if part_id else False, "part_id": part_id}
        if field.startswith(INFO):
            return {"target": "info", "info_name": field[len(INFO) :]}
        return {"target": field or False}

    def write(self, vals):
        """Change what columns mean, while nothing of the file is being done.

        :raise AccessError: for what the file itself says, and whose column it is
        """
        self.check_access("write")
        # A field that is none gets Odoo's own answer.
        if not self.env.su and (vals.keys() & self._fields.keys()) - _OPEN_FIELDS:
            raise AccessError(
                self.env._("What stands in a list is changed in its file alone.")
            )
        self.intake_id._check_editable()
        self.intake_id._forget_trial()
        return super().write(vals)

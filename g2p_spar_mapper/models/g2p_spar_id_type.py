from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..core.life import Life, read_warn_days


class G2PSparIdType(models.Model):
    """How long links of IDs of a type last."""

    _inherit = "g2p.spar.id.type"

    valid_days = fields.Integer(
        "Links Last, in Days",
        help="From the link, or its renewal, to its end. 0: they have no end, unless"
        " whoever links says one.",
    )
    grace_days = fields.Integer(
        "Can Be Renewed Afterwards, in Days",
        default=30,
        help="Nothing is paid in this time; after it the address is taken away.",
    )
    warn_days = fields.Char(
        "Remind Before, in Days",
        default="30, 7",
        help="Numbers with commas between them.",
    )

    _life_bounds = models.Constraint(
        "CHECK (valid_days BETWEEN 0 AND 36600 AND grace_days BETWEEN 0 AND 3660)",
        "Links may last up to a hundred years, and be renewed up to ten years later.",
    )

    @api.constrains("warn_days")
    def _check_warn_days(self):
        for id_type in self:
            try:
                read_warn_days(id_type.warn_days)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "Write the days before the end as numbers from 1 to 366, with"
                        " commas between them, each once."
                    )
                ) from error

    @api.private
    def get_lives(self) -> dict[int, Life]:
        """Return how long links last, by id of the type, from memory."""
        return self._lives()

    @ormcache()
    def _lives(self):
        # The rule holds for every caller, whoever may read the types.
        types_sudo = self.env["g2p.spar.id.type"].sudo()
        types_sudo = types_sudo.with_context(active_test=False)
        return {
            one.id: Life(one.valid_days, one.grace_days, read_warn_days(one.warn_days))
            for one in types_sudo.search([("valid_days", ">", 0)])
        }

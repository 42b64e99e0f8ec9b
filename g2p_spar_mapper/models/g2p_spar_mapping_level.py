from odoo import api, fields, models
from odoo.tools import SQL

from ..core.ladder import Check, level_of
from .g2p_spar_verification import RUNGS
from .statements import executor


class G2PSparMapping(models.Model):
    """How well an address has been checked."""

    _inherit = "g2p.spar.mapping"

    verification_ids = fields.One2many(
        "g2p.spar.verification", "mapping_id", "Checks", readonly=True
    )
    # compute_sudo: the level tells nothing of the numbers it is computed from.
    verification_level = fields.Selection(
        [("0", "Not checked"), *RUNGS],
        "Checked By",
        compute="_compute_verification_level",
        compute_sudo=True,
        help="The hardest check which the present address has passed.",
    )

    @api.depends("fa_key", "strategy_id", "verification_ids")
    def _compute_verification_level(self):
        checks = self._read_checks()
        for mapping in self:
            found = checks.get(mapping._origin.id, ())
            mapping.verification_level = str(level_of(bool(mapping.strategy_id), found))

    def _read_checks(self) -> dict[int, list[Check]]:
        """Read the checks of the present addresses, oldest first, by mapping."""
        rows = executor(self.env.cr)(
            SQL(
                "SELECT v.mapping_id, v.rung::int, v.result"
                " FROM g2p_spar_verification v"
                " JOIN g2p_spar_mapping m ON m.id = v.mapping_id"
                " AND m.fa_key = v.fa_key"
                " WHERE v.mapping_id = ANY(%s) ORDER BY v.id",
                self._origin.ids,
            )
        )
        found: dict[int, list[Check]] = {}
        for mapping_id, rung, result in rows:
            found.setdefault(mapping_id, []).append(Check(rung, result))
        return found

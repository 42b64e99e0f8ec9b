from odoo import api, fields, models
from odoo.tools import SQL

from ..core.ladder import Check, level_of
from ..core.state import State, Step
from .g2p_spar_verification import RUNGS
from .statements import executor


class G2PSparMapping(models.Model):
    """How well an address has been checked, and what made payments to it stop."""

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

    failure_text = fields.Char(
        "Failed Payment",
        compute="_compute_failure_text",
        help="Why a payment to this address failed, while payments are stopped.",
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

    @api.depends("state", "version")
    @api.depends_context("lang")
    def _compute_failure_text(self):
        latest = self._latest_failures()
        for mapping in self:
            report = latest.get(mapping.id)
            mapping.failure_text = report._say() if report else False

    def _latest_failures(self):
        """Return the reports because of which some of these are suspended, by id."""
        stopped = self.filtered(lambda one: one.state == State.SUSPENDED)
        domain = [("mapping_id", "in", stopped.ids)]
        found = self.env["g2p.spar.failure.report"].search(domain, order="id")
        disputed = self._last_disputes(stopped)
        latest = {one.mapping_id.id: one for one in found}
        return {
            mapping_id: report
            for mapping_id, report in latest.items()
            if report.version > disputed.get(mapping_id, 0)
        }

    def _last_disputes(self, stopped) -> dict[int, int]:
        """Return the versions of the last disputes of some mappings, by id."""
        versions = self.env["g2p.spar.mapping.version"]
        groups = versions.with_context(sandbox_test=False)._read_group(
            [("mapping_id", "in", stopped.ids), ("step", "=", Step.SUSPEND.value)],
            ["mapping_id"],
            ["version:max"],
        )
        return {mapping.id: version for mapping, version in groups}

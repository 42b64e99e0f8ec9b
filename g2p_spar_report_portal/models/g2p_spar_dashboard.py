from odoo import models

from odoo.addons.g2p_spar_report.core.figures import every_day

#: Who may open the list of logins behind the figures.
_LOGINS = ("g2p_spar_mapper.group_manager", "g2p_spar_mapper.group_auditor")


class G2PSparDashboard(models.AbstractModel):
    _inherit = "g2p.spar.dashboard"

    def _blocks(self, first, last):
        """Add the logins of beneficiaries."""
        return [*super()._blocks(first, last), self._logins_a_day(first, last)]

    def _logins_a_day(self, first, last):
        rows = self._select(
            "SELECT day,"
            " COALESCE(sum(logins) FILTER (WHERE NOT is_failure), 0)::bigint,"
            " COALESCE(sum(logins) FILTER (WHERE is_failure), 0)::bigint"
            " FROM g2p_spar_report_login WHERE day BETWEEN %s AND %s GROUP BY 1",
            first,
            last,
        )
        done, failed = (
            every_day({row[0]: row[number] for row in rows}, first, last)
            for number in (1, 2)
        )
        return self._line_block(
            self.env._("Logins of beneficiaries a day"),
            done,
            [
                (self.env._("Logged in"), "primary", [count for _day, count in done]),
                (self.env._("Failed"), "danger", [count for _day, count in failed]),
            ],
            self._open_logins([("day", ">=", first)]),
        )

    def _open_logins(self, domain):
        """Return the action that opens logins, none for those who may not."""
        if not any(self.env.user.has_group(group) for group in _LOGINS):
            return False
        action = self._open("g2p.spar.oidc.event", self.env._("Logins"), domain)
        return action | {"views": [[False, "list"], [False, "graph"], [False, "pivot"]]}

from odoo import models

from odoo.addons.g2p_spar_report.core.figures import every_day

#: Who may open the list of calls behind the figures.
_CALLS = ("g2p_spar_mapper.group_admin", "g2p_spar_mapper.group_auditor")


class G2PSparDashboard(models.AbstractModel):
    _inherit = "g2p.spar.dashboard"

    def _blocks(self, first, last):
        """Add the calls of partners."""
        return [
            *super()._blocks(first, last),
            self._calls_a_day(first, last),
            self._items_by_partner(first, last),
        ]

    def _calls_a_day(self, first, last):
        rows = self._select(
            "SELECT day, sum(calls)::bigint, sum(refusals)::bigint"
            " FROM g2p_spar_report_api_traffic WHERE day BETWEEN %s AND %s GROUP BY 1",
            first,
            last,
        )
        calls, refusals = (
            every_day({row[0]: row[number] for row in rows}, first, last)
            for number in (1, 2)
        )
        return self._line_block(
            self.env._("Calls of partners a day"),
            calls,
            [
                (self.env._("Calls"), "primary", [count for _day, count in calls]),
                (self.env._("Refused"), "danger", [count for _day, count in refusals]),
            ],
            self._open_calls([("day", ">=", first)]),
        )

    def _items_by_partner(self, first, last):
        rows = self._select(
            "SELECT s.id, COALESCE(s.name, %s), sum(t.items)::bigint"
            " FROM g2p_spar_report_api_traffic t"
            " LEFT JOIN g2p_spar_sender s ON s.mnemonic = t.partner"
            " WHERE t.day BETWEEN %s AND %s GROUP BY 1, 2",
            self.env._("Not recognised"),
            first,
            last,
        )
        return self._bar_block(
            self.env._("Items by partner"),
            rows,
            lambda key: self._open_calls(
                [("day", ">=", first), ("sender_id", "=", key or False)]
            ),
        )

    def _open_calls(self, domain):
        """Return the action that opens calls, none for those who may not."""
        if not any(self.env.user.has_group(group) for group in _CALLS):
            return False
        action = self._open("g2p.spar.usage", self.env._("Calls"), domain)
        return action | {"views": [[False, "list"], [False, "graph"], [False, "pivot"]]}

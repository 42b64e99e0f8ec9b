from odoo import models

from odoo.addons.g2p_spar_intake.models.messages import REASONS
from odoo.addons.g2p_spar_mapper.core.reason import Cause
from odoo.addons.g2p_spar_mapper.models.messages import SENTENCES
from odoo.addons.g2p_spar_report.core.figures import every_day

#: Who may open the lists behind the figures.
_LISTS = ("g2p_spar_mapper.group_manager", "g2p_spar_mapper.group_auditor")

#: Stands for what differs from row to row.
_ANY = {"column": "…", "other": "…"}


class G2PSparDashboard(models.AbstractModel):
    """How good the lists are that officers bring in."""

    _inherit = "g2p.spar.dashboard"

    def _blocks(self, first, last):
        """Add the rows of lists."""
        return [
            *super()._blocks(first, last),
            self._rows_a_day(first, last),
            self._refused_rows(first, last),
        ]

    def _rows_a_day(self, first, last):
        rows = self._select(
            "SELECT day, COALESCE(sum(rows) FILTER (WHERE NOT is_refused), 0)::bigint,"
            " COALESCE(sum(rows) FILTER (WHERE is_refused), 0)::bigint"
            " FROM g2p_spar_report_intake_row WHERE day BETWEEN %s AND %s GROUP BY 1",
            first,
            last,
        )
        taken, refused = (
            every_day({row[0]: row[number] for row in rows}, first, last)
            for number in (1, 2)
        )
        return self._line_block(
            self.env._("Rows of lists a day"),
            taken,
            [
                (self.env._("Taken in"), "primary", [count for _day, count in taken]),
                (self.env._("Refused"), "danger", [count for _day, count in refused]),
            ],
            self._open_lists([("received_at", ">=", first)]),
        )

    def _refused_rows(self, first, last):
        rows = self._select(
            "SELECT outcome, sum(rows)::bigint FROM g2p_spar_report_intake_row"
            " WHERE is_refused AND day BETWEEN %s AND %s GROUP BY 1",
            first,
            last,
        )
        return self._bar_block(
            self.env._("Why rows of lists were refused"),
            [(outcome, self._say_refusal(outcome), count) for outcome, count in rows],
            lambda key: False,
        )

    def _say_refusal(self, outcome):
        """Say in words why rows were refused; a reason of old stays as it is."""
        if outcome in REASONS:
            sentence = self.env._(REASONS[outcome])
            return sentence % _ANY
        if outcome in Cause.__members__:
            return self.env._(SENTENCES[Cause[outcome]])
        return outcome

    def _open_lists(self, domain):
        """Return the action that opens lists, none for those who may not."""
        if not any(self.env.user.has_group(group) for group in _LISTS):
            return False
        return self._open("g2p.spar.intake", self.env._("Lists"), domain)

from collections.abc import Sequence

from odoo import api, models

from ..core.commands import Origin, Outcome, StepItem
from ..core.reason import Cause
from ..core.state import Step


class G2PSparMapper(models.AbstractModel):
    """The end of what is known of a person."""

    _inherit = "g2p.spar.mapper"

    @api.private
    def erase(self, items: Sequence[StepItem], origin: Origin) -> list[Outcome]:
        """Take addresses away from IDs, and every personal datum with them.

        What was done when, by whom and with which provider stays in the history,
        under pseudonyms; the step itself is its last line. An ID that is on hold or
        disputed, or for which a change waits, is refused: its data are needed.

        :return: outcomes, as of every step; the ID can be linked anew afterwards
        """
        outcomes = self._change(Step.ERASE, items, origin)
        # The right was checked; the other tables are the system's own.
        data_sudo = self.env["g2p.spar.personal.data"].sudo()
        for outcome in outcomes:
            if outcome.cause == Cause.DONE:
                data_sudo._erase(outcome.mapping_id)
        return outcomes

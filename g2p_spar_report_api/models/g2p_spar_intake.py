from odoo import models


class G2PSparIntake(models.Model):
    _inherit = "g2p.spar.intake"

    def _finish(self, state):
        """Remember from where a list was cancelled.

        The rows of one that was only tried do not count, those that were done do.
        """
        if state == "cancelled" and self.state in ("checking", "running"):
            self.paused_from = self.state
        return super()._finish(state)

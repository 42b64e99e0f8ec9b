from odoo import models

from .g2p_spar_file import FILE


class G2PSparMessage(models.Model):
    """Messages that were sent as files."""

    _inherit = "g2p.spar.message"

    def _cron_sweep(self):
        """Wake also whoever works files off."""
        super()._cron_sweep()
        if self.env["g2p.spar.file"]._is_due():
            self.env["g2p.spar.wake"].ensure(FILE)

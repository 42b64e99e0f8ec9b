from odoo import models


class G2PSparAlert(models.Model):
    _inherit = "g2p.spar.alert"

    def _say_subject(self):
        if self.kind == "refusals" and not self.sender:
            return self.env._("Calls that name no known partner")
        return super()._say_subject()

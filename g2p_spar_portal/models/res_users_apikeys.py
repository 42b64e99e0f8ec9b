from odoo import models
from odoo.exceptions import AccessError


class ResUsersApikeys(models.Model):
    """No API key stands for a beneficiary."""

    _inherit = "res.users.apikeys"

    def _generate(self, scope, name, expiration_date):
        if self.env["g2p.spar.identity"]._is_user(self.env.user.ids):
            raise AccessError(self.env._("Beneficiaries have no API keys."))
        return super()._generate(scope, name, expiration_date)

    def _check_credentials(self, *, scope, key):
        uid = super()._check_credentials(scope=scope, key=key)
        is_person = uid and self.env["g2p.spar.identity"]._is_user([uid])
        return None if is_person else uid

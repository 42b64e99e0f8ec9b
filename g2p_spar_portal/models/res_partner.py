from odoo import models


class ResPartner(models.Model):
    """No link to set a password leads to a beneficiary."""

    _inherit = "res.partner"

    def signup_prepare(self, signup_type="signup"):
        """Prepare links to sign up, but for nobody who logs in at a provider."""
        others = self.filtered(lambda partner: not partner._spar_is_person())
        return super(ResPartner, others).signup_prepare(signup_type=signup_type)

    def _get_partner_from_token(self, token):
        partner = super()._get_partner_from_token(token)
        is_person = partner and partner._spar_is_person()
        return self.browse() if is_person else partner

    def _spar_is_person(self):
        """Tell whether a user of this partner stands for a beneficiary."""
        # Links are followed by nobody in particular.
        users_sudo = self.sudo().with_context(active_test=False).user_ids
        return bool(self.env["g2p.spar.identity"]._is_user(users_sudo.ids))

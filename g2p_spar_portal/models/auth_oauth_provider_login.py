from odoo import fields, models

from ..const import CALLBACK_PATH


class AuthOauthProvider(models.Model):
    """Where people come back to, and whether they may come at all."""

    _inherit = "auth.oauth.provider"

    spar_redirect_uri = fields.Char(
        string="Redirect Address",
        help="Where the provider sends people back to, letter by letter as registered "
        "there. Empty: the address of this system followed by /spar/oidc/callback.",
    )

    def _spar_redirect_uri(self):
        """Return where the provider sends people back to.

        Never made of what a request says its host is.
        """
        self.ensure_one()
        return self.spar_redirect_uri or f"{self.get_base_url()}{CALLBACK_PATH}"

    def _spar_is_open(self):
        """Tell whether beneficiaries may log in here now."""
        return (
            len(self) == 1
            and self.spar_is_portal
            and self.spar_enabled_for_portal
            and bool(self.spar_id_type_id)
        )

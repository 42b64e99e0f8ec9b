from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..const import CALLBACK_PATH
from ..core.oidc.own_key import SIGNS_WITH
from ..core.oidc.settings import find_gap
from ..core.person import id_claims
from .said import say


class AuthOauthProvider(models.Model):
    """Where people come back to, and whether they may come at all."""

    _inherit = "auth.oauth.provider"

    spar_redirect_uri = fields.Char(
        string="Redirect Address",
        help="Where the provider sends people back to, letter by letter as registered "
        "there. Empty: the address of this system followed by /spar/oidc/callback.",
    )

    @api.constrains("spar_id_type_id", "spar_is_portal")
    def _check_spar_id_type(self):
        """Refuse IDs that do not tell apart whom the provider tells apart."""
        for provider in self.filtered("spar_is_portal"):
            id_type = provider.spar_id_type_id
            if not id_type or id_type.case_significant:
                continue
            if "sub" in id_claims(id_type.template):
                raise ValidationError(
                    self.env._(
                        "Small and capital letters of a subject (sub) differ, those of"
                        " %(type)s do not: two people could share an ID. Choose a type"
                        " whose case is significant.",
                        type=id_type.name,
                    )
                )

    def write(self, vals):
        """Write; a provider of beneficiaries becomes one of staff by Odoo's own
        administrators only: whoever else could do so could log in as anybody.
        """
        turns = "spar_is_portal" in vals and not vals["spar_is_portal"]
        if turns and not (self.env.su or self.env.is_system()):
            raise AccessError(
                self.env._("Only administrators of Odoo look after logins of staff.")
            )
        return super().write(vals)

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

    def _spar_gap(self):
        """Say what is missing before anybody can log in; empty: nothing."""
        missing = find_gap(self._spar_settings())
        if missing:
            return say(self.env, missing)
        if not self.spar_id_type_id:
            return self.env._("the ID type")
        if not self._spar_signing_keys():
            return self.env._(
                "a client key in use that signs with %(algorithm)s",
                algorithm=self.spar_client_alg,
            )
        return ""

    def _spar_signing_keys(self):
        """Return the key in use, where it signs as the record says."""
        # Odoo's administrators look after providers too, but have no right to keys;
        # only whether there is one is told.
        return self.sudo().spar_key_ids.filtered(
            lambda key: (
                key.purpose == "sign"
                and key.state == "current"
                and key.kind == SIGNS_WITH.get(self.spar_client_alg)
            )
        )

    def _spar_id_claims(self):
        """Return the names of the claims of which an ID of the registry is made.

        :rtype: tuple[str]
        """
        template = self.spar_id_type_id.template
        return id_claims(template) if template else ()

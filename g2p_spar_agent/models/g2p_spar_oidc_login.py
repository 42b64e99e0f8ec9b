from odoo import fields, models

from ..const import CAPTURE


class G2PSparOidcLogin(models.Model):
    """A login may prove to an agent who is there."""

    _inherit = "g2p.spar.oidc.login"

    purpose = fields.Selection(
        selection_add=[(CAPTURE, "Before an Agent")], ondelete={CAPTURE: "cascade"}
    )

from odoo import fields, models

from ..const import CAPTURE


class G2PSparOidcEvent(models.Model):
    """Logins before an agent are counted apart."""

    _inherit = "g2p.spar.oidc.event"

    purpose = fields.Selection(
        selection_add=[(CAPTURE, "Before an Agent")], ondelete={CAPTURE: "cascade"}
    )

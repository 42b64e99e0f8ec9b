from odoo import fields, models

from ..const import DISCLOSURES


class G2PSparPurpose(models.Model):
    """What a purpose means to the people who are asked."""

    _inherit = "g2p.spar.purpose"

    disclosure = fields.Selection(
        DISCLOSURES,
        string="An Application Is Told",
        required=True,
        default="payable",
        help="With a person's consent, and nothing more. A consent keeps what the "
        "person agreed to: telling more later needs a new one.",
    )
    consent_text = fields.Char(
        string="In Words for People",
        translate=True,
        size=300,
        help="Completes “What for”, for example: To pay back your school fees. Empty: "
        "no application may ask for this purpose.",
    )

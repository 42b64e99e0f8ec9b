from odoo import api, fields, models

from ..core.cipher import ACCEPTED, REFUSED, REQUIRED, CipherFacts


class G2PSparSender(models.Model):
    """What is agreed with a partner about the encryption of messages."""

    _inherit = "g2p.spar.sender"

    encryption = fields.Selection(
        [
            (REFUSED, "Refused"),
            (ACCEPTED, "Accepted"),
            (REQUIRED, "Required"),
        ],
        string="Encrypted Messages",
        required=True,
        default=ACCEPTED,
        help="Partners encrypt for a key of this registry, on top of the encryption "
        "of the connection.",
    )
    encrypts_answers = fields.Boolean(
        string="Encrypt Answers",
        help="Answers and callbacks are encrypted for a key of the partner. Without "
        "a valid key of it, its messages are refused.",
    )

    lacks_encryption_key = fields.Boolean(
        compute="_compute_lacks_encryption_key",
        help="Answers are to be encrypted, and no key of the partner is valid.",
    )

    # === COMPUTE METHODS === #

    @api.depends("encrypts_answers", "key_ids.use", "key_ids.state")
    def _compute_lacks_encryption_key(self):
        for sender in self:
            usable = any(
                key.use == "enc" and key.state == "valid" for key in sender.key_ids
            )
            sender.lacks_encryption_key = sender.encrypts_answers and not usable

    # === BUSINESS METHODS === #

    def _facts_values(self):
        """Say what is agreed about encryption."""
        cipher = CipherFacts(self.encryption, self.encrypts_answers)
        return super()._facts_values() | {"cipher": cipher}

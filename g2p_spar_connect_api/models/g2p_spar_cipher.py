from odoo import api, models

from ..core.sender import SenderFacts


class G2PSparCipher(models.AbstractModel):
    """Encrypted messages: opened on the way in, closed on the way out."""

    _name = "g2p.spar.cipher"
    _description = "Encryption of Messages"

    @api.private
    def open(self, facts: SenderFacts, content: dict) -> dict:
        """Return a message that can be read.

        :param content: the JSON object that was sent
        :raise EncryptionRefused: it is encrypted and cannot be opened
        """
        return content

    @api.private
    def close(self, facts: SenderFacts, body: dict) -> dict:
        """Return an answer as the sender wants it.

        :param body: an answer in plain
        """
        return body

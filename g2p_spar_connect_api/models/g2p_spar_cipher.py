import time

from odoo import api, models

from ..core.cipher import close_message, find_key, open_message
from ..core.jose.profile import PartnerKey
from ..core.sender import SenderFacts


class G2PSparCipher(models.AbstractModel):
    """Encrypted messages: opened on the way in, closed on the way out."""

    _name = "g2p.spar.cipher"
    _description = "Encryption of Messages"

    @api.private
    def open(self, facts: SenderFacts, content: dict) -> dict:
        """Return a message that can be read.

        Where answers must be encrypted, it is made sure that they can be, before
        anything is done.

        :param content: the JSON object that was sent
        :raise EncryptionRefused: it cannot be decrypted, or is not as agreed
        """
        self._find_key(facts)
        keys = self.env["g2p.spar.own.key"].get_private_keys("encryption")
        return open_message(content, facts.cipher, keys)

    @api.private
    def close(self, facts: SenderFacts, body: dict) -> dict:
        """Return an answer or callback as the sender wants it.

        :param body: in plain
        :raise EncryptionRefused: it must be encrypted, and there is no key
        """
        return close_message(body, self._find_key(facts))

    def _find_key(self, facts: SenderFacts) -> PartnerKey | None:
        return find_key(facts.cipher, facts.auth.keys, time.time())

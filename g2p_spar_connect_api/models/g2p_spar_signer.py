from odoo import api, models

from ..core.sender import SenderFacts


class G2PSparSigner(models.AbstractModel):
    """Signs what leaves the registry."""

    _name = "g2p.spar.signer"
    _description = "Signing of Messages"

    @api.private
    def sign(self, facts: SenderFacts, raw: bytes) -> dict[str, str]:
        """Return the HTTP headers that sign an answer, none when none are wanted.

        :param raw: body of the answer
        """
        return {}

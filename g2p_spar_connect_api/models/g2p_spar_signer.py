from odoo import api, models

from ..core.jose.jws import sign_detached
from ..core.sender import SenderFacts

_ALGORITHM = "ES256"


class G2PSparSigner(models.AbstractModel):
    """Signs what leaves the registry: a detached JWS over the body, byte for byte."""

    _name = "g2p.spar.signer"
    _description = "Signing of Messages"

    @api.private
    def sign(self, facts: SenderFacts, raw: bytes) -> dict[str, str]:
        """Return the HTTP headers that sign an answer, none when none are wanted.

        :param raw: body of the answer
        :raise SealError: the key of the server is missing
        """
        algorithm = facts.auth.signs
        return self._sign(raw, algorithm) if algorithm else {}

    @api.private
    def sign_always(
        self, raw: bytes, facts: SenderFacts | None = None
    ) -> dict[str, str]:
        """Return the HTTP headers that sign a callback.

        :param raw: body of the callback
        :param facts: of its receiver, for the algorithm it chose
        :raise SealError: the key of the server is missing
        """
        return self._sign(raw, (facts and facts.auth.signs) or _ALGORITHM)

    def _sign(self, raw: bytes, algorithm: str) -> dict[str, str]:
        key = self.env["g2p.spar.own.key"].get_signing_key("message", algorithm)
        return {"Signature": sign_detached(raw, key, algorithm)}

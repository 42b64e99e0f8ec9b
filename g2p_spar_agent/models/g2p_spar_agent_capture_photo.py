import base64
import hashlib

from odoo import api, fields, models

from odoo.addons.g2p_spar_fa_reference.core.seal import seal, unseal

from ..const import OFFICERS
from ..core.photo import clean_photo
from ..core.state import Event, Proof

_PURPOSE = "agent photo"


class G2PSparAgentCapture(models.Model):
    """The photo of a capture: sealed in the file store, opened for officers only."""

    _inherit = "g2p.spar.agent.capture"

    photo_sealed = fields.Binary(
        attachment=True, readonly=True, groups=fields.NO_ACCESS
    )
    photo_digest = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    photo = fields.Image(
        compute="_compute_photo",
        # Of the sealed photo only its own capture is opened, for officers.
        compute_sudo=True,
        groups=OFFICERS,
        max_width=0,
        max_height=0,
    )

    @api.depends("photo_digest")
    def _compute_photo(self):
        for capture in self.with_context(bin_size=False):
            sealed = capture.photo_sealed
            opened = sealed and unseal(base64.b64decode(sealed).decode(), _PURPOSE)
            capture.photo = base64.b64encode(opened) if opened else False

    def _take_photo(self, raw):
        """Take a photo as the proof of presence.

        :param bytes raw: as it was sent
        :raise UnfitPhoto: it cannot be taken; nothing is changed
        """
        picture = clean_photo(raw)
        sealed = seal(picture, _PURPOSE)
        self._follow(
            Event.PROVE,
            proof=Proof.PHOTO,
            proved_at=fields.Datetime.now(),
            photo_sealed=base64.b64encode(sealed.encode()),
            photo_digest=hashlib.sha256(picture).hexdigest(),
        )

from datetime import timedelta

from odoo import api, fields, models

from ..core.life import ENDLESS, is_over, warning_of
from ..core.state import State


class G2PSparMapping(models.Model):
    """What staff should know of a link that ends, or has ended."""

    _inherit = "g2p.spar.mapping"

    life_sentence = fields.Char("End of the Link", compute="_compute_life_sentence")

    @api.depends("effective_state", "valid_until", "id_type_id")
    @api.depends_context("lang", "tz")
    def _compute_life_sentence(self):
        lives = self.env["g2p.spar.id.type"].get_lives()
        now = fields.Datetime.now()
        for mapping in self:
            life = lives.get(mapping.id_type_id.id, ENDLESS)
            mapping.life_sentence = mapping._say_life(life, now)

    def _say_life(self, life, now):
        """Say that the link ends soon, or until when it can be renewed."""
        end, state = self.valid_until, self.effective_state
        if not end or not life.valid_days or is_over(life, end, now):
            return False
        if state == State.EXPIRED:
            return self.env._(
                "It can be renewed until %s. After that the address is taken away.",
                self._local(end + timedelta(days=life.grace_days)),
            )
        days = warning_of(life, end, now)
        if state != State.ACTIVE or days is None:
            return False
        return self.env._(
            "The link ends in %s days or less. Renew it if the address is still right.",
            days,
        )

from collections.abc import Sequence

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.g2p_spar_mapper.core.reason import Operation
from odoo.addons.g2p_spar_mapper.core.state import is_payable
from odoo.addons.g2p_spar_mapper.models.statements import executor

from ..core.consent import numbered, weaker
from .g2p_spar_consent import PURPOSE


class G2PSparMapper(models.AbstractModel):
    _inherit = "g2p.spar.mapper"

    @api.private
    def versions(self, mapping_ids: Sequence[int]) -> dict[int, tuple[int, bool]]:
        """Say of an answer by a consent, too, whether it still holds.

        What was resolved by a consent is named by it, as a negative number: an answer
        that waits is withheld once the consent is over.
        """
        found = super().versions([one for one in mapping_ids if one > 0])
        consents = [-one for one in mapping_ids if one < 0]
        return found | self._consented_versions(consents) if consents else found

    def _consented_versions(self, consents: list[int]) -> dict[int, tuple[int, bool]]:
        """As :meth:`versions`, for consents; what is over is missing."""
        self._check_right(Operation.RESOLVE)
        for model in ("consent", "purpose", "sender"):
            self.env[f"g2p.spar.{model}"].flush_model()
        now = fields.Datetime.now()
        rows = executor(self.env.cr)(
            SQL(
                """
                SELECT -c.id, c.disclosure, p.disclosure,
                    m.version, m.state, m.hold_until, m.valid_until
                FROM g2p_spar_consent c %(purpose)s
                JOIN g2p_spar_sender s ON s.id = c.sender_id AND s.may_ask_consent
                JOIN g2p_spar_mapping m ON m.id_key = c.id_key
                WHERE c.id = ANY(%(ids)s) AND c.state = 'active'
                    AND c.since <= %(now)s AND c.until > %(now)s
                """,
                purpose=PURPOSE,
                ids=consents,
                now=now,
            )
        )
        return {
            record_id: (
                numbered(version, weaker(agreed, told)),
                is_payable(*state, now),
            )
            for record_id, agreed, told, version, *state in rows
        }

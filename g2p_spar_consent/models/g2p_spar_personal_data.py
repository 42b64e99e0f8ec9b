from odoo import models
from odoo.tools import SQL

from ..core.consent import State


class G2PSparPersonalData(models.AbstractModel):
    """Consents of a person."""

    _inherit = "g2p.spar.personal.data"

    def _collect(self, mapping):
        """Also tell to whom the person gave which consent."""
        of_person = [("id_key", "=", mapping.id_key)]
        return super()._collect(mapping) | {
            "consents": self._found("g2p.spar.consent", of_person)
        }

    def _kinds(self):
        return super()._kinds() | {"consents": "g2p.spar.consent"}

    def _erase(self, mapping_id):
        """Also end consents; that they were given stays, under the pseudonym."""
        mapping = self.env["g2p.spar.mapping"].browse(mapping_id)
        consents = self.env["g2p.spar.consent"].search(
            [("id_key", "=", mapping.id_key)]
        )
        identities = self._identities(mapping.id_key, mapping.id_value)
        consents._end(State.WITHDRAWN)
        self.env["g2p.spar.consent.request"].search(
            [("identity_id", "in", identities.ids)]
        ).unlink()
        erased = super()._erase(mapping_id)
        self.env.execute_query(
            SQL(
                "UPDATE g2p_spar_consent SET id_key = %s WHERE id = ANY(%s)"
                " RETURNING id",
                erased.key,
                consents.ids,
            )
        )
        consents.invalidate_recordset(flush=False)
        return erased

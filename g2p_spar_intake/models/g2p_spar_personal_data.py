from odoo import models
from odoo.tools import SQL


class G2PSparPersonalData(models.AbstractModel):
    """What lists leave readable of a person; their rows are sealed, and purged."""

    _inherit = "g2p.spar.personal.data"

    def _erase(self, mapping_id):
        """Also forget the previews in which the person stands; examples are masked."""
        erased = super()._erase(mapping_id)
        self.env.execute_query(
            SQL(
                "DELETE FROM g2p_spar_intake_preview_line WHERE person = ANY(%(said)s)"
                " OR address = ANY(%(said)s) OR name = ANY(%(said)s) RETURNING id",
                said=list(erased.said),
            )
        )
        return erased

from odoo import models
from odoo.tools import SQL


class G2PSparPersonalData(models.AbstractModel):
    """What lists leave readable of a person; their rows are sealed, and purged."""

    _inherit = "g2p.spar.personal.data"

    def _erase(self, mapping_id):
        """Also forget the examples and previews in which the person stands."""
        erased = super()._erase(mapping_id)
        said = list(erased.said)
        self.env.execute_query(
            SQL(
                "UPDATE g2p_spar_intake_column SET example = NULL"
                " WHERE example = ANY(%s) RETURNING id",
                said,
            )
        )
        self.env.execute_query(
            SQL(
                "DELETE FROM g2p_spar_intake_preview_line WHERE person = ANY(%(said)s)"
                " OR address = ANY(%(said)s) OR name = ANY(%(said)s) RETURNING id",
                said=said,
            )
        )
        return erased

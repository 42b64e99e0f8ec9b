from odoo import models
from odoo.tools import SQL


class G2PSparPersonalData(models.AbstractModel):
    """Shared addresses, which the reports count by their key."""

    _inherit = "g2p.spar.personal.data"

    def _erase(self, mapping_id):
        """Also forget addresses that are no longer shared; counts do not change.

        An address that others share goes on being counted: it is theirs too.
        """
        erased = super()._erase(mapping_id)
        self.env.execute_query(
            SQL(
                """
                DELETE FROM g2p_spar_tally_address t WHERE fa_key = ANY(%s)
                AND (SELECT count(*) FROM g2p_spar_mapping m
                     WHERE m.fa_key = t.fa_key AND m.state <> 'unlinked') < 2
                RETURNING id
                """,
                list(erased.fa_keys),
            )
        )
        return erased

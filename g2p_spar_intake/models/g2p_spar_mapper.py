from collections.abc import Sequence

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.g2p_spar_mapper.core.commands import Origin, Outcome
from odoo.addons.g2p_spar_mapper.core.reason import Operation

_KEY = "g2p_spar_foreseeing"
#: An object of this process: no context that comes over RPC can hold it.
_FORESEEING = object()


class G2PSparMapper(models.AbstractModel):
    _inherit = "g2p.spar.mapper"

    @api.private
    def foresee(
        self, operation: Operation, items: Sequence, origin: Origin
    ) -> list[Outcome]:
        """Say what would become of items now, and write nothing.

        They are read, compared with what is stored and planned as the operation
        itself does it. IDs that another mapper keeps are not asked about there.

        :param operation: link, update or unlink
        :return: outcomes, aligned with the items
        """
        trying = self.with_context(**{_KEY: _FORESEEING})
        return getattr(trying, operation.value)(items, origin)

    @api.private
    def is_foreseeing(self) -> bool:
        """Whether the call at hand only asks what would happen."""
        return self.env.context.get(_KEY) is _FORESEEING

    def _write_plan(self, plan, stored, author):
        if not self.is_foreseeing():
            return super()._write_plan(plan, stored, author)
        new = [key for key in plan.written if key not in stored]
        if not new:
            return set()
        rows = self.env.execute_query(
            SQL("SELECT id_key FROM g2p_spar_mapping WHERE id_key = ANY(%s)", new)
        )
        # As if another had linked them first: they are planned again.
        return {key for (key,) in rows}

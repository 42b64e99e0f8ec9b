from collections.abc import Sequence

from odoo import api, models

from odoo.addons.g2p_spar_mapper.core.commands import Origin, Outcome
from odoo.addons.g2p_spar_mapper.core.reason import Cause, Operation

from ..core.remote.split import MOST_HOPS, split


class G2PSparMapper(models.AbstractModel):
    _inherit = "g2p.spar.mapper"

    @api.private
    def forward(self, operation: Operation, items: Sequence, origin: Origin) -> list:
        """Have those items done whose type of ID is kept by another mapper.

        What is tried out in a sandbox stays here, and so does what is only foreseen.
        """
        items = super().forward(operation, items, origin)
        routes = self.env["g2p.spar.remote.mapper"].get_routes()
        if not routes or origin.sandbox or self.is_foreseeing():
            return items
        self._check_right(operation)
        kept, away = split(operation, items, self._reader(origin), routes)
        for mapper, entries in away.items():
            if origin.hops >= MOST_HOPS:
                outcomes = [Outcome(Cause.REMOTE_REFUSED)] * len(entries)
            else:
                outcomes = self.env["g2p.spar.remote"].exchange(
                    mapper, operation, entries, origin
                )
            for entry, outcome in zip(entries, outcomes, strict=True):
                kept[entry.index] = outcome
        return kept

from odoo import models

from odoo.addons.g2p_spar_mapper.core.commands import Outcome
from odoo.addons.g2p_spar_mapper.core.reason import Cause

from ..core.clashes import ClashFinder
from ..core.csv_rows import CsvRecords, read_cells
from ..core.matching import Matching
from ..core.piece import split
from ..core.row import Refused

#: Rows of a preview.
_PREVIEWED = 20


class G2PSparIntake(models.Model):
    """What would become of the first rows, before anything is done."""

    _inherit = "g2p.spar.intake"

    def action_preview(self):
        """Show what would happen to the first rows."""
        self.ensure_one()
        self._check_manager()
        self._check_editable()
        matching = self._check_matching()
        # What is on disk is the service's; the preview shows it to its officer.
        rows = self.sudo()._peek(matching)
        preview = self.env["g2p.spar.intake.preview"].create(
            {
                "intake_id": self.id,
                "line_ids": [(0, 0, values) for values in rows],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("First rows"),
            "res_model": preview._name,
            "res_id": preview.id,
            "view_mode": "form",
            "target": "new",
        }

    def _peek(self, matching: Matching) -> list[dict]:
        """Return what would become of the first rows, as lines of a preview."""
        if not self.total:
            return []
        pieces = self._read_first_pieces()
        raws = [piece.raw for piece in pieces]
        finder = ClashFinder()
        self._compare(finder, matching, raws, 1)
        cells = read_cells(raws, ",", 1)
        items = self._read_items(matching, cells, 1, finder.close())
        self = self.with_context(lang=self.env.user.lang)
        captures = self._read_captures(matching, cells, items)
        items = self._hold_newer(matching, items, captures)
        outcomes = self._ask_registry(matching, items, captures, is_trial=True)
        return [
            self._preview_values(number, item, outcome)
            for number, (item, outcome) in enumerate(
                zip(items, outcomes, strict=True), 1
            )
        ]

    def _read_first_pieces(self):
        blocks = self._read_blocks_on_disk(self._get_key(), self.start)
        pieces = split(CsvRecords(self.start), blocks)
        return [piece for piece, _ in zip(pieces, range(_PREVIEWED), strict=False)]

    def _preview_values(self, number: int, item, outcome: Outcome) -> dict:
        is_refused = isinstance(item, Refused)
        values = {
            "number": number,
            "outcome": self._say(item, outcome),
            "is_refused": is_refused or not outcome.succeeded,
            "waits": not is_refused and outcome.cause == Cause.WAITING,
        }
        if is_refused:
            return values
        parts = getattr(item, "fa_parts", None) or {}
        return values | {
            "person": item.id,
            "address": item.fa or " · ".join(filter(None, parts.values())),
            "name": getattr(item, "name", None),
        }

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.g2p_spar_mapper.core.commands import Origin, Outcome
from odoo.addons.g2p_spar_mapper.core.reason import Cause, Operation

from ..core.capture import AT, DEVICE, Capture, CaptureReader, find_late
from ..core.matching import Matching
from ..core.row import Refused


class G2PSparIntake(models.Model):
    """Rows that were captured without a network: newer changes win over them."""

    _inherit = "g2p.spar.intake"

    @api.model
    def _refuse_devices(self, devices: set[str]) -> set[str]:
        """Return those devices of which nothing is taken; an addon may know some."""
        return set()

    def _get_capture_reader(self, matching: Matching) -> CaptureReader:
        zone = ZoneInfo(self.user_id.tz or "UTC")
        return CaptureReader(matching, zone, fields.Datetime.now())

    def _read_captures(self, matching: Matching, cells, items: list) -> list:
        """Read when and where some rows were captured.

        :param items: a reason takes the place of a row whose capture is refused
        :return: for each row its capture, or none
        """
        reader = self._get_capture_reader(matching)
        if not reader:
            return [None] * len(items)
        captures = [
            None if isinstance(item, Refused) else reader.read(row)
            for row, item in zip(cells, items, strict=True)
        ]
        devices = {c.device for c in captures if isinstance(c, Capture) and c.device}
        unwanted = self._refuse_devices(devices) if devices else set()
        for place, capture in enumerate(captures):
            if isinstance(capture, Capture) and capture.device in unwanted:
                capture = reader.refuse("device_unknown", DEVICE)
            if isinstance(capture, Refused):
                items[place], captures[place] = capture, None
        return captures

    def _hold_newer(self, matching: Matching, items: Sequence, captures) -> list:
        """Refuse rows that would overwrite what was changed after their capture.

        The persons' rows are locked until the transaction ends, so nobody changes
        them between this look and the change.
        """
        asked = [
            capture if not isinstance(item, Refused | Outcome) else None
            for item, capture in zip(items, captures, strict=True)
        ]
        if not any(capture and capture.at for capture in asked):
            return list(items)
        reference = self.env["g2p.spar.strategy"].get_reference()
        keys = [
            key_of(reference, item.id) if capture else None
            for item, capture in zip(items, asked, strict=True)
        ]
        late = find_late(asked, keys, self._read_changes(keys))
        return self._refuse_late(matching, list(items), late)

    def _read_changes(self, keys) -> dict:
        """Return when each of some IDs was changed last, and lock them."""
        wanted = sorted({key for key in keys if key})
        rows = self.env.execute_query(
            SQL(
                "SELECT id_key, changed_at FROM g2p_spar_mapping"
                " WHERE id_key = ANY(%s) ORDER BY id_key FOR NO KEY UPDATE",
                wanted,
            )
        )
        return dict(rows)

    def _refuse_late(self, matching: Matching, items: list, late: list[int]) -> list:
        """Refuse late rows, but for those that say what is stored already."""
        if not late:
            return items
        outcomes = self._mapper().foresee(
            Operation(matching.operation),
            [items[place] for place in late],
            self._make_origin(),
        )
        reader = self._get_capture_reader(matching)
        for place, outcome in zip(late, outcomes, strict=True):
            if outcome.cause != Cause.UNCHANGED:
                items[place] = reader.refuse("changed_since", AT)
        return items

    def _group_by_device(self, captures) -> dict[str | None, list[int]]:
        """Return the places of the rows of each device, in their order."""
        groups: dict[str | None, list[int]] = {}
        for place, capture in enumerate(captures):
            groups.setdefault(capture and capture.device, []).append(place)
        return groups

    def _origin_of(self, device: str | None) -> Origin:
        """Return where rows come from, for the history."""
        origin = self._make_origin()
        if not device:
            return origin
        return origin._replace(channel="agent", evidence=f"device {device}")


def key_of(reference, text: str) -> str | None:
    """Return the key of an ID, none where it cannot be one."""
    try:
        return reference.read_id(text).id_key
    except ValueError:
        return None

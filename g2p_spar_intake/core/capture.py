"""When and on which device a row was captured, where there was no network.

A list that comes in late must not undo what was changed meanwhile: of two changes
the one that was captured later is right, whichever arrives first.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from . import mark
from .day import UnclearDate, start_of
from .matching import Matching
from .row import Refused

AT, DEVICE = "captured_at", "device"
DEVICE_LIMIT = 64
#: How far the clock of a device may be ahead of ours.
TOLERANCE = timedelta(minutes=5)


class Capture(NamedTuple):
    """Of one row.

    :param at: naive UTC; none: nobody said
    :param device: name of the device; none: nobody said
    """

    at: datetime | None = None
    device: str | None = None


class CaptureReader:
    """Reads when and where the rows of one file were captured.

    :param matching: what its columns mean
    :param zone: of times that name none
    :param now: naive UTC
    """

    def __init__(self, matching: Matching, zone: tzinfo, now: datetime):
        self._places = {
            field: matching.fields.index(field)
            for field in (AT, DEVICE)
            if field in matching.fields
        }
        self._order, self._zone, self._now = matching.date_order, zone, now

    def __bool__(self) -> bool:
        """Whether the file says anything of it."""
        return bool(self._places)

    def read(self, cells: Sequence[str]) -> Capture | Refused:
        """Return when and where a row was captured.

        :param cells: of a row that could be read otherwise
        """
        texts = {
            field: mark.read(cells[place])[1] for field, place in self._places.items()
        }
        device = texts.get(DEVICE) or None
        if device and (len(device) > DEVICE_LIMIT or not device.isprintable()):
            return self.refuse("device_invalid", DEVICE)
        if AT not in texts:
            return Capture(None, device)
        if not texts[AT]:
            return self.refuse("captured_missing", AT)
        return self._read_moment(texts[AT], device)

    def _read_moment(self, text: str, device: str | None) -> Capture | Refused:
        try:
            at = start_of(text, self._order, self._zone)
        except UnclearDate as error:
            return self.refuse(error.code, AT)
        if at > self._now + TOLERANCE:
            return self.refuse("captured_later", AT)
        return Capture(at, device)

    def refuse(self, code: str, field: str) -> Refused:
        """Return why a row is refused for one of these fields."""
        return Refused(code, self._places[field] + 1)


def find_late(
    captures: Sequence[Capture | None],
    keys: Sequence[str | None],
    changed: Mapping[str, datetime],
) -> list[int]:
    """Return the places of rows whose person was changed after they were captured.

    :param captures: of the rows; none: the row is not asked for
    :param keys: of the persons' IDs, in the same order
    :param changed: key -> last change in the registry, naive UTC
    """
    return [
        place
        for place, (capture, key) in enumerate(zip(captures, keys, strict=True))
        if capture and capture.at and key in changed and changed[key] > capture.at
    ]

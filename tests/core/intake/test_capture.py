"""What was captured without a network does not undo newer changes."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_intake.core import mark
from odoo.addons.g2p_spar_intake.core.capture import (
    Capture,
    CaptureReader,
    find_late,
)
from odoo.addons.g2p_spar_intake.core.matching import Matching, guess_fields
from odoo.addons.g2p_spar_intake.core.row import Refused

NOW = datetime.fromisoformat("2026-11-20T12:00")
EAST = timezone(timedelta(hours=8))
BOTH = Matching("link", ("id", "captured_at", "device"))


def read(*cells, matching=BOTH, zone=timezone.utc):
    """When and where a row was captured."""
    return CaptureReader(matching, zone, NOW).read(cells)


def test_columns_are_known_by_their_names():
    names = ("Captured at", "Device ID", "Appareil")
    assert guess_fields(names) == ("captured_at", "device", "")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-20T10:00:00Z", "2026-11-20T10:00"),
        ("2026-11-20T10:00+08:00", "2026-11-20T02:00"),
        ("2026-11-20 18:30", "2026-11-20T10:30"),
        ("20/11/2026", "2026-11-19T16:00"),
        (mark.put("date", "2026-11-20"), "2026-11-19T16:00"),
    ],
)
def test_moment_is_read_and_a_day_counts_from_its_beginning(text, at):
    moment = datetime.fromisoformat(at)
    assert read("i", text, "t1", zone=EAST) == Capture(moment, "t1")


@pytest.mark.parametrize(
    ("cells", "refused"),
    [
        (("i", "", "t1"), Refused("captured_missing", 2)),
        (("i", "2026-11-20T12:05:01Z", ""), Refused("captured_later", 2)),
        (("i", "yesterday", ""), Refused("date_unreadable", 2)),
        (("i", "03/04/2026", ""), Refused("date_ambiguous", 2)),
        (("i", "2026-11-20T25:00", ""), Refused("date_unreadable", 2)),
        (("i", "2026-11-20", "x" * 65), Refused("device_invalid", 3)),
        (("i", "2026-11-20", "a\nb"), Refused("device_invalid", 3)),
    ],
)
def test_refused(cells, refused):
    assert read(*cells) == refused


def test_clock_of_a_device_may_be_a_little_ahead():
    assert read("i", "2026-11-20T12:05:00Z", "").at == NOW + timedelta(minutes=5)


def test_columns_that_are_not_there():
    only_device = Matching("link", ("device", "id"))
    assert read("t", "i", matching=only_device) == Capture(None, "t")
    assert not CaptureReader(Matching("link", ("id",)), timezone.utc, NOW)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=9))
def test_late_is_what_was_changed_after_its_capture(pairs):
    """The first number is the minute of the capture, the second of the change."""
    captures = [Capture(NOW + timedelta(minutes=first)) for first, _second in pairs]
    keys = [str(place) for place in range(len(pairs))]
    changed = {
        key: NOW + timedelta(minutes=second)
        for key, (_first, second) in zip(keys, pairs, strict=True)
    }
    late = find_late(captures, keys, changed)
    assert late == [place for place, (a, b) in enumerate(pairs) if b > a]
    assert find_late(captures, keys, {}) == []
    assert find_late([None] * len(keys), keys, changed) == []

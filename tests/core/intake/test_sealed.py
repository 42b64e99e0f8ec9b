"""Files on disk that only their key opens."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.g2p_spar_fa_reference.core.seal import SealError
from odoo.addons.g2p_spar_intake.core import sealed

KEY = bytes(range(32))


@pytest.fixture(autouse=True)
def _short_segments(monkeypatch):
    monkeypatch.setattr(sealed, "SEGMENT", 10)


def write(content: bytes) -> bytes:
    """Seal a file."""
    target = io.BytesIO()
    writer = sealed.SealedWriter(target, KEY)
    segments = [content[n : n + 10] for n in range(0, len(content), 10)] or [b""]
    for segment in segments[:-1]:
        writer.write(segment)
    writer.write(segments[-1], is_last=True)
    return target.getvalue()


def read(stored: bytes, size: int, offset=0, key=KEY) -> bytes:
    """Open a file."""
    return b"".join(sealed.read_sealed(io.BytesIO(stored), key, size, offset))


@given(st.binary(max_size=55), st.integers(0, 60))
@settings(deadline=None)
def test_round_trip_from_any_place(content, offset):
    assert read(write(content), len(content), offset) == content[offset:]


def test_content_is_not_to_be_seen():
    assert b"account" not in write(b"account" * 5)


@pytest.mark.parametrize(
    "change",
    [
        lambda stored: stored[:-1],
        lambda stored: stored[:26],
        lambda stored: stored[26:],
        lambda stored: stored[26:52] + stored[:26] + stored[52:],
        lambda stored: bytes([stored[0] ^ 1]) + stored[1:],
    ],
    ids=["shorter", "one segment", "first gone", "exchanged", "one bit"],
)
def test_changed_file_does_not_open(change):
    with pytest.raises(SealError):
        read(change(write(b"x" * 25)), 25)


def test_file_of_another_size_does_not_open():
    for size in (5, 15, 35):
        with pytest.raises(SealError):
            read(write(b"x" * 25), size)


def test_parts_open_with_key_and_label_alone():
    part = sealed.seal_part(b"result", KEY, b"1")

    assert sealed.open_part(part, KEY, b"1") == b"result"
    assert part != sealed.seal_part(b"result", KEY, b"1")
    for wrong in ((part, KEY, b"2"), (part, bytes(32), b"1"), (b"", KEY, b"1")):
        with pytest.raises(SealError):
            sealed.open_part(*wrong)


@given(
    st.binary(max_size=55), st.lists(st.tuples(st.integers(-5, 60), st.integers(0, 30)))
)
@settings(deadline=None)
def test_sealed_file_is_read_from_any_place_like_a_plain_one(content, steps):
    stored = io.BytesIO(write(content))
    opened = io.BufferedReader(sealed.SealedFile(stored, KEY, len(content)), 4)
    plain = io.BytesIO(content)
    for place, count in steps:
        for file in (opened, plain):
            file.seek(max(place, 0))
        assert opened.read(count) == plain.read(count)
        assert opened.tell() == plain.tell()
    assert opened.seek(-1, io.SEEK_END) == max(len(content) - 1, 0)
    opened.close()
    assert stored.closed


def test_sealed_file_that_was_changed_is_not_read():
    stored = bytearray(write(b"x" * 25))
    stored[30] ^= 1
    opened = sealed.SealedFile(io.BytesIO(stored), KEY, 25)
    assert opened.read(5) == b"xxxxx"
    with pytest.raises(SealError):
        opened.read()

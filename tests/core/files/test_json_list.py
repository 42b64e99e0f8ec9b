"""The list of a JSON file, element by element: as a parser of whole documents."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_connect_api.core.file.json_list import JsonList
from odoo.addons.g2p_spar_intake.core.errors import UnfitFile
from odoo.addons.g2p_spar_intake.core.piece import split, take

from core.files.parts import cut, document

KEY = "link_request"

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(['"', "\\", '\\"', "[", "]", "{}", ",", '","', KEY, "message"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
places = st.lists(st.integers(0, 4000), max_size=30)


@given(st.lists(values), values, st.booleans(), st.booleans(), places)
@example([], None, False, False, [])
@example([[]], "x", False, True, [30, 31, 32])
def test_pieces_are_the_elements(items, other, is_late, has_space, stops):
    before, after = {"extra": other, "message_id": KEY}, {"late": other}
    message = {"other": other, KEY: items, "transaction_id": "t"}
    content = {"header": before, "message": message, "z": after}
    if is_late:
        content = {"message": message, "header": before}
    data = json.dumps(content, indent=2 if has_space else None).encode()
    splitter = JsonList(KEY)

    pieces = list(split(splitter, cut(data, stops)))

    assert [json.loads(piece.raw) for piece in pieces] == items
    content["message"] = message | {KEY: []}
    assert json.loads(splitter.frame) == content


@given(st.lists(values), places, st.integers(0, 30))
def test_reading_goes_on_where_it_ended(items, stops, count):
    data = document(items)
    splitter = JsonList(KEY)
    all_pieces = list(split(splitter, cut(data, stops)))
    first = all_pieces[:count]
    offset = first[-1].end if first else splitter.start

    rest = list(split(JsonList(KEY, offset), cut(data[offset:], stops)))

    assert [piece.raw.strip() for piece in first + rest] == [
        piece.raw.strip() for piece in all_pieces
    ]
    assert [piece.end for piece in first + rest] == [piece.end for piece in all_pieces]


@given(st.binary(max_size=400), places)
@example(b'{"message":{"link_request":[{]}}', [])
def test_any_bytes_are_cut_up_or_refused(data, stops):
    try:
        pieces = list(split(JsonList(KEY), cut(data, stops)))
    except UnfitFile as refusal:
        assert refusal.sentence.endswith(".")
    else:
        assert all(piece.end <= len(data) for piece in pieces)


def test_take_reads_no_more_than_asked():
    def blocks():
        yield document(list(range(1000)))[:3000]
        raise AssertionError("read on")

    start = document([]).index(b"[") + 1
    taken = take(JsonList(KEY, start), _after(blocks(), start), 3)

    assert [piece.raw.strip() for piece in taken] == [b"0", b"1", b"2"]


def _after(blocks, start):
    for block in blocks:
        yield block[start:]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{}", "has no list"),
        (b'{"link_request": [1]}', "has no list"),
        (b'["message", {"link_request": [1]}]', "has no list"),
        (b'{"a": {"message": {"link_request": [1]}}}', "has no list"),
        (b'{"message": {"link_request": [1', "ends inside"),
        (b'{"message": {"link_request": ["a', "ends inside"),
        (b'{"message": {"link_request": [1], "link_request": [2]}}', "twice"),
        (b'{"message": {"link_request": [' + b"[" * 200, "too deeply"),
        (b"[" * 200, "too deeply"),
        (b'{"message": {"link_request": ["' + b"a" * 70_000, "Row 1 is longer"),
        (b'{"message": {"link_request": [1,' + b" " * 70_000, "Row 2 is longer"),
        (b'{"a": "' + b"a" * 70_000, "outside message.link_request"),
        (b'{"message": {"link_request": []}, "a": "' + b"a" * 70_000, "outside"),
    ],
)
def test_refused(data, words):
    with pytest.raises(UnfitFile, match=words):
        list(split(JsonList(KEY), [data]))

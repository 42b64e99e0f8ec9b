"""A whole file, checked before anything of it is done."""

import gzip
import io
import json
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_connect_api.core.file.check import check_file
from odoo.addons.g2p_spar_connect_api.core.file.layout import read_layout
from odoo.addons.g2p_spar_intake.core.errors import UnfitFile
from odoo.addons.g2p_spar_intake.core.piece import take
from odoo.addons.g2p_spar_mapper.core.reason import Operation

from core.files.parts import csv_file, cut, document

LINK = Operation.LINK
references = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=9)


def check(format_, data, limit=1000, blocks=None):
    """Check a file."""
    return check_file(LINK, format_, blocks or [data], limit)


def rows_of(checked, data, offset=None):
    """Read all rows of a checked file again."""
    layout = checked.layout
    offset = layout.start if offset is None else offset
    pieces = take(layout.splitter(offset), [data[offset:]], checked.total)
    return layout.read([piece.raw for piece in pieces], 1, "now")


@given(references, st.lists(st.integers(0, 999), max_size=9))
def test_json_file(names, stops):
    items = [{"reference_id": name, "id": "i"} for name in names]
    data = document(items)

    checked = check("json", data, blocks=cut(data, stops))

    assert checked.total == len(items)
    assert rows_of(checked, data) == items
    assert checked.frame == json.loads(document([]))
    assert list(checked.repeated) == [
        number for number, name in enumerate(names, 1) if name in names[: number - 1]
    ]


@given(references)
@example(["a", "a"])
def test_csv_file(names):
    data = csv_file("reference_id,id,fa", *[f"{name},i,f" for name in names])

    checked = check("csv", data)

    items = rows_of(checked, data)
    told = [name or str(number) for number, name in enumerate(names, 1)]
    assert [item["reference_id"] for item in items] == told
    assert list(checked.repeated) == [
        number for number, name in enumerate(told, 1) if name in told[: number - 1]
    ]


def test_layout_is_read_back_as_it_was_kept():
    for format_, data in (
        ("json", document([1])),
        ("csv", csv_file("id;fa", "1;2")),
    ):
        layout = check(format_, data).layout
        kept = json.loads(json.dumps(layout.write()))
        assert read_layout(LINK, format_, kept) == layout


def test_items_of_any_type_keep_their_place():
    items = [1, None, {"reference_id": 5}, [], "x", {"id": "\ud800"}]

    checked = check("json", document(items))

    assert checked.total == len(items)


def _archive() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("items.csv", "id,fa")
    return target.getvalue()


@pytest.mark.parametrize(
    ("format_", "data", "words"),
    [
        ("json", b"", "empty"),
        ("csv", b"", "empty"),
        ("csv", b"\n\n", "no rows"),
        ("json", _archive(), "zip archive"),
        ("csv", _archive(), "zip archive"),
        ("json", gzip.compress(b"{}"), "gzip"),
        ("json", b"%PDF-1.7", "PDF"),
        ("csv", "id,fa\n".encode("utf-16"), "UTF-16"),
        ("csv", "id,fa\n".encode("utf-16-le"), "UTF-16"),
        ("json", "{}".encode("utf-32"), "UTF-16 or UTF-32"),
        ("json", b"id,fa\n1,2\n", "not begin with a JSON object"),
        ("json", b"[1]", "not begin with a JSON object"),
        ("csv", document([]), "fileFormat json"),
        ("csv", csv_file("id,fa", "\xe9").decode().encode("latin-1"), "Row 1 is not"),
        ("csv", csv_file("id,fa", *["1,2"] * 11), "more than 10 rows"),
        ("json", document(list(range(11))), "more than 10 rows"),
        ("json", document([1, 2]).replace(b"2", b"tru"), "Item 2 of the list"),
        ("json", document([1, 2]).replace(b"2", b""), "Item 2 of the list"),
        ("json", document([1]).replace(b"1]", b"1,]"), "Item 2 of the list"),
        ("json", document([]).replace(b"[]", b"[,]"), "Item 1 of the list"),
        ("json", document([{}]).replace(b"{}", b"{]"), "Item 1 of the list|around"),
        ("json", document(["a"]).replace(b"a", b"\xff", 1), "around|Item"),
        ("json", document(["a"]).replace(b'"a"', b'"\xff"'), "Item 1 of the list"),
        ("json", document([])[:-1], "around message.link_request is not JSON"),
        ("json", document([]) + b"x", "around message.link_request is not JSON"),
        ("json", document([], link_requestt=[]), None),
        (
            "json",
            document([]).replace(b'"header"', b'"message": {}, "header"') + b" ",
            None,
        ),
        ("json", document([])[:-1] + b', "message": {}}', "twice"),
    ],
)
def test_other_files(format_, data, words):
    if words is None:
        assert check(format_, data).total == 0
        return
    with pytest.raises(UnfitFile, match=words):
        check(format_, data, limit=10)

"""CSV rows as items, results as CSV rows, and cells no spreadsheet runs."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_connect_api.core.file.columns import (
    RESULT_COLUMNS,
    read_columns,
    write_first_row,
    write_results,
)
from odoo.addons.g2p_spar_intake.core.cell import guard, unguard
from odoo.addons.g2p_spar_intake.core.errors import UnfitFile
from odoo.addons.g2p_spar_mapper.core.reason import Operation

LINK, RESOLVE = Operation.LINK, Operation.RESOLVE
STAMP = "2026-03-01T11:59:00Z"


def to_item(first_row: bytes, cells, operation=LINK):
    """The first item of a file with these columns."""
    return read_columns(operation, first_row).to_item(cells, 1, STAMP)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_cells_become_the_fields_of_an_item(delimiter):
    first_row = delimiter.join(["fa", " id ", "info:branch, old", "name"]).encode()
    if delimiter == ",":
        first_row = b'fa," id ","info:branch, old",name'

    item = to_item(first_row, ["f", "i", "b", "n"])

    assert item == {
        "reference_id": "1",
        "timestamp": STAMP,
        "id": "i",
        "fa": "f",
        "name": "n",
        "additional_info": [{"name": "branch, old", "value": "b"}],
    }


def test_empty_cells_are_fields_that_are_not_there():
    cells = ["", "i", "", ""]

    assert to_item(b"reference_id,id,fa,info:x", cells) == {
        "reference_id": "1",
        "timestamp": STAMP,
        "id": "i",
    }


def test_own_reference_and_time_stand():
    item = to_item(b"id,reference_id,timestamp", ["i", "r", "t"], RESOLVE)

    assert (item["reference_id"], item["timestamp"]) == ("r", "t")


def test_row_of_another_length_is_no_item():
    for cells in (["i"], ["i", "f", "x"], []):
        assert to_item(b"id,fa", cells) is None


@pytest.mark.parametrize(
    ("operation", "first_row", "words"),
    [
        (LINK, b"id", "no column fa"),
        (LINK, b"fa", "no column id"),
        (RESOLVE, b"reference_id", "no column id or fa"),
        (LINK, b"id,fa,id", "column 3 a second time"),
        (LINK, b"id,fa,scope", "column 3 is not known for link"),
        (RESOLVE, b"id,info:x", "column 2 is not known for resolve"),
        (LINK, b"id,fa,info:", "column 3 is not known"),
        (LINK, b"token:8267@nationalId,account:1@b", "column 1 is not known"),
        (LINK, b"id,fa," + b",".join(b"info:%d" % n for n in range(60)), "50 columns"),
    ],
)
def test_first_row_refused(operation, first_row, words):
    with pytest.raises(UnfitFile, match=words) as caught:
        read_columns(operation, first_row)

    assert "8267" not in caught.value.sentence


@given(st.text())
@example("'=1+1")
@example("＝1")
def test_guarded_cells_are_no_formulas_and_come_back(text):
    cell = guard(text)

    assert not cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))
    assert unguard(cell) == text


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_results_come_back_as_they_were(reference, sentence):
    result = {
        "reference_id": reference,
        "id": "@id",
        "fa": None,
        "status_reason_message": sentence,
        "account_provider_info": {"name": "=Bank", "code": "B", "subcode": None},
        "additional_info": [{"name": "x"}],
    }

    written = write_first_row() + write_results([result], 7)

    [row] = csv.DictReader(io.StringIO(written.decode(), newline=""))
    values = {name: unguard(cell) for name, cell in row.items()}
    assert tuple(row) == RESULT_COLUMNS
    assert values == dict.fromkeys(RESULT_COLUMNS, "") | {
        "row": "7",
        "reference_id": reference,
        "id": "@id",
        "status_reason_message": sentence,
        "provider_name": "=Bank",
        "provider_code": "B",
    }

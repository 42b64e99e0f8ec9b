"""Any CSV becomes the one CSV that later work knows."""

import csv
import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_intake.core import table as table_module
from odoo.addons.g2p_spar_intake.core.csv_rows import CsvRecords, read_cells
from odoo.addons.g2p_spar_intake.core.delimiter import DELIMITERS, find_delimiter
from odoo.addons.g2p_spar_intake.core.encoding import EncodingFinder
from odoo.addons.g2p_spar_intake.core.errors import UnfitFile
from odoo.addons.g2p_spar_intake.core.piece import split
from odoo.addons.g2p_spar_intake.core.table import read_csv, write_table

from core.files.parts import cut

places = st.lists(st.integers(0, 3000), max_size=20)
words = st.text(
    st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=6
)
cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\x1a'\r\ufeff"), max_size=8
).map(str.strip)
EICAR = (
    r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE" + "!$H+H*"
)


def read(data: bytes, stops=()):
    """Names and rows of a file."""
    finder = EncodingFinder()
    blocks = cut(data, stops)
    for block in blocks:
        finder.feed(block)
    table = read_csv(blocks, finder.close())
    return table.names, list(table.rows)


@given(
    st.lists(words, min_size=2, max_size=5, unique_by=str.casefold),
    st.lists(st.lists(cells, min_size=5, max_size=5), max_size=6),
    st.sampled_from(DELIMITERS),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
    places,
)
def test_every_make_of_csv_says_the_same(names, rows, mark, encoding, end, stops):
    rows = [row[: len(names)] for row in rows]
    rows = [row for row in rows if any(row)]
    text = io.StringIO(newline="")
    csv.writer(
        text, delimiter=mark, lineterminator=end, quoting=csv.QUOTE_ALL
    ).writerows([names, *rows])

    found, found_rows = read(text.getvalue().encode(encoding), stops)

    assert found == tuple(names)
    assert found_rows == rows


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=6))
def test_what_was_written_anew_is_read_again(rows):
    names = ("a", "b", "c")
    written = b"".join(write_table(table_module.Table(names, iter(rows))))
    raws = [piece.raw for piece in split(CsvRecords(), [written])]
    assert read_cells(raws, ",", 1) == [list(names), *rows]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("id;fa\n1;2\n", [["1", "2"]]),
        ("sep=;\r\nid;fa,x\r\n1;2,3\r\n", [["1", "2,3"]]),
        ("id|fa\n1|2\n\n", [["1", "2"]]),
        ('id,fa\n"a\nb",2\n', [["a\nb", "2"]]),
        ("id,fa\n'+639,2\n", [["+639", "2"]]),
        ("id,fa,\n 1 ,2,\n", [["1", "2"]]),
        ("id,fa\n,\n1,2\n", [["1", "2"]]),
        (f"id;fa\n1;{EICAR}\n", [["1", EICAR]]),
        ("id;fa\n1,2;3\n1,2;4\n", [["1,2", "3"], ["1,2", "4"]]),
    ],
)
def test_cells(text, rows):
    assert read(text.encode())[1] == rows


@pytest.mark.parametrize(
    ("data", "words_"),
    [
        (b"", "no rows"),
        (b"\n\n", "no rows"),
        (b"id\n1\n2\n", "one column only"),
        (b"id,fa\r1,2\r3,4\r", "Row 1 cannot be read as CSV.* and line ends"),
        (b'id,fa\n1,2\n"a "b" c",2\n', "Row 3 cannot be read as CSV"),
        (b'"id"x,fa\n1,2\n', "Row 1 cannot be read as CSV"),
        (b"id,fa,ID\n1,2,3\n", "Columns 1 and 3 have the same name"),
        (b"id,fa\n1,2\0\n", "NUL"),
        (b'id,fa\n1,"2\n', "never closed"),
        (b"id," + b"x" * 200 + b"\n1,2\n", "too long for a name"),
        (",".join(f"c{n}" for n in range(200)).encode(), "more than 100 columns"),
    ],
)
def test_refused(data, words_):
    with pytest.raises(UnfitFile, match=words_):
        read(data)


def test_more_rows_than_there_may_be(monkeypatch):
    monkeypatch.setattr(table_module, "ROW_LIMIT", 2)
    with pytest.raises(UnfitFile, match="more than 2 rows"):
        read(b"id,fa\n1,2\n3,4\n5,6\n")


@given(
    st.lists(st.lists(words, min_size=3, max_size=3), min_size=1, max_size=9),
    st.sampled_from(DELIMITERS),
)
def test_delimiter_is_found(rows, mark):
    assume(not any(other in "".join(map("".join, rows)) for other in DELIMITERS))
    assert find_delimiter([mark.join(row) for row in rows]) == mark


def test_marks_are_ours_alone():
    assert read(b"a,b\n\x1anumber:42,'+1\n")[1] == [["\x1acontrol: number:42", "+1"]]

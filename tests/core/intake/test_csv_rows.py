"""CSV records: as Python's csv reads a whole file."""

import csv
import io

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_intake.core.csv_rows import (
    CsvRecords,
    read_cells,
    write_cells,
)
from odoo.addons.g2p_spar_intake.core.errors import UnfitFile
from odoo.addons.g2p_spar_intake.core.piece import split

from core.files.parts import csv_file, cut

places = st.lists(st.integers(0, 2000), max_size=30)
cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
tables = st.lists(st.lists(cells, min_size=2, max_size=4), max_size=8)


def read(data: bytes, stops=(), delimiter=","):
    """All rows of a file."""
    raws = [piece.raw for piece in split(CsvRecords(), cut(data, stops))]
    return read_cells(raws, delimiter, 1)


@given(tables, st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]), places)
@example([["a\nb", 'c"d']], ",", "\r\n", [3])
@example([["\r", ""]], ",", "\n", [])
def test_rows_are_those_of_the_library(table, delimiter, end, stops):
    text = io.StringIO(newline="")
    # Without all the quotation marks it leaves a lone CR bare, which is no CSV.
    csv.writer(
        text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL
    ).writerows(table)

    assert read(text.getvalue().encode(), stops, delimiter) == table


@given(st.binary(max_size=300), places)
@example(b'a"b,"c\nd,e\n', [])
@example(b"a\rb\n", [])
@example(b'"a"b\n', [])
def test_any_bytes_are_read_as_the_library_does_or_refused(data, stops):
    try:
        rows = read(data, stops)
    except UnfitFile as refusal:
        assert refusal.sentence.endswith(".")
        return
    text = data.decode("utf-8-sig")
    whole = csv.reader(io.StringIO(text, newline="\n"), strict=True)
    assert rows == [row for row in whole if row]


@given(tables, places, st.integers(0, 9))
def test_reading_goes_on_where_it_ended(table, stops, count):
    data = write_cells(table)
    pieces = list(split(CsvRecords(), cut(data, stops)))
    first = pieces[:count]
    assume(first)
    offset = first[-1].end

    rest = list(split(CsvRecords(offset), cut(data[offset:], stops)))

    assert first + rest == pieces


def test_mark_of_utf_8_is_no_part_of_the_first_cell():
    assert read(b"\xef\xbb\xbfid,fa\n") == [["id", "fa"]]


def test_empty_lines_are_no_rows():
    assert read(b"\r\na,b\n\n\r\nc,d") == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            csv_file("a,b", "\xff").replace("\xff".encode(), b"\xff"),
            "Row 2 is not.*UTF",
        ),
        (b"a\0b\n", "NUL character after row 0"),
        (b'a,b\n"c,d\n', "quotation mark of row 2 is never closed"),
        (b"a,b\n" + b"x" * 70_000, "Row 2 is longer"),
        (b'"' + b"\n" * 70_000, "Row 1 is longer"),
        (b"," * 1_000_000, "Row 1 is longer"),
        (b'a,b\nx"y,"z\nv,u\n', "Row 2 cannot be read as CSV"),
        (b'a,b\n"x"y,z\n', "Row 2 cannot be read as CSV"),
        (b"a,b\rc,d\r", "Row 1 cannot be read as CSV"),
    ],
)
def test_refused(data, words):
    with pytest.raises(UnfitFile, match=words):
        read(data)


def test_rows_are_numbered_alike_with_and_without_quotation_marks():
    plain = [b"a,b\n", b"\n\r\n", b"c,d\n", b"x" * 70_000 + b"\n"]
    for lines in (plain, [b'"a",b\n', *plain[1:]]):
        with pytest.raises(UnfitFile, match="Row 3 is longer"):
            read(b"".join(lines))

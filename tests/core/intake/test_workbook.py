"""Workbooks: cells as text without a guess, and what is refused unread."""

import io
import re
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.g2p_spar_intake.core.errors import UnfitFile
from odoo.addons.g2p_spar_intake.core.sheet_value import to_text
from odoo.addons.g2p_spar_intake.core.workbook import Limits, measure, read_workbook

FORMATS = {"B2": "000000"}


def workbook(*rows, formats=(), merge="", hidden=()) -> io.BytesIO:
    """A real workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for cell, form in dict(formats).items():
        sheet[cell].number_format = form
    if merge:
        sheet.merge_cells(merge)
    for content in hidden:
        extra = book.create_sheet("hidden", 0)
        extra.append(content)
        extra.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def rewrite(source: io.BytesIO, name: str, change) -> io.BytesIO:
    """The workbook with one part changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", 8) as new:
        for part in old.infolist():
            content = old.read(part)
            new.writestr(
                part.filename, change(content) if part.filename == name else content
            )
    target.seek(0)
    return target


def read(source, **limits):
    """Names and rows of a workbook."""
    table = read_workbook(source, Limits(**limits))
    return table.names, list(table.rows)


def test_cells_of_each_kind():
    source = workbook(
        ["id", "account", "name", "until"],
        ["00421", 421, "Zoë", date(2026, 12, 31)],
        [421, 1234567890123456, True, datetime.fromisoformat("2026-12-31T08:00")],
        ["=1+1", 1.5, None, "x"],
        formats=FORMATS,
    )
    names, rows = read(source)

    assert names == ("id", "account", "name", "until")
    assert rows == [
        ["00421", "000421", "Zoë", "\x1adate:2026-12-31"],
        [
            "\x1anumber:421",
            "\x1alost:1234567890123456",
            "\x1aflag:TRUE",
            "\x1adate:2026-12-31T08:00:00",
        ],
        ["\x1aformula:", "\x1afraction:1.5", "", "x"],
    ]


@given(
    st.lists(
        st.lists(
            st.text(st.characters(categories=["L", "N"]), max_size=9),
            min_size=3,
            max_size=3,
        ),
        max_size=5,
    )
)
@settings(deadline=None, max_examples=30)
def test_texts_come_back_as_they_are(rows):
    rows = [row for row in rows if any(row)]
    assert read(workbook(["a", "b", "c"], *rows))[1] == rows


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (999999999999999, "\x1anumber:999999999999999"),
        (10**15, "\x1alost:1000000000000000"),
        (1.23457e15, "\x1alost:1234570000000000.0"),
        (12.0, "\x1anumber:12"),
        (-3, "\x1anumber:-3"),
        (float("inf"), "\x1alost:inf"),
        (float("nan"), "\x1alost:nan"),
        ("a\x1alost:1", "\x1acontrol:a lost:1"),
    ],
)
def test_numbers_that_lost_digits_are_marked(value, text):
    assert to_text(value, "n") == text


def test_only_the_first_sheet_that_can_be_seen_is_read():
    assert read(workbook(["a", "b"], ["1", "2"], hidden=[["secret", "x"]]))[0] == (
        "a",
        "b",
    )


def test_merged_cells_are_named():
    with pytest.raises(UnfitFile, match="cells A2:B2 of the workbook are merged"):
        read(workbook(["a", "b"], ["1", "2"], merge="A2:B2"))


SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>'


def sheet(rows: str, after: str = "") -> io.BytesIO:
    """A workbook whose sheet was written by hand, below its first row."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<worksheet xmlns="{space}"><sheetData>{HEAD}{rows}</sheetData>{after}'
    content = f"{xml}</worksheet>".encode()
    return rewrite(workbook(["a", "b"]), SHEET, lambda _old: content)


def test_empty_cells_at_the_end_of_a_row_are_there():
    for source in (
        workbook(["a", "b", "c"], ["1", None, None], ["1", "2", "3"]),
        shared(["a", "b", "c"], ["1"], ["1", "2", "3"]),
    ):
        assert read(source)[1] == [["1", "", ""], ["1", "2", "3"]]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><c r="B2"><v>2</v></c><c r="A2"><v>1</v></c></row>',
        '<row r="999999999999"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>',
        "<row><c><v>1</v></c><c><v>2</v></c></row>",
    ],
    ids=["cells go back", "far below", "rows go back", "no numbers"],
)
def test_no_row_is_lost_whatever_its_number(rows):
    assert read(sheet(rows))[1] == [["\x1anumber:1", "\x1anumber:2"]]


def test_two_cells_in_one_place_are_refused():
    with pytest.raises(UnfitFile, match="cannot be read"):
        read(sheet('<row><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>'))


def test_far_cells_fill_no_gaps():
    far = '<row r="2"><c r="A2"/><c r="XFD2"/></row>'
    row = '<row r="3"><c r="A3"><v>1</v></c><c r="ZZZ3"><v>2</v></c></row>'
    [cells] = read(sheet(far + row))[1]
    assert len(cells) == 101
    with pytest.raises(UnfitFile, match="more than 100 columns"):
        read(workbook(["a"] + [None] * 300 + ["b"]))


@pytest.mark.parametrize(
    "rows",
    [
        f"<row>{'<c/>' * 2**15}</row>",
        f"<row>{'<c/>' * 2**21}</row>",
        f"<row/>{'<x/>' * 2**21}<row/>",
        "<row><c><v>" + "9" * 2**23,
    ],
    ids=["cells", "many cells", "between rows", "text"],
)
def test_row_that_does_not_end_does_not_fill_the_memory(rows):
    with pytest.raises(UnfitFile, match="larger inside than outside"):
        read(sheet(rows), ratio=2**20)


def test_what_stands_behind_the_rows_may_be_long():
    assert read(sheet("", "<x/>" * 2**21), ratio=2**20)[1] == []


def test_sheet_that_ends_early_loses_no_row():
    source = rewrite(sheet("<row><c/></row>"), SHEET, lambda xml: xml[:-30])
    with pytest.raises(UnfitFile, match="cannot be read"):
        read(source)


def test_names_of_columns_may_be_numbers_days_and_formulas():
    names, rows = read(workbook(["id", 2026, date(2026, 3, 1), "=A1"], [*"1234"]))
    assert names == ("id", "2026", "2026-03-01", "")
    assert rows == [[*"1234"]]


def test_apostrophes_of_our_lists_are_no_part_of_the_value():
    assert read(workbook(["a", "b"], ["'+639", "''s"]))[1] == [["+639", "'s"]]


def test_size_inside():
    source = workbook(["a", "b"])
    with zipfile.ZipFile(source) as archive:
        whole = sum(len(archive.read(name)) for name in archive.namelist())
    assert measure(source) == whole
    assert measure(io.BytesIO(b"PK\x03\x04" + bytes(99))) == 0


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"whole": 1000}, "larger inside than outside"),
        ({"parts": 3}, "too many parts"),
        ({"small": 10, "ratio": 1}, "larger inside than outside"),
        ({"other": 100}, "larger inside than outside"),
        ({"other_tags": 20}, "larger inside than outside"),
    ],
)
def test_limits(limits, words):
    with pytest.raises(UnfitFile, match=words):
        read(workbook(["a", "b"], *[["x", "y"]] * 50), **limits)


def shared(*rows) -> io.BytesIO:
    """A workbook whose texts stand in a list of their own, as most write them."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    stream.seek(0)
    return stream


def test_shared_texts_are_read_up_to_a_limit():
    rows = [["a", "b"], ["x", "0042"], ["x", 42]]
    assert read(shared(*rows))[1] == [["x", "0042"], ["x", "\x1anumber:42"]]
    with pytest.raises(UnfitFile, match="too many texts"):
        read(shared(*rows), strings=10)
    with pytest.raises(UnfitFile, match="larger inside than outside"):
        read(shared(*rows), string_tags=9)


def test_list_of_texts_does_not_pass_as_a_sheet():
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml"
    texts = b'<Override PartName="/%s" ContentType="%s.sharedStrings+xml"/></Types>'
    source = rewrite(
        sheet(""),
        "[Content_Types].xml",
        lambda xml: xml.replace(b"</Types>", texts % (SHEET.encode(), kind)),
    )
    with pytest.raises(UnfitFile, match="cannot be read"):
        read(source)


def test_workbook_of_another_dialect_is_to_be_saved_anew():
    strict = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    source = rewrite(
        workbook(["a", "b"]),
        "xl/workbook.xml",
        lambda xml: re.sub(rb"http://[^\"]*/relationships", strict, xml),
    )
    with pytest.raises(UnfitFile, match="save it anew as XLSX"):
        read(source)


def test_zip_bomb_is_not_unpacked():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", 8) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(2**25))
    with pytest.raises(UnfitFile, match="larger inside"):
        read(target)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize("before", [b"", b"<!--%s-->" % (b"x" * 2**17)])
def test_declared_entities_are_refused(part, before):
    declared = before + b'<!DOCTYPE x [<!ENTITY a "b">]>'
    source = rewrite(workbook(["a", "b"]), part, lambda xml: declared + xml)
    with pytest.raises(UnfitFile, match="cannot be read"):
        read(source, ratio=2**20)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:40] + bytes(40) + data[80:],
        lambda data: b"PK\x03\x04" + bytes(500),
    ],
    ids=["half", "zeros", "no archive"],
)
def test_broken_workbooks_are_refused(change):
    with pytest.raises(UnfitFile):
        read(io.BytesIO(change(workbook(["a", "b"]).getvalue())))


@pytest.mark.parametrize(
    "part",
    [
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
        "[Content_Types].xml",
    ],
)
@pytest.mark.parametrize("content", [b"", b"<a/>", b"<a", b"\xff\xfe"])
def test_broken_parts_are_refused_or_read_as_nothing(part, content):
    source = rewrite(workbook(["a", "b"], ["1", "2"]), part, lambda _old: content)
    try:
        read(source)
    except UnfitFile as refusal:
        assert refusal.sentence.endswith(".")


def test_zip_of_something_else_says_so():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("list.csv", "id,fa")
    with pytest.raises(UnfitFile, match="zip archive, but no workbook"):
        read(target)


def test_workbook_of_opendocument_is_to_be_saved_anew():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    with pytest.raises(UnfitFile, match="save it anew as XLSX"):
        read(target)

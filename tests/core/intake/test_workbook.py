"""Workbooks: cells as text without a guess, and what is refused unread."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.g2p_spar_intake.core.errors import UnfitFile
from odoo.addons.g2p_spar_intake.core.sheet_value import to_text
from odoo.addons.g2p_spar_intake.core.workbook import Limits, read_workbook

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


def test_row_far_below_ends_the_sheet():
    source = rewrite(
        workbook(["a", "b"], ["1", "2"]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<row r="2"', b'<row r="999999999999"'),
    )
    assert read(source)[1] == []


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"whole": 1000}, "larger inside than outside"),
        ({"parts": 3}, "too many parts"),
        ({"small": 10, "ratio": 1}, "larger inside than outside"),
        ({"other": 100}, "larger inside than outside"),
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


def test_zip_bomb_is_not_unpacked():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", 8) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(2**25))
    with pytest.raises(UnfitFile, match="larger inside"):
        read(target)


def test_declared_entities_are_refused():
    source = rewrite(
        workbook(["a", "b"]),
        "xl/workbook.xml",
        lambda xml: b'<!DOCTYPE x [<!ENTITY a "b">]>' + xml,
    )
    with pytest.raises(UnfitFile, match="cannot be read"):
        read(source)


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

"""The form that carries a file."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from urllib3.filepost import encode_multipart_formdata

from odoo.addons.g2p_spar_connect_api.core.errors import MalformedBody
from odoo.addons.g2p_spar_connect_api.core.file.form import read_form, read_format
from odoo.addons.g2p_spar_intake.core.errors import UnfitFile

from core.files.parts import cut

BOUNDARY = "cut-here"
places = st.lists(st.integers(0, 3000), max_size=30)


def form(*parts) -> bytes:
    """A form as public clients write it."""
    return encode_multipart_formdata(parts, BOUNDARY)[0]


def read(body: bytes, stops=()) -> tuple[dict, bytes]:
    """Fields and file of a form."""
    taken = []
    fields = read_form(BOUNDARY, cut(body, stops), taken.append)
    return fields, b"".join(taken)


@given(st.binary(max_size=2000), st.text(max_size=40), st.booleans(), places)
@example(b"\r\n--cut-her", "", False, [])
@example(b"\r\n", "\r", True, [60, 61, 62, 63])
@example(b"0", "0", True, list(range(0, 400)))
@example(b"0", "0", False, [3000 - n for n in range(60)])
def test_fields_and_file_come_out_as_they_were_put_in(content, text, is_first, stops):
    if f"--{BOUNDARY}".encode() in content:
        return
    parts = [("fileName", ("a.csv", content)), ("transaction_id", text.encode())]
    body = form(("action", "link"), *(parts if is_first else parts[::-1]))

    fields, file = read(body, stops)

    assert file == content
    assert fields == {"action": "link", "transaction_id": text}


@given(st.binary(max_size=600), places)
@example(b"--cut-here\r\n\r\n\r\n", [])
@example(b"--cut-here\r\nContent-Disposition: form-data\r\n\r\n\r\n", [])
@example(b"--cut-here\n\n\n", [])
def test_any_bytes_are_a_form_or_refused(data, stops):
    try:
        read(b"--cut-here\r\n" + data, stops)
    except MalformedBody as refusal:
        assert refusal.sentence.endswith(".")


@pytest.mark.parametrize("is_first", [True, False])
def test_form_may_be_cut_anywhere(is_first):
    parts = [("fileName", ("a.csv", b"0\r\n-")), ("action", "link")]
    body = form(*(parts if is_first else parts[::-1]))

    for place in range(len(body)):
        assert read(body, [place]) == ({"action": "link"}, b"0\r\n-"), place


def test_a_part_of_that_name_is_the_file_also_without_a_file_name():
    assert read(form(("fileName", "content"))) == ({}, b"content")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not a form"),
        (b"{}", "not a form"),
        (form(), "not a form|no part fileName"),
        (form(("action", "link")), "no part fileName"),
        (form(("fileName", ("a", b"1")), ("fileName", ("b", b"2"))), "twice"),
        (form(("action", "a"), ("action", "b")), "action twice"),
        (form(("other", "a")), "unknown name"),
        (form(*[(f"n{n}", "") for n in range(10_000)]), "unknown name"),
        (form(("action", "a" * 5000)), "too long"),
        (form(("action", b"\xff"), ("fileName", ("a", b""))), "not UTF-8"),
        (form(("fileName", ("a", b"1" * 9000)))[:-20], "ended too early"),
        (b"--cut-here\r\nX-Long: " + b"a" * 9000, "not a form"),
        (b"x" * 9000, "not a form"),
    ],
)
def test_refused(body, words):
    with pytest.raises(MalformedBody, match=words):
        read(body, range(0, 20_000, 500))


@pytest.mark.parametrize("boundary", ["", "a" * 71, "ä"])
def test_boundary_refused(boundary):
    with pytest.raises(MalformedBody, match="boundary"):
        read_form(boundary, [], print)


def test_format_of_the_file():
    assert read_format({}) == "json"
    assert read_format({"fileFormat": " CSV "}) == "csv"
    with pytest.raises(UnfitFile, match="json or csv"):
        read_format({"fileFormat": "xlsx"})

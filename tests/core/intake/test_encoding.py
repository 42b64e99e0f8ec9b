"""Encodings are told apart by rule, wherever the blocks end."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_intake.core.encoding import EncodingFinder, recode
from odoo.addons.g2p_spar_intake.core.errors import UnfitFile

from core.files.parts import cut

places = st.lists(st.integers(0, 2000), max_size=20)
NAMES = "Name;Ort\r\nZoë Müller;Besançon\r\nFrançois;Évian\r\n"


def find(data: bytes, stops=()) -> str:
    """The encoding of a file that arrives in blocks."""
    finder = EncodingFinder()
    for block in cut(data, stops):
        finder.feed(block)
    return finder.close()


def read(data: bytes, stops=()) -> str:
    """The text of a file."""
    return b"".join(recode(cut(data, stops), find(data, stops))).decode()


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
        ("ascii", "utf-8"),
    ],
)
def test_each_encoding_is_known(written, found):
    text = "name;place\r\n" if written == "ascii" else NAMES
    data = text.encode(written)
    assert find(data) == found
    assert read(data) == text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff")), places)
def test_utf_8_is_read_as_it_is_wherever_blocks_end(text, stops):
    assert read(text.encode(), stops) == text


@given(
    st.text(st.characters(exclude_characters="\0"), max_size=600),
    places,
    st.sampled_from(["utf-16-le", "utf-16-be"]),
)
def test_utf_16_with_its_mark_is_read_wherever_blocks_end(text, stops, encoding):
    text = "".join(c for c in text if not 0xD800 <= ord(c) < 0xE000)
    mark = codecs.BOM_UTF16_LE if encoding == "utf-16-le" else codecs.BOM_UTF16_BE
    assert read(mark + text.encode(encoding), stops) == text


@given(st.text(st.characters(codec="cp1252"), max_size=60), places)
def test_windows_letters_never_become_others(text, stops):
    data = ("name\n" + text).encode("cp1252")
    try:
        found = read(data, stops)
    except UnfitFile as refusal:
        assert "UTF-8" in refusal.sentence
        return
    if find(data) == "cp1252":
        assert found == "name\n" + text
    else:
        assert found.encode() == data


def test_mixed_encodings_are_refused():
    mixed = "Zoë\nFrançois\n".encode() + "Évian\n".encode("cp1252")
    with pytest.raises(UnfitFile, match="two encodings"):
        find(mixed)


def test_one_letter_that_looks_like_utf_8_does_not_make_a_file_mixed():
    text = "CAFÉ\u2019S\n" + "Müller\nGöß\n" * 3
    assert find(text.encode("cp1252")) == "cp1252"


def test_unknown_encoding_is_refused():
    with pytest.raises(UnfitFile, match="neither in UTF-8"):
        find(b"a;b\n\x81\x8d\xff\n")


def test_marked_file_that_is_no_utf_16_is_refused():
    with pytest.raises(UnfitFile, match="goes on as another"):
        read(codecs.BOM_UTF16_LE + b"\x00\xd8\x41\x00")

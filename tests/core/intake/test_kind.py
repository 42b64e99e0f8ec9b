"""What a file is, by its first bytes."""

import pytest

from odoo.addons.g2p_spar_intake.core.errors import UnfitFile
from odoo.addons.g2p_spar_intake.core.kind import find_format, name_kind


@pytest.mark.parametrize(
    ("head", "format_"),
    [
        (b"id,fa\r\n", "csv"),
        (b"\xef\xbb\xbfid;fa", "csv"),
        (b"\xff\xfei\0d\0", "csv"),
        (b"PK\x03\x04" + bytes(12), "xlsx"),
        (b"X5O!P%@AP[4", "csv"),
        (b"MZ_ID,fa", "csv"),
    ],
)
def test_lists(head, format_):
    assert find_format(head) == format_


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "password"),
        (b"%PDF-1.7", "neither CSV nor"),
        (b"\x1f\x8b\x08", "neither CSV nor"),
        (b"MZ\x90", "neither CSV nor"),
    ],
)
def test_what_is_no_list(head, words):
    with pytest.raises(UnfitFile, match=words):
        find_format(head)


def test_names_for_partners():
    assert name_kind(b"PK\x03\x04") == "a zip archive or a workbook (xlsx, ods)"
    assert name_kind(b"id,fa") is None

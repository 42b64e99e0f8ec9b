"""What a file is, by its first bytes: a name and a promise are not believed."""

from .errors import UnfitFile
from .workbook import is_workbook

_MAGIC = {
    b"PK\x03\x04": "a zip archive or a workbook (xlsx, ods)",
    b"PK\x05\x06": "an empty zip archive",
    b"\x1f\x8b": "compressed with gzip",
    b"BZh": "compressed with bzip2",
    b"\xfd7zXZ\x00": "compressed with xz",
    b"\x28\xb5\x2f\xfd": "compressed with zstd",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a rar archive",
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old workbook (xls) or document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x7fELF": "a program",
    # With the next byte of nearly all: a column may be called MZ_ID.
    b"MZ\x90": "a program",
}


def name_kind(head: bytes) -> str | None:
    """Return in words what a file is that is no plain text; none where it may be.

    :param head: its first bytes, at least 16 of them where it has so many
    """
    return next(
        (words for magic, words in _MAGIC.items() if head.startswith(magic)), None
    )


def find_format(head: bytes) -> str:
    """Return ``xlsx`` or ``csv``.

    :raise UnfitFile: it is empty, or something else

    >>> find_format(b"id,fa")
    'csv'
    """
    if not head:
        raise UnfitFile("The file is empty.")
    if is_workbook(head):
        return "xlsx"
    if name_kind(head):
        raise UnfitFile(
            "The file is neither CSV nor an XLSX workbook: save the list as one of "
            "them. Of a workbook with a password, save a copy without it."
        )
    return "csv"

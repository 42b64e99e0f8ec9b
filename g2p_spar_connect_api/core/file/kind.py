"""What a file is, by its first bytes.

A name and a promise are not believed: a spreadsheet saved as a workbook instead of
CSV, or a compressed file, is told apart before a row of it is read.
"""

import codecs

from odoo.addons.g2p_spar_intake.core.errors import UnfitFile
from odoo.addons.g2p_spar_intake.core.kind import name_kind

_OTHER_ENCODINGS = (
    codecs.BOM_UTF16_LE,
    codecs.BOM_UTF16_BE,
    codecs.BOM_UTF32_BE,
)
#: Formats that are taken in.
FORMATS = ("json", "csv")
_SPACE = b" \t\r\n"


def check_kind(format_: str, head: bytes) -> None:
    """Refuse a file that is not what it was announced as.

    :param head: its first bytes, at least 16 of them where it has so many
    :raise UnfitFile: it is something else, and what
    """
    if not head:
        raise UnfitFile("The file is empty.")
    if words := name_kind(head):
        raise UnfitFile(
            f"The file is {words}, not {format_.upper()}: send the plain file."
        )
    if head.startswith(_OTHER_ENCODINGS) or b"\0" in head[:4]:
        raise UnfitFile(
            "The file is written in UTF-16 or UTF-32, or is no text: export it as "
            "UTF-8."
        )
    is_object = head.removeprefix(codecs.BOM_UTF8).lstrip(_SPACE).startswith(b"{")
    if format_ == "json" and not is_object:
        raise UnfitFile("The file does not begin with a JSON object.")
    if format_ == "csv" and is_object:
        raise UnfitFile("The file is JSON: send it with fileFormat json.")

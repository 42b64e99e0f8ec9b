"""The form by which a file is sent (RFC 7578; schema ``FileInfo``).

Werkzeug's decoder tells the parts of the form apart, without reading from
anywhere. Here it is said which parts there may be and how large, and the file goes
on to its place while it arrives.
"""

import re
from collections.abc import Callable, Iterable

from werkzeug.sansio.multipart import (
    SEARCH_EXTRA_LENGTH,
    Data,
    Epilogue,
    Field,
    File,
    MultipartDecoder,
    NeedData,
    State,
)

from odoo.addons.g2p_spar_intake.core.errors import UnfitFile

from ..errors import MalformedBody
from .kind import FORMATS

FILE_PART = "fileName"
#: Parts beside the file. The first two are those of the specification; the others
#: are the header's, for files that have none (CSV).
FIELDS = (
    "action",
    "fileFormat",
    "message_id",
    "message_ts",
    "transaction_id",
    "sender_id",
    "sender_uri",
    "receiver_id",
    "total_count",
    "purpose",
    "version",
)
#: Bytes of a field, and of the headers of a part.
FIELD_LIMIT = 2**12
_BOUNDARY_LIMIT = 70
_LINE_END = re.compile(rb"[\r\n]")


class FormReader:
    """Reads a form while it arrives.

    :param boundary: as announced in the header Content-Type
    :param take: gets the bytes of the file, in order
    """

    def __init__(self, boundary: str, take: Callable[[bytes], None]):
        if not 0 < len(boundary) <= _BOUNDARY_LIMIT or not boundary.isascii():
            raise MalformedBody("The boundary of the form cannot be used (RFC 2046).")
        self._decoder = MultipartDecoder(boundary.encode())
        self._shortest = len(boundary) + SEARCH_EXTRA_LENGTH
        self._held = b""
        self._take = take
        self._name = ""
        self._fields: dict[str, bytes] = {}
        self._has_file = False

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body.

        :raise MalformedBody: they are not a form, or one with other parts
        """
        data = self._held + data
        stop = self._find_stop(data)
        self._held = data[stop:]
        self._receive(data[:stop])
        if len(self._decoder.buffer) > FIELD_LIMIT:
            raise _malformed()

    def _find_stop(self, data: bytes) -> int:
        """Return how much of the data may be decoded now.

        Werkzeug 3.1 takes the CR in front of a boundary for content when the bytes
        end in the middle of what follows the boundary. So what might be the beginning
        of a boundary waits for more.
        """
        begin = max(len(data) - self._shortest, 0)
        line_end = _LINE_END.search(data, begin)
        return line_end.start() if line_end else len(data)

    def close(self) -> dict[str, str]:
        """End the form.

        :return: its fields
        :raise MalformedBody: it ends too early, or has no file
        """
        self._receive(self._held)
        self._receive(None)
        if not self._has_file:
            raise MalformedBody(f"The form has no part {FILE_PART} with the file.")
        return {name: _to_text(value) for name, value in self._fields.items()}

    def _receive(self, data: bytes | None) -> None:
        try:
            self._decoder.receive_data(data)
            while data is None or not self._must_wait():
                event = self._decoder.next_event()
                if isinstance(event, NeedData | Epilogue):
                    break
                self._handle(event)
        except (AttributeError, ValueError) as error:
            # The decoder stumbles over parts it cannot name.
            raise _malformed() from error

    def _must_wait(self) -> bool:
        """Whether a part has begun and little of it is there.

        Werkzeug 3.1 takes the line end after the headers for content when nothing
        else has arrived yet.
        """
        is_at_start = self._decoder.state is State.DATA_START
        return is_at_start and len(self._decoder.buffer) < self._shortest

    def _handle(self, event) -> None:
        if isinstance(event, Field | File):
            self._begin(event.name)
        elif isinstance(event, Data) and self._name == FILE_PART:
            self._take(event.data)
        elif isinstance(event, Data):
            value = self._fields[self._name] + event.data
            if len(value) > FIELD_LIMIT:
                raise MalformedBody("A field of the form is too long.")
            self._fields[self._name] = value

    def _begin(self, name: str | None) -> None:
        """Begin a part; each may come once."""
        if name == FILE_PART:
            is_double, self._has_file = self._has_file, True
        elif name in FIELDS:
            is_double = name in self._fields
            self._fields[name] = b""
        else:
            raise MalformedBody(
                "The form has a part with an unknown name. Known: "
                f"{', '.join((FILE_PART, *FIELDS))}."
            )
        if is_double:
            raise MalformedBody(f"The form has the part {name} twice.")
        self._name = name


def read_form(
    boundary: str, blocks: Iterable[bytes], take: Callable[[bytes], None]
) -> dict[str, str]:
    """Read a whole form; see :class:`FormReader`.

    :param blocks: the body
    :return: its fields
    """
    reader = FormReader(boundary, take)
    for block in blocks:
        reader.feed(block)
    return reader.close()


def read_format(fields: dict[str, str]) -> str:
    """Return the announced format of the file, ``json`` where none is named.

    :raise UnfitFile: it is none that is understood
    """
    format_ = fields.get("fileFormat", "").strip().casefold() or FORMATS[0]
    if format_ not in FORMATS:
        raise UnfitFile(f"fileFormat must be {' or '.join(FORMATS)}.")
    return format_


def _to_text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise MalformedBody("A field of the form is not UTF-8.") from error


def _malformed() -> MalformedBody:
    return MalformedBody(
        "The body is not a form (multipart/form-data, RFC 7578), or it ended too "
        "early; nothing was done. Send it again."
    )

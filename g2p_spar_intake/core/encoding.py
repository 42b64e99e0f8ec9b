"""In which encoding a text file is written, told apart by rule.

1. A mark at its beginning says it (Unicode, chapter 23.8).
2. Without a mark, a zero byte beside each Latin letter says UTF-16 and which half
   comes first.
3. What is valid UTF-8 from end to end is UTF-8.
4. Else it is Windows-1252, what spreadsheets of Western languages write, unless
   most of its letters beyond ASCII are UTF-8: then two encodings are mixed, and
   whichever were chosen would garble names, so the file is refused.

The file is looked at while it arrives, in blocks of any length.
"""

import codecs
import re

from .errors import UnfitFile

UTF_8, UTF_8_MARKED, WINDOWS = "utf-8", "utf-8-sig", "cp1252"
#: mark -> encoding; the longer marks first, as one begins like another
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, UTF_8_MARKED),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD = 1024
#: Letters beyond ASCII in UTF-8 (RFC 3629, section 4).
_LETTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]"
    rb"|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    rb"|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}"
    rb"|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_NOT_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
#: The bytes of a letter that may follow in the next block.
_LONGEST = 3


class EncodingFinder:
    """Looks at the bytes of a file in order."""

    def __init__(self):
        self._head = b""
        self._rest = b""
        self._letters = 0
        self._others = 0
        self._is_windows = True

    def feed(self, data: bytes) -> None:
        """Look at the next bytes."""
        if len(self._head) < _HEAD:
            self._head += data[: _HEAD - len(self._head)]
        data = self._rest + data
        stop = _end_of_letters(data)
        self._rest = data[stop:]
        self._look_at(data[:stop])

    def _look_at(self, data: bytes) -> None:
        if data.isascii():
            return
        others, letters = _LETTER.subn(b"", data)
        self._letters += letters
        self._others += len(_BEYOND_ASCII.findall(others))
        self._is_windows = self._is_windows and not _NOT_WINDOWS.search(data)

    def close(self) -> str:
        """Return Python's name of the encoding.

        :raise UnfitFile: it is none of them, or two are mixed
        """
        self._look_at(self._rest)
        self._rest = b""
        return _by_mark(self._head) or _by_zeros(self._head) or self._by_letters()

    def _by_letters(self) -> str:
        if not self._others:
            return UTF_8
        if self._letters >= self._others:
            raise UnfitFile(
                "Most of the file is written in UTF-8, but some letters are not: it "
                "was put together from files of two encodings. Export it anew, as "
                "UTF-8."
            )
        if not self._is_windows:
            raise UnfitFile(
                "The file is written neither in UTF-8 nor in UTF-16 nor in "
                "Windows-1252: export it as UTF-8."
            )
        return WINDOWS


def _end_of_letters(data: bytes) -> int:
    """Return how much of the data ends with a whole letter."""
    for back in range(1, min(_LONGEST, len(data)) + 1):
        byte = data[-back]
        if byte >= 0xC0:
            return len(data) - back
        if byte < 0x80:
            break
    return len(data)


def _by_mark(head: bytes) -> str | None:
    return next((name for mark, name in _MARKS if head.startswith(mark)), None)


def _by_zeros(head: bytes) -> str | None:
    """Tell UTF-16 without a mark: half of its bytes are zero, all on one side."""
    half = len(head) // 2
    if not half or head.count(0) * 4 < half:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if not even:
        return "utf-16-le"
    return None if odd else "utf-16-be"


def recode(blocks, encoding: str):
    """Return the bytes of a text file in UTF-8, without a mark.

    :param blocks: its bytes in order
    :param encoding: see :class:`EncodingFinder`
    :rtype: Iterator[bytes]
    :raise UnfitFile: it cannot be read so
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in blocks:
            if text := decoder.decode(block):
                yield text.encode()
        if text := decoder.decode(b"", final=True):
            yield text.encode()
    except UnicodeError as error:
        raise UnfitFile(
            "The file begins as one encoding and goes on as another: export it anew, "
            "as UTF-8."
        ) from error

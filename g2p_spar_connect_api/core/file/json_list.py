"""A G2P Connect message as a file: its list of items, piece by piece.

A parser of whole documents would hold a million items in memory, and the
streaming ones of today hold a text of any length until it ends. So the list is
cut up here: brackets, commas and strings are told apart, nothing else. Every
piece, and what stands around the list, is then read by the parser that reads
messages (``core.json_body``), which alone decides what is JSON.
"""

import codecs
import re

from odoo.addons.g2p_spar_intake.core.errors import UnfitFile
from odoo.addons.g2p_spar_intake.core.piece import Piece, check_length

#: Bytes around the list: signature, header, transaction.
FRAME_LIMIT = 2**16
_DEEPEST = 100

_STRING = rb'"(?:[^"\\]++|\\.)*+"'
# A whole string; a string that has not ended yet; structure.
_TOKEN = re.compile(rb'%s|["{}\[\],]' % _STRING, re.DOTALL)
# All that changes no level: up to a bracket, a string that has not ended yet, or
# the end; between elements also up to a comma.
_INSIDE = re.compile(rb'(?:[^"{}\[\]]++|%s)*+' % _STRING, re.DOTALL)
_BETWEEN = re.compile(rb'(?:[^"{}\[\],]++|%s)*+' % _STRING, re.DOTALL)
_SPACE = b" \t\r\n"
_OPEN, _CLOSE = frozenset((b"{", b"[")), frozenset((b"}", b"]"))


class JsonList:
    """Cuts ``message.<key>`` of a JSON document into its elements.

    :param key: name of the list
    :param offset: where to begin: none: at the start of the document; else the
        end of an earlier piece, inside the list
    """

    def __init__(self, key: str, offset: int | None = None):
        self._path = [b'"message"', b'"%s"' % key.encode()]
        self._key = key
        #: Offset of the first element.
        self.start = offset
        self._buffer = b""
        self._base = offset or 0
        self._scanned = 0
        self._in_list = offset is not None
        self._is_resumed = self._in_list
        self._seen_list = self._in_list
        self._depth = 0
        self._names: list[bytes | None] = [None]
        self._frame = bytearray()
        self._count = 0

    def feed(self, data: bytes) -> list[Piece]:
        """Take the next bytes; see :class:`.piece.Splitter`."""
        self._buffer += data
        pieces = []
        while True:
            is_open = self._scan_list(pieces) if self._in_list else self._scan_frame()
            if is_open:
                break
        waiting = len(self._buffer)
        if self._in_list:
            check_length(waiting, self._count + 1)
        elif waiting + len(self._frame) > FRAME_LIMIT:
            raise _too_much_around(self._key)
        return pieces

    def close(self) -> list[Piece]:
        """End the file; see :class:`.piece.Splitter`."""
        if self._is_resumed and not self._in_list:
            return []
        if not self._seen_list:
            raise UnfitFile(f"The file has no list message.{self._key}.")
        if self._in_list:
            raise UnfitFile(f"The file ends inside message.{self._key}: send it again.")
        self._frame += self._buffer
        self._buffer = b""
        return []

    @property
    def frame(self) -> bytes:
        """The closed document with an empty list in the place of its own."""
        return bytes(self._frame.removeprefix(codecs.BOM_UTF8))

    # === OUTSIDE THE LIST === #

    def _scan_frame(self) -> bool:
        """Go on until the list begins.

        :return: whether more bytes are needed
        """
        for match in _TOKEN.finditer(self._buffer, self._scanned):
            token = match[0]
            if token == b'"':
                self._scanned = match.start()
                return True
            self._scanned = match.end()
            if token == b"[" and self._is_at_list():
                self._begin_list()
                return False
            self._step(token)
        self._scanned = len(self._buffer)
        return True

    def _step(self, token: bytes) -> None:
        """Note where in the document we are: the name that led to each level."""
        if token in _OPEN:
            self._names.append(None)
            _check_depth(len(self._names))
        elif token in _CLOSE:
            if len(self._names) > 1:
                self._names.pop()
            self._names[-1] = None
        elif token == b",":
            self._names[-1] = None
        else:
            self._names[-1] = token

    def _is_at_list(self) -> bool:
        return self._names[1:] == self._path

    def _begin_list(self) -> None:
        if self._seen_list:
            raise UnfitFile(f"message.{self._key} stands in the file twice.")
        self._seen_list = self._in_list = True
        self._frame += self._buffer[: self._scanned]
        self._drop(self._scanned)
        self.start = self._base

    # === INSIDE THE LIST === #

    def _scan_list(self, pieces: list[Piece]) -> bool:
        """Go on until the list ends.

        :param pieces: gets the elements that end on the way
        :return: whether more bytes are needed
        """
        buffer, depth, start, place = self._buffer, self._depth, 0, self._scanned
        while True:
            place = (_INSIDE if depth else _BETWEEN).match(buffer, place).end()
            mark = buffer[place : place + 1]
            if not mark or mark == b'"':
                return self._wait(start, place, depth)
            if mark in _OPEN:
                depth += 1
                _check_depth(depth)
            elif depth:
                depth -= 1
            else:
                if mark != b",":
                    self._end_list(pieces, buffer[start:place], place)
                    return False
                self._cut(pieces, buffer[start:place], place + 1)
                start = place + 1
            place += 1

    def _cut(self, pieces: list[Piece], raw: bytes, end: int) -> None:
        self._count += 1
        check_length(len(raw), self._count)
        pieces.append(Piece(raw, self._base + end))

    def _end_list(self, pieces: list[Piece], raw: bytes, end: int) -> None:
        """Leave the list; a list of nothing but space has no element.

        A reading that begins at the closing bracket finds nothing more.
        """
        if raw.strip(_SPACE) or (self._count and not self._is_resumed):
            self._cut(pieces, raw, end)
        self._in_list, self._depth = False, 0
        self._drop(end)
        self._names = [None, *self._path, None]

    def _wait(self, start: int, scanned: int, depth: int) -> bool:
        """Keep what has not ended yet, and where to go on."""
        self._drop(start)
        self._scanned, self._depth = scanned - start, depth
        return True

    def _drop(self, count: int) -> None:
        self._buffer = self._buffer[count:]
        self._base += count
        self._scanned = 0


def _too_much_around(key: str) -> UnfitFile:
    return UnfitFile(
        f"More than {FRAME_LIMIT} bytes stand outside message.{key}: the file must be "
        "one message with its items in that list."
    )


def _check_depth(depth: int) -> None:
    if depth > _DEEPEST:
        raise UnfitFile("The file is nested too deeply.")

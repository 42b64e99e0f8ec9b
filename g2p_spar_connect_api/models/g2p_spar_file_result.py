import hashlib
import re
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta, timezone
from typing import NamedTuple

from odoo import SUPERUSER_ID, api, fields, models

from odoo.addons.g2p_spar_mapper.core.reason import Operation

from ..core.caller import Caller, check_scope
from ..core.errors import UnknownPath
from ..core.file.errors import Gone, NotReady
from ..core.file.result import (
    MEDIA_TYPES,
    Progress,
    announce,
    conclude,
    frame_result,
    join_parts,
    show_part,
)
from ..core.items import Items
from ..core.scope import SCOPE_OF

#: Days a result is kept after its file was worked off.
RESULT_DAYS = 7
_RESULT_DAYS_KEY = "g2p_spar_connect_api.file_days"
_NAME = re.compile(r"[0-9a-f-]{36}")
_PATH = "/spar/v1/files/%s/result"


class ResultFile(NamedTuple):
    """A result on its way to its partner.

    :param blocks: the bytes, read while they are sent
    :param size: how many there are
    :param digest: their SHA-256
    """

    media_type: str
    blocks: Iterable[bytes]
    size: int
    digest: bytes


class G2PSparFile(models.Model):
    """Results: told of by callback and status, fetched as a file, deleted in time."""

    _inherit = "g2p.spar.file"

    # === THE END OF A FILE === #

    def _finish_now(self, state: str):
        """End a file, in the transaction that does its last rows.

        :param state: done or cancelled
        """
        self.ensure_one()
        now = fields.Datetime.now()
        self.write(
            {
                "state": state,
                "finished_at": now,
                "expires_at": now + timedelta(days=self._get_days()),
                "next_at": False,
            }
        )
        self._note_result()
        aware = now.replace(tzinfo=timezone.utc)
        message = self.message_record_id
        message.finish(message.id, None, self.succeeded, self.result_digest, aware)
        self._post_callback()
        self._remove_from_disk()

    def _get_days(self) -> int:
        # Read for a job of the system, whatever user runs it.
        parameter_sudo = self.env["ir.config_parameter"].sudo()
        return int(parameter_sudo.get_param(_RESULT_DAYS_KEY, RESULT_DAYS))

    def _note_result(self):
        """Note size and digest of the result as it is now.

        That of a resolve may change: what may be told is asked again each time.
        """
        size, digest = _measure(self._read_blocks())
        self.write({"result_size": size, "result_digest": digest})

    def _post_callback(self):
        """Tell the partner how the file ended and where its result is."""
        record = self.message_record_id
        if not record.is_announced:
            return
        expires_at = self.expires_at.replace(tzinfo=timezone.utc)
        told = {
            "state": self.state,
            "succeeded_count": self.succeeded,
            "rejected_count": self.completed - self.succeeded,
        }
        self.env["g2p.spar.delivery"].post(
            self.env["g2p.spar.sender"].get_facts(self.sender_id.client_id),
            self.operation,
            announce(self._conclude(), self._get_href(), expires_at, told),
            self.correlation_id,
            record.callback_url or None,
            record.id,
        )

    def _conclude(self) -> dict:
        """Return the answer to the file as a whole, without results."""
        self.env.flush_all()
        exchange = self.env["g2p.spar.connect"]
        manner = exchange._manner(self.message_record_id.legacy)
        message = self._make_message(Items([], {}))
        receipt = self._make_receipt()
        finished = self.finished_at.replace(tzinfo=timezone.utc)
        receipt = receipt._replace(at=finished)
        return conclude(message, manner, receipt, self._get_progress())

    # === WHAT OTHERS ASK === #

    @api.private
    def get_progress(self, correlation_id: str) -> Progress | None:
        """Return how far a file has come, none where there is no such file.

        Whose file it is has been judged before.
        """
        # Partners may not read the table; what they are told is chosen here.
        file_sudo = self.sudo().search([("correlation_id", "=", correlation_id)])
        return file_sudo._get_progress() if file_sudo else None

    def _get_progress(self) -> Progress:
        is_there = self.state in ("done", "cancelled") and not self.removed_at
        return Progress(
            self.state,
            self.total,
            self.completed,
            self.succeeded,
            self._get_href() if is_there else None,
        )

    def _get_href(self) -> str:
        base = self.get_base_url().rstrip("/")
        return base + _PATH % self.correlation_id

    @api.private
    def open_result(self, caller: Caller, correlation_id: str) -> ResultFile:
        """Return the result of a file of the caller.

        :raise UnknownPath: there is no such file, or it is another partner's
        :raise Forbidden: the caller may not do what the file did
        :raise NotReady: it is not worked off yet
        :raise Gone: the result has been deleted
        """
        # Partners may not read the table; what they get is chosen here.
        file_sudo = self.sudo()
        if _NAME.fullmatch(correlation_id):
            file_sudo = file_sudo.search(
                [
                    ("correlation_id", "=", correlation_id),
                    ("sender_id", "=", caller.facts.record_id),
                ]
            )
        if not file_sudo:
            raise UnknownPath("None of your files has this name.")
        check_scope(SCOPE_OF[Operation(file_sudo.operation)], caller)
        file_sudo._check_there()
        size, digest = file_sudo.result_size, file_sudo.result_digest
        if file_sudo.operation == Operation.RESOLVE:
            size, digest = _measure(file_sudo._read_blocks())
        media_type = MEDIA_TYPES[file_sudo.format]
        return ResultFile(media_type, file_sudo._stream(), size, bytes.fromhex(digest))

    def _check_there(self):
        """Refuse to give out what is not there."""
        if self.state in ("received", "working"):
            raise NotReady("The file is still being worked off: ask again later.")
        if self.state == "failed":
            raise NotReady(
                "The file was put aside: ask the registry's administrator.", 3600
            )
        if self.removed_at or self.expires_at < fields.Datetime.now():
            raise Gone("The result of this file was kept for its time and is deleted.")

    def _stream(self) -> Iterator[bytes]:
        """Return the result in blocks, in a transaction of its own.

        That of the request has ended when the answer is sent.
        """
        with self.env.registry.cursor(readonly=True) as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            yield from env[self._name].browse(self.id)._read_blocks()

    def _read_blocks(self) -> Iterator[bytes]:
        """Return the result in blocks."""
        before, after = frame_result(self.format, self._conclude())
        return join_parts(before, self._read_parts(), after)

    def _read_parts(self) -> Iterator[bytes]:
        operation = Operation(self.operation)
        ask = self.env["g2p.spar.mapper"].versions
        parts = self.env["g2p.spar.file.part"].read_parts(self, self._get_key())
        for first, kept in parts:
            yield show_part(operation, self.format, kept, first, ask, time.time())

    # === THE END OF A RESULT === #

    @api.autovacuum
    def _gc_files(self):
        """Delete results whose time is over.

        With its key, every copy of a file becomes unreadable, in backups too.
        """
        over = self.search(
            [("expires_at", "<", fields.Datetime.now()), ("removed_at", "=", False)]
        )
        self.env["g2p.spar.file.part"].search([("file_id", "in", over.ids)]).unlink()
        over.write(
            {
                "removed_at": fields.Datetime.now(),
                "sealed_key": False,
                "claims": False,
                "repeated": False,
            }
        )


def _measure(blocks: Iterable[bytes]) -> tuple[int, str]:
    """Return how many bytes there are, and their SHA-256 in hexadecimal digits."""
    size, digest = 0, hashlib.sha256()
    for block in blocks:
        size += len(block)
        digest.update(block)
    return size, digest.hexdigest()

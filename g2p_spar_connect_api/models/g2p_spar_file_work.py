import json
import time
from collections.abc import Sequence
from datetime import timedelta, timezone
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.g2p_spar_mapper.core.reason import Cause, Operation

from ..core.envelope import Message
from ..core.errors import Refusal
from ..core.file.errors import UnfitFile
from ..core.file.piece import Piece, take
from ..core.file.repeats import find_places
from ..core.file.result import pack_part
from ..core.items import Items, read_items
from ..core.moment import latest_fit, write_moment
from ..core.protocol import G2P_CONNECT
from ..core.reply import Receipt
from ..core.scope import SCOPE_OF
from ..core.sender import SenderFacts
from ..http import boundary
from . import file_store
from .g2p_spar_connect import make_origin
from .g2p_spar_file import FILE
from .transaction import begin_read_committed, end_transaction

#: Rows that are worked off in one transaction.
PART_ROWS = 1000
#: How long a job goes on, so that its worker is given back.
SLOT_SECONDS = 2
#: A part that was begun so often and never ended is put aside with its file.
MAX_TRIES = 6


class FilePart(NamedTuple):
    """Some rows of a file, read and ready to be done.

    :param first: number of the first of them, from 1
    :param message: the rows as a message
    :param items: what the registry gets; an outcome in the place of an item that
        another registry has done
    :param end: offset of the row behind them
    """

    first: int
    message: Message
    items: list
    end: int


class G2PSparFile(models.Model):
    """Files are worked off part by part, each part one transaction.

    What a part does in the registry, its results and how far the file has come are
    there together or not at all, so a worker may be killed at any moment. The file's
    row is locked meanwhile, and the lock of a killed worker is gone.

    The rows of a file are done in their order, and the files of a partner one after
    the other. Between a file and other messages about the same person no order is
    promised: other messages are done between two parts.
    """

    _inherit = "g2p.spar.file"

    # === JOBS === #

    @api.private
    def work_off(self):
        """Work files off for a moment; the body of a job."""
        until = time.monotonic() + SLOT_SECONDS
        while file := self._pick():
            file._carry_out()
            if time.monotonic() > until:
                self.env["g2p.spar.wake"].after_commit(FILE)
                break
        # What is woken after the commit is woken now, not with the next part.
        end_transaction(self.env.cr)

    def _cron_sweep(self):
        """Wake somebody where a file is due."""
        if self._is_due():
            self.env["g2p.spar.wake"].sweep(FILE)

    def _is_due(self) -> bool:
        """Whether a file waits to be worked off."""
        now = fields.Datetime.now()
        is_open = fields.Domain("state", "in", ("received", "working"))
        is_free = fields.Domain("next_at", "=", False) | fields.Domain(
            "next_at", "<=", now
        )
        return bool(self.search(is_open & is_free, limit=1))

    # === BUSINESS METHODS === #

    def _pick(self):
        """Begin a part of the file that has waited longest.

        A file waits for the earlier ones of its partner, so that what was sent
        first is done first; those of different partners take turns.

        :return: the file, noted as begun but not locked any more
        """
        cr = self.env.cr
        begin_read_committed(cr)
        # The count of tries may be lost in a crash; a result may not.
        cr.execute("SET LOCAL synchronous_commit TO off")
        begun = self.env.execute_query(_begin(fields.Datetime.now()))
        end_transaction(cr)
        self.env.invalidate_all()
        return self.browse(row[0] for row in begun)

    def _carry_out(self):
        """Work one part off."""
        self.ensure_one()
        cr = self.env.cr
        try:
            with boundary():
                self._do_part()
                self.env.flush_all()
        except (Refusal, AccessError) as fault:
            cr.rollback()
            self.env.invalidate_all()
            self._note_fault(str(fault))
        end_transaction(cr)
        self.env.invalidate_all()

    def _do_part(self):
        """Read a part, then do it in one transaction.

        What the sender may do is judged as of now: a right that was taken away since
        is gone.
        """
        facts = self.env["g2p.spar.sender"].get_facts(self.sender_id.client_id)
        if problem := self._find_problem(facts):
            self._put_aside(problem)
            return
        part = self._read_part(facts)
        begin_read_committed(self.env.cr)
        self.env.invalidate_all()
        if not self._lock(part.first):
            return
        self._do_rows(part, facts)
        if self.completed == self.total:
            self._finish_now("done")

    def _find_problem(self, facts: SenderFacts) -> str | None:
        """Say why the file cannot be gone on with, or none."""
        if self.tries > MAX_TRIES:
            return "It was begun too often and never ended."
        may_act = SCOPE_OF[Operation(self.operation)] in facts.scopes
        if not facts.is_open(time.time()) or not may_act:
            return "The partner is shut out or may not do this any more."
        return None

    def _read_part(self, facts: SenderFacts) -> FilePart:
        """Read the next rows, and have those done that live in other registries.

        Other servers may be slow, so nothing is locked here.
        """
        first = self.completed + 1
        pieces = self._read_pieces(self._get_key())
        message = self._read_message(pieces, first)
        items = message.items.for_registry()
        if message.operation is not Operation.RESOLVE:
            # With the rights of the partner's technical user.
            mapper = self.env["g2p.spar.mapper"].with_user(facts.user_id)
            origin = make_origin(message, facts)
            items = mapper.forward(message.operation, items, origin)
        return FilePart(first, message, items, pieces[-1].end)

    def _lock(self, first: int) -> bool:
        """Lock the file for this transaction.

        :param first: number of the row that comes next
        :return: whether nobody else has it and that is still so
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM g2p_spar_file
                WHERE id = %s AND state = 'working' AND completed = %s
                FOR UPDATE SKIP LOCKED
                """,
                self.id,
                first - 1,
            )
        )
        return bool(rows)

    def _do_rows(self, part: FilePart, facts: SenderFacts):
        """Do the rows of a part and keep their results."""
        message = part.message
        # With the rights of the partner's technical user.
        exchange = self.env["g2p.spar.connect"].with_user(facts.user_id)
        outcomes = exchange.ask(message, facts, items=part.items)
        manner = exchange._manner(self.message_record_id.legacy)
        reply = G2P_CONNECT.accept(message, outcomes, manner, self._make_receipt())
        results = reply.body["message"][f"{self.operation}_response"]
        raw = pack_part(
            message, outcomes, results, self.format, part.first, time.time()
        )
        parts = self.env["g2p.spar.file.part"]
        parts.keep(self, self._get_key(), part.first, raw)
        self.write(
            {
                "completed": self.completed + message.count,
                "succeeded": self.succeeded + reply.tally.succeeded,
                "offset": part.end,
                "tries": 0,
                "next_at": False,
                "problem": False,
            }
        )

    def _read_pieces(self, key: bytes) -> list[Piece]:
        """Cut the next rows out of the file."""
        blocks = file_store.read_file(
            self.env.cr.dbname, self.name_on_disk, key, self.size, self.offset
        )
        splitter = self._get_layout().splitter(self.offset)
        pieces = take(splitter, blocks, min(PART_ROWS, self.total - self.completed))
        if not pieces:
            raise UnfitFile("The file on disk ends before its last row.")
        return pieces

    def _read_message(self, pieces: Sequence[Piece], first: int) -> Message:
        """Return some rows as a message.

        Times in it are judged as of the moment when the file was received.
        """
        received = self.received_at.replace(tzinfo=timezone.utc)
        operation = Operation(self.operation)
        raws = [piece.raw for piece in pieces]
        rows = self._get_layout().read(raws, first, write_moment(received))
        items = read_items(operation, rows, latest_fit(received))
        for place in find_places(self.repeated, first, len(rows)):
            items.refused.setdefault(place, Cause.REFERENCE_DUPLICATE)
        return self._make_message(items)

    def _make_message(self, items: Items) -> Message:
        """Return the message that brought the file, with some of its items."""
        return Message(
            operation=Operation(self.operation),
            count=len(items.asked),
            items=items,
            rejection=None,
            **json.loads(self.claims),
        )

    def _make_receipt(self) -> Receipt:
        now = fields.Datetime.now().replace(tzinfo=timezone.utc)
        return Receipt(now, self.correlation_id)

    # === WHAT WENT WRONG === #

    def _note_fault(self, problem: str):
        """Leave a file alone for a while, longer each time, or for good."""
        if self.tries >= MAX_TRIES:
            self._put_aside(problem)
            return
        pause = timedelta(seconds=2**self.tries)
        self.write({"next_at": fields.Datetime.now() + pause, "problem": problem})

    def _put_aside(self, problem: str):
        """Give a file up until an administrator decides."""
        self.write({"state": "failed", "problem": problem})
        self.env["g2p.spar.message"].put_aside(self.message_record_id.id, problem)


def _begin(now) -> SQL:
    """Return the statement that begins a part of the file to go on with.

    :param now: naive UTC
    """
    return SQL(
        """
        UPDATE g2p_spar_file SET state = 'working', tries = tries + 1,
            started_at = coalesce(started_at, %(now)s),
            worked_at = clock_timestamp() AT TIME ZONE 'UTC'
        WHERE id = (
            SELECT f.id FROM g2p_spar_file f
            WHERE f.state IN ('received', 'working')
                AND (f.next_at IS NULL OR f.next_at <= %(now)s)
                AND NOT EXISTS (
                    SELECT 1 FROM g2p_spar_file earlier
                    WHERE earlier.sender_id = f.sender_id AND earlier.id < f.id
                        AND earlier.state IN ('received', 'working')
                )
            ORDER BY f.worked_at NULLS FIRST, f.id
            LIMIT 1 FOR UPDATE OF f SKIP LOCKED
        )
        RETURNING id
        """,
        now=now,
    )

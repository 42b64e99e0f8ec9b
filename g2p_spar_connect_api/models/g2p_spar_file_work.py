import json
import time
from collections.abc import Sequence
from datetime import timezone
from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import AccessError

from odoo.addons.g2p_spar_intake.core.piece import Piece, Splitter
from odoo.addons.g2p_spar_intake.core.repeats import find_places
from odoo.addons.g2p_spar_intake.models.transaction import (
    begin_read_committed,
)
from odoo.addons.g2p_spar_mapper.core.reason import Cause, Operation

from ..core.envelope import Message
from ..core.errors import Refusal
from ..core.file.result import pack_part
from ..core.items import Items, read_items
from ..core.moment import latest_fit, write_moment
from ..core.protocol import G2P_CONNECT
from ..core.reply import Receipt
from ..core.scope import SCOPE_OF
from ..core.sender import SenderFacts
from ..http import boundary
from .g2p_spar_connect import make_origin


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

    #: What is known to go wrong, whatever else did being turned into a failure.
    _passing_faults = (Refusal, AccessError)

    # === BUSINESS METHODS === #

    def _guard(self):
        return boundary()

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
        if self._is_worn_out():
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

    def _get_splitter(self) -> Splitter:
        return self._get_layout().splitter(self.offset)

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

    def _put_aside(self, problem: str):
        """Give a file up until an administrator decides."""
        self.env["g2p.spar.message"].put_aside(self.message_record_id.id, problem)
        return super()._put_aside(problem)

import logging
import time
from datetime import timedelta, timezone
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.g2p_spar_intake.models.transaction import (
    begin_read_committed,
    end_transaction,
)

from ..core.asynchronous.order import Waiting, find_free
from ..core.errors import Refusal
from ..core.outcomes_text import write_outcomes
from ..core.reply import Receipt
from ..http import boundary, to_refusal
from .g2p_spar_message import to_naive
from .wakeups import CALLBACK, WORK

_audit = logging.getLogger("g2p_spar.audit")

#: How long a job goes on taking messages, so that its worker is given back.
SLOT_SECONDS = 2
#: How many waiting messages are looked through for one that may be worked off.
WINDOW = 64
#: A message that was begun so often and never ended is put aside.
MAX_TRIES = 6
#: For so long nobody else begins a message that was begun.
_GRACE = timedelta(seconds=2)


class Work(NamedTuple):
    """A message that is being worked off; its row is locked."""

    record_id: int
    client_id: str
    operation: str
    receipt: Receipt
    legacy: bool
    is_announced: bool
    callback_url: str | None


class G2PSparMessage(models.Model):
    """The queue: messages that were acknowledged and are worked off later.

    Each message is one transaction: what it does in the registry, its result and
    its callback are there together or not at all, so a worker may be killed at any
    moment. Its row is locked meanwhile, and the lock of a killed worker is gone.

    How often it was begun is counted in a transaction before, so that a message
    which kills its worker is put aside after some tries and holds nobody up.
    """

    _inherit = "g2p.spar.message"

    marks = fields.Binary(attachment=False, readonly=True, groups=fields.NO_ACCESS)
    callback_url = fields.Char(
        string="Callback Address", readonly=True, help="Empty: the registered one."
    )
    is_announced = fields.Boolean(
        string="Callback Promised", readonly=True, help="The answer was ACK."
    )
    done_at = fields.Datetime(string="Worked Off On", readonly=True)
    tries = fields.Integer(readonly=True, help="How often it was begun.")
    not_before = fields.Datetime(string="Left Alone Until", readonly=True)
    problem = fields.Char(readonly=True)
    result_digest = fields.Char(string="SHA-256 of the Result", readonly=True)
    delivery_ids = fields.One2many(
        "g2p.spar.delivery", "message_record_id", string="Callbacks", readonly=True
    )

    _waiting_idx = models.Index("(id) WHERE state = 'received' AND mode = 'async'")

    # === ACTIONS === #

    def action_work_off_again(self):
        """Let messages that were put aside be worked off."""
        self.sender_id._check_administrator()
        # The log is written by the service only; administrators may not write it.
        parked_sudo = self.sudo().filtered(
            lambda one: (one.mode, one.state) == ("async", "failed")
        )
        parked_sudo.write(
            {"state": "received", "tries": 0, "not_before": False, "problem": False}
        )
        self.env["g2p.spar.wake"].after_commit(WORK)

    # === JOBS === #

    @api.private
    def work_off(self):
        """Work off what may be, for a moment; the body of a job."""
        until = time.monotonic() + SLOT_SECONDS
        while record_id := self._pick():
            self._carry_out(record_id)
            if time.monotonic() > until:
                self.env["g2p.spar.wake"].after_commit(WORK)
                break

    def _cron_sweep(self):
        """Wake somebody where something is due."""
        wake = self.env["g2p.spar.wake"]
        if self.env.execute_query(SQL(_DUE, fields.Datetime.now())):
            wake.sweep(WORK)
        next_at = self.env["g2p.spar.delivery"]._next_at()
        if next_at:
            wake.sweep(CALLBACK, next_at)

    # === BUSINESS METHODS === #

    def _pick(self) -> int | None:
        """Begin the oldest message that no older one holds back.

        :return: its id, committed as begun but not locked any more
        """
        cr = self.env.cr
        begin_read_committed(cr)
        # The count of tries may be lost in a crash; a result may not.
        cr.execute("SET LOCAL synchronous_commit TO off")
        now = fields.Datetime.now()
        record_id = self._lock_oldest(now) or self._lock_free(now)
        if record_id:
            self._begin(record_id, now)
        end_transaction(cr)
        return record_id

    def _lock_oldest(self, now) -> int | None:
        """Lock the oldest message: nothing holds it back."""
        return self._lock_first(
            SQL(
                """
                SELECT id FROM g2p_spar_message
                WHERE state = 'received' AND mode = 'async' ORDER BY id LIMIT 1
                """
            ),
            now,
        )

    def _lock_free(self, now) -> int | None:
        """Lock the oldest message among those that may overtake others."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, marks FROM g2p_spar_message
                WHERE state = 'received' AND mode = 'async' ORDER BY id LIMIT %s
                """,
                WINDOW,
            )
        )
        free = find_free([Waiting(id_, bytes(marks or b"")) for id_, marks in rows])
        return self._lock_first(SQL("SELECT unnest(%s::int[])", free), now)

    def _lock_first(self, ids: SQL, now) -> int | None:
        """Lock the first of some messages that nobody works on, if it is due."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM g2p_spar_message
                WHERE id IN (%s) AND state = 'received'
                    AND (not_before IS NULL OR not_before <= %s)
                ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
                """,
                ids,
                now,
            )
        )
        return rows[0][0] if rows else None

    def _begin(self, record_id: int, now):
        """Count a try, so that somebody knows even if the worker dies."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE g2p_spar_message SET tries = tries + 1, not_before = %s
                WHERE id = %s
                """,
                now + _GRACE,
                record_id,
            )
        )

    def _carry_out(self, record_id: int):
        """Work one message off, in one transaction."""
        cr = self.env.cr
        begin_read_committed(cr)
        work = self._lock(record_id)
        if work is None:
            end_transaction(cr)
            return
        audit, begin = None, time.perf_counter()
        try:
            with boundary():
                audit = self.env["g2p.spar.connect"].work_off(work)
        except (Refusal, AccessError) as fault:
            cr.rollback()
            self._note_fault(record_id, to_refusal(fault).sentence)
        end_transaction(cr)
        if audit:
            audit.ms = (time.perf_counter() - begin) * 1000
            _audit.info("%s", audit.write())

    def _lock(self, record_id: int) -> Work | None:
        """Lock a message that was begun and read it.

        :return: none when somebody else has it, or when it is to be put aside
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.id, s.client_id, m.operation, m.answered_at,
                    m.correlation_id, m.tries, m.legacy, m.is_announced, m.callback_url
                FROM g2p_spar_message m JOIN g2p_spar_sender s ON s.id = m.sender_id
                WHERE m.id = %s AND m.state = 'received'
                FOR UPDATE OF m SKIP LOCKED
                """,
                record_id,
            )
        )
        if not rows:
            return None
        [(_id, client_id, operation, at, correlation_id, tries, *rest)] = rows
        if tries > MAX_TRIES:
            self._note_fault(record_id, "It was begun too often and never ended.")
            return None
        receipt = Receipt(at.replace(tzinfo=timezone.utc), correlation_id)
        return Work(record_id, client_id, operation, receipt, *rest)

    def _note_fault(self, record_id: int, problem: str):
        """Leave a message alone for a while, longer each time, or for good."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE g2p_spar_message SET problem = %s,
                    state = CASE WHEN tries >= %s THEN 'failed' ELSE state END,
                    not_before = %s + make_interval(secs => 2 ^ tries)
                WHERE id = %s
                """,
                problem,
                MAX_TRIES,
                fields.Datetime.now(),
                record_id,
            )
        )

    @api.private
    def put_aside(self, record_id: int, problem: str):
        """Give a message up until an administrator decides."""
        self.env.cr.execute(
            SQL(
                "UPDATE g2p_spar_message SET state = 'failed', problem = %s"
                " WHERE id = %s",
                problem,
                record_id,
            )
        )

    @api.private
    def finish(self, record_id: int, outcomes, succeeded: int, digest: str, at):
        """Note that a message was worked off.

        :param outcomes: one for each item, none for a question about statuses
        :param digest: SHA-256 of the result, hexadecimal
        :param at: when, aware
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE g2p_spar_message SET state = 'done', outcomes = %s,
                    succeeded = %s, result_digest = %s, done_at = %s,
                    marks = NULL, not_before = NULL, problem = NULL
                WHERE id = %s
                """,
                write_outcomes(outcomes) if outcomes else None,
                succeeded,
                digest,
                to_naive(at),
                record_id,
            )
        )


_DUE = """
    SELECT 1 FROM g2p_spar_message WHERE state = 'received' AND mode = 'async'
        AND (not_before IS NULL OR not_before <= %s) LIMIT 1
"""

from datetime import timedelta, timezone
from typing import NamedTuple

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from ..core.entry import Entry
from ..core.outcomes_text import read_outcomes, write_outcomes
from ..core.reply import Receipt

#: Days after which a message id may be used for something else.
KEPT_DAYS = 30
_KEPT_DAYS_KEY = "g2p_spar_connect_api.message_days"

MODES = [
    ("sync", "Answered at Once"),
    ("async", "Worked Off Later"),
    ("file", "File"),
]
STATES = [
    ("received", "Waiting"),
    ("done", "Worked Off"),
    ("failed", "Needs Attention"),
]
OPERATIONS = [
    ("link", "Link"),
    ("update", "Update"),
    ("unlink", "Unlink"),
    ("resolve", "Resolve"),
    ("txn-status", "Status"),
    ("report", "Report"),
]


class Earlier(NamedTuple):
    """A message that was taken before under the same name.

    :param is_same: whether it came in the same way and had the same bytes
    :param legacy: whether it was answered in the reason codes of SPAR 1.1
    :param is_announced: whether a callback was promised
    :param outcomes: as stored, see ``core.outcomes_text``
    """

    is_same: bool
    legacy: bool
    is_announced: bool
    receipt: Receipt
    outcomes: str
    total: int

    def read_outcomes(self):
        """Return what became of the items."""
        return read_outcomes(self.outcomes, self.total)


class Claim(NamedTuple):
    """The line of the log that has the name of a message.

    :param record_id: database id of the line
    :param earlier: what was taken before under the name, none when it was free
    """

    record_id: int
    earlier: Earlier | None = None


class G2PSparMessage(models.Model):
    """Messages that were taken, so that a repeat does nothing.

    Of a message that is answered at once nothing of the content is kept but the
    reference ids: no ID, no address, no name. The digest tells whether a repeat is
    the same, and the answer is made again from the repeat itself and the outcomes.
    Of one that is worked off later the content is kept sealed, for a set time; see
    ``g2p.spar.message.payload``.
    """

    _name = "g2p.spar.message"
    _description = "Message of a Partner"
    _order = "id desc"
    _rec_name = "message_id"
    _log_access = False

    sender_id = fields.Many2one(
        "g2p.spar.sender",
        string="Partner",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    message_id = fields.Char(string="Message ID", required=True, readonly=True)
    operation = fields.Selection(OPERATIONS, required=True, readonly=True)
    mode = fields.Selection(MODES, required=True, readonly=True, default="sync")
    state = fields.Selection(STATES, required=True, readonly=True, default="done")
    transaction_id = fields.Char(string="Transaction ID", readonly=True, index=True)
    correlation_id = fields.Char(string="Correlation ID", readonly=True, index=True)
    digest = fields.Char(string="SHA-256 of the Body", required=True, readonly=True)
    answered_at = fields.Datetime(
        string="Answered On",
        required=True,
        readonly=True,
        index=True,
        help="When the partner got its answer or acknowledgement.",
    )
    outcomes = fields.Text(readonly=True)
    total = fields.Integer(string="Items", readonly=True)
    succeeded = fields.Integer(string="Granted", readonly=True)
    legacy = fields.Boolean(string="Reason Codes of SPAR 1.1", readonly=True)
    reference_list = fields.Binary(
        attachment=False, readonly=True, groups=fields.NO_ACCESS
    )
    reference_marks = fields.Binary(
        attachment=False, readonly=True, groups=fields.NO_ACCESS
    )

    _message_uniq = models.UniqueIndex(
        "(sender_id, message_id)", "This message was answered already."
    )
    _newest_idx = models.Index("(sender_id, id DESC)")

    def init(self):
        """Let the database keep what is compressed already as it is."""
        self.env.cr.execute(
            SQL(
                """
                ALTER TABLE g2p_spar_message
                    ALTER COLUMN reference_list SET STORAGE EXTERNAL,
                    ALTER COLUMN reference_marks SET STORAGE EXTERNAL
                """
            )
        )

    # === BUSINESS METHODS === #

    @api.private
    def claim(self, entry: Entry) -> Claim:
        """Take the name of a message for this transaction.

        When another transaction holds the name and has not ended, this one waits
        for it (READ COMMITTED).
        """
        references = entry.references or (None, None)
        claimed = self.env.execute_query(
            SQL(
                """
                INSERT INTO g2p_spar_message (sender_id, message_id, operation,
                    transaction_id, correlation_id, digest, answered_at, total,
                    legacy, mode, state, reference_list, reference_marks, marks,
                    callback_url, is_announced, tries)
                VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
                    %s, 0)
                ON CONFLICT (sender_id, message_id) DO NOTHING RETURNING id
                """,
                entry.sender,
                entry.message_id,
                str(entry.operation),
                entry.transaction_id,
                entry.receipt.correlation_id,
                entry.digest,
                to_naive(entry.receipt.at),
                entry.total,
                entry.legacy,
                entry.mode,
                "done" if entry.mode == "sync" else "received",
                *(raw and psycopg2.Binary(raw) for raw in references),
                entry.marks and psycopg2.Binary(entry.marks),
                entry.callback_url,
                entry.is_announced,
            )
        )
        return Claim(claimed[0][0]) if claimed else self._find(entry)

    @api.private
    def knows(self, sender: int, message_id: str) -> bool:
        """Whether a message of this name was taken before.

        :param sender: database id of the sender
        """
        query = SQL(
            "SELECT 1 FROM g2p_spar_message WHERE sender_id = %s AND message_id = %s",
            sender,
            message_id,
        )
        return bool(self.env.execute_query(query))

    def _find(self, entry: Entry) -> Claim:
        [row] = self.env.execute_query(
            SQL(
                """
                SELECT id, digest, mode, legacy, is_announced, answered_at,
                    correlation_id, outcomes, total
                FROM g2p_spar_message WHERE sender_id = %s AND message_id = %s
                """,
                entry.sender,
                entry.message_id,
            )
        )
        record_id, digest, mode, legacy, is_announced, at, correlation_id, *rest = row
        receipt = Receipt(at.replace(tzinfo=timezone.utc), correlation_id)
        is_same = (digest, mode) == (entry.digest, entry.mode)
        earlier = Earlier(is_same, legacy, bool(is_announced), receipt, *rest)
        return Claim(record_id, earlier)

    @api.private
    def settle(self, record_id: int, outcomes, succeeded: int):
        """Note what became of a message.

        :param record_id: of the line that was claimed
        :param outcomes: one for each item
        """
        self.env.execute_query(
            SQL(
                """
                UPDATE g2p_spar_message
                SET outcomes = %s, succeeded = %s WHERE id = %s RETURNING id
                """,
                write_outcomes(outcomes),
                succeeded,
                record_id,
            )
        )

    @api.autovacuum
    def _gc_messages(self):
        """Drop messages older than the idempotence window.

        What was acknowledged and is not done stays until somebody has seen to it.
        """
        # Read for a scheduled job of the system, whatever user runs it.
        parameter_sudo = self.env["ir.config_parameter"].sudo()
        days = int(parameter_sudo.get_param(_KEPT_DAYS_KEY, KEPT_DAYS))
        oldest = fields.Datetime.now() - timedelta(days=days)
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM g2p_spar_message
                WHERE answered_at < %s AND state = 'done'
                """,
                oldest,
            )
        )


def to_naive(moment):
    """Return an aware time as the database keeps it: UTC without a zone."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None)

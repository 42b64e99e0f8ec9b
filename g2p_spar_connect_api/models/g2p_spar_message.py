import hashlib
from datetime import timedelta, timezone
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ..core.envelope import Message
from ..core.outcomes_text import read_outcomes, write_outcomes
from ..core.reply import Receipt

#: Days after which a message id may be used for something else.
KEPT_DAYS = 30
_KEPT_DAYS_KEY = "g2p_spar_connect_api.message_days"


class Earlier(NamedTuple):
    """A message that was answered before under the same name.

    :param is_same: whether its body had the same bytes
    :param legacy: whether it was answered in the reason codes of SPAR 1.1
    :param outcomes: as stored, see ``core.outcomes_text``
    """

    is_same: bool
    legacy: bool
    receipt: Receipt
    outcomes: str
    total: int

    def read_outcomes(self):
        """Return what became of the items."""
        return read_outcomes(self.outcomes, self.total)


class G2PSparMessage(models.Model):
    """Writing messages that were answered, so that a repeat does nothing.

    Nothing of the content is kept: no ID, no address, no name. The digest tells
    whether a repeat is the same, and the answer is made again from the repeat
    itself and the outcomes.
    """

    _name = "g2p.spar.message"
    _description = "Answered Message"
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
    operation = fields.Selection(
        [("link", "Link"), ("update", "Update"), ("unlink", "Unlink")],
        required=True,
        readonly=True,
    )
    transaction_id = fields.Char(string="Transaction ID", readonly=True, index=True)
    correlation_id = fields.Char(string="Correlation ID", readonly=True, index=True)
    digest = fields.Char(string="SHA-256 of the Body", required=True, readonly=True)
    answered_at = fields.Datetime(required=True, readonly=True, index=True)
    outcomes = fields.Text(readonly=True)
    total = fields.Integer(string="Items", readonly=True)
    succeeded = fields.Integer(string="Granted", readonly=True)
    legacy = fields.Boolean(string="Reason Codes of SPAR 1.1", readonly=True)

    _message_uniq = models.UniqueIndex(
        "(sender_id, message_id)", "This message was answered already."
    )

    # === BUSINESS METHODS === #

    @api.private
    def claim(self, facts, message: Message, raw: bytes, receipt: Receipt):
        """Take the name of a message for this transaction.

        When another transaction holds the name and has not ended, this one waits
        for it (READ COMMITTED).

        :param facts: of the sender
        :param raw: body as it came
        :return: none when the name was free, else what was answered under it
        :rtype: Earlier | None
        """
        digest = hashlib.sha256(raw).hexdigest()
        claimed = self.env.execute_query(
            SQL(
                """
                INSERT INTO g2p_spar_message (sender_id, message_id, operation,
                    transaction_id, correlation_id, digest, answered_at, total, legacy)
                VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
                ON CONFLICT (sender_id, message_id) DO NOTHING RETURNING id
                """,
                facts.record_id,
                message.message_id,
                message.operation.value,
                message.transaction_id,
                receipt.correlation_id,
                digest,
                receipt.at.astimezone(timezone.utc).replace(tzinfo=None),
                message.count,
                facts.legacy,
            )
        )
        return None if claimed else self._find(facts, message.message_id, digest)

    def _find(self, facts, message_id, digest):
        [(stored, legacy, answered_at, correlation_id, outcomes, total)] = (
            self.env.execute_query(
                SQL(
                    """
                    SELECT digest, legacy, answered_at, correlation_id, outcomes, total
                    FROM g2p_spar_message WHERE sender_id = %s AND message_id = %s
                    """,
                    facts.record_id,
                    message_id,
                )
            )
        )
        at = answered_at.replace(tzinfo=timezone.utc)
        return Earlier(
            stored == digest, legacy, Receipt(at, correlation_id), outcomes, total
        )

    @api.private
    def settle(self, facts, message: Message, outcomes, succeeded: int):
        """Note what became of a claimed message.

        :param outcomes: one for each item
        """
        self.env.execute_query(
            SQL(
                """
                UPDATE g2p_spar_message SET outcomes = %s, succeeded = %s
                WHERE sender_id = %s AND message_id = %s RETURNING id
                """,
                write_outcomes(outcomes),
                succeeded,
                facts.record_id,
                message.message_id,
            )
        )

    @api.autovacuum
    def _gc_messages(self):
        """Drop messages older than the idempotence window."""
        # Read for a scheduled job of the system, whatever user runs it.
        parameter_sudo = self.env["ir.config_parameter"].sudo()
        days = int(parameter_sudo.get_param(_KEPT_DAYS_KEY, KEPT_DAYS))
        oldest = fields.Datetime.now() - timedelta(days=days)
        self.env.cr.execute(
            SQL("DELETE FROM g2p_spar_message WHERE answered_at < %s", oldest)
        )

import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..core.json_body import write_body
from ..core.sender import SenderFacts
from .g2p_spar_message import KEPT_DAYS, OPERATIONS
from .g2p_spar_message_payload import pack
from .wakeups import CALLBACK


class G2PSparDelivery(models.Model):
    """Callbacks: results on their way to partners.

    A callback is stored in the transaction that makes its result, and sent until
    the partner's server says that it has it. It may arrive twice, with the same
    message id and correlation id, and is never lost.
    """

    _name = "g2p.spar.delivery"
    _description = "Callback to a Partner"
    _order = "id desc"
    _rec_name = "correlation_id"
    _log_access = False

    sender_id = fields.Many2one(
        "g2p.spar.sender",
        string="Partner",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    message_record_id = fields.Many2one(
        "g2p.spar.message",
        string="Message",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    operation = fields.Selection(OPERATIONS, required=True, readonly=True)
    correlation_id = fields.Char(
        string="Correlation ID", required=True, readonly=True, index=True
    )
    callback_id = fields.Char(
        string="Message ID of the Callback", required=True, readonly=True
    )
    wanted_url = fields.Char(
        string="Address in the Message",
        readonly=True,
        help="Empty: the registered one.",
    )
    content = fields.Text(readonly=True, groups=fields.NO_ACCESS)
    state = fields.Selection(
        [("due", "On Its Way"), ("delivered", "Delivered"), ("parked", "Parked")],
        required=True,
        readonly=True,
        default="due",
    )
    created_at = fields.Datetime(string="Made On", required=True, readonly=True)
    tried_from = fields.Datetime(
        required=True,
        readonly=True,
        help="A day later it is parked.",
    )
    next_at = fields.Datetime(string="Next Attempt", readonly=True)
    attempts = fields.Integer(string="Failures", readonly=True)
    is_unanswered = fields.Boolean(
        string="No Answer",
        readonly=True,
        help="The partner's server did not answer; other callbacks wait with it.",
    )
    delivered_at = fields.Datetime(string="Delivered On", readonly=True)
    problem = fields.Char(readonly=True)
    url = fields.Char(string="Sent To", readonly=True)
    digest = fields.Char(string="SHA-256 of What Was Sent", readonly=True)
    attempt_ids = fields.One2many(
        "g2p.spar.delivery.attempt", "delivery_id", string="Attempts", readonly=True
    )

    _due_idx = models.Index("(sender_id, next_at) WHERE state = 'due'")

    # === ACTIONS === #

    def action_send_again(self):
        """Let parked callbacks be tried for another day, from now on."""
        self.sender_id._check_administrator()
        now = fields.Datetime.now()
        # The log is written by the service only; administrators may not write it.
        self.sudo().filtered(lambda one: one.state == "parked").write(
            {
                "state": "due",
                "tried_from": now,
                "next_at": now,
                "attempts": 0,
                "is_unanswered": False,
            }
        )
        self.env["g2p.spar.wake"].after_commit(CALLBACK)

    # === BUSINESS METHODS === #

    @api.private
    def post(
        self,
        facts: SenderFacts,
        operation: str,
        body: dict | None,
        correlation_id: str,
        url: str | None = None,
        message_record_id: int | None = None,
    ):
        """Store a callback in this transaction; it is sent once that is committed.

        It is encrypted and signed when it is sent, with the keys of that moment.

        :param facts: of the sender of the message
        :param operation: what was asked for: link, update, unlink, resolve or
            txn-status
        :param body: header and message of the answer; none: the kept result of the
            message
        :param url: address from the message, below the registered one; none: that
        :param message_record_id: database id of the message, if there is one
        """
        now = fields.Datetime.now()
        self.env.execute_query(
            SQL(
                """
                INSERT INTO g2p_spar_delivery (sender_id, message_record_id, operation,
                    correlation_id, callback_id, wanted_url, content, state,
                    created_at, tried_from, next_at, attempts, is_unanswered)
                VALUES (%s, %s, %s, %s, %s, %s, %s, 'due', %s, %s, %s, 0, false)
                RETURNING id
                """,
                facts.record_id,
                message_record_id,
                str(operation),
                correlation_id,
                str(uuid.uuid4()),
                url,
                None if body is None else pack(write_body(body)),
                now,
                now,
                now,
            )
        )
        self.env["g2p.spar.wake"].after_commit(CALLBACK)

    @api.private
    def try_again(self, senders):
        """Send what failed and waits at once; parked callbacks stay parked.

        :param senders: whose callback address changed
        """
        waiting = [
            ("sender_id", "in", senders.ids),
            ("state", "=", "due"),
            ("attempts", ">", 0),
        ]
        # The log is written by the service only; whoever changes an address has
        # the right to it, not to the log.
        failed_sudo = self.sudo().search(waiting)
        if failed_sudo:
            now = fields.Datetime.now()
            failed_sudo.write({"is_unanswered": False, "next_at": now})
            self.env["g2p.spar.wake"].after_commit(CALLBACK)

    @api.autovacuum
    def _gc_deliveries(self):
        """Drop callbacks without a message; the others go with theirs."""
        oldest = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM g2p_spar_delivery
                WHERE message_record_id IS NULL AND created_at < %s
                """,
                oldest,
            )
        )

import zlib
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.g2p_spar_fa_reference.core.seal import seal, unseal

#: Days a result is kept, so that its status can be told with every detail.
RESULT_DAYS = 30
_RESULT_DAYS_KEY = "g2p_spar_connect_api.payload_days"
#: Days a request is kept after it was worked off, for a look at what went wrong.
REQUEST_DAYS = 1

_PURPOSE = "message-payload"
_FAST = 1


class G2PSparMessagePayload(models.Model):
    """Contents of messages, sealed, for a set time.

    No user reads this table: it serves the working off of messages, their
    callbacks and questions about their status.
    """

    _name = "g2p.spar.message.payload"
    _description = "Sealed Content of a Message"
    _log_access = False

    message_id = fields.Many2one(
        "g2p.spar.message", required=True, readonly=True, ondelete="cascade", index=True
    )
    kind = fields.Selection(
        [("request", "Request"), ("result", "Result")], required=True, readonly=True
    )
    content = fields.Text(required=True, readonly=True, groups=fields.NO_ACCESS)
    purge_at = fields.Datetime(
        readonly=True, index="btree_not_null", help="Empty: while it is needed."
    )

    _kind_uniq = models.UniqueIndex(
        "(message_id, kind)", "This content of the message is kept already."
    )

    def init(self):
        """Let the database keep what is compressed already as it is."""
        self.env.cr.execute(
            SQL(
                """
                ALTER TABLE g2p_spar_message_payload
                    ALTER COLUMN content SET STORAGE EXTERNAL
                """
            )
        )

    # === BUSINESS METHODS === #

    @api.private
    def keep(
        self, record_id: int, kind: str, raw: bytes, until: datetime | None = None
    ):
        """Seal and keep a content.

        :param record_id: of the message
        :param kind: request or result
        :param until: naive UTC; none: until the message is worked off
        """
        self.env.execute_query(
            SQL(
                """
                INSERT INTO g2p_spar_message_payload
                    (message_id, kind, content, purge_at)
                VALUES (%s, %s, %s, %s) RETURNING id
                """,
                record_id,
                kind,
                pack(raw),
                until,
            )
        )

    @api.private
    def read_contents(self, record_ids, kind: str) -> dict[int, bytes]:
        """Open the contents of some messages; those that are gone are missing."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT message_id, content FROM g2p_spar_message_payload
                WHERE kind = %s AND message_id = ANY(%s)
                """,
                kind,
                list(record_ids),
            )
        )
        return {record_id: unpack(sealed) for record_id, sealed in rows}

    @api.private
    def keep_result(self, record_id: int, raw: bytes, now: datetime):
        """Keep the result of a message; its request is needed no longer.

        :param now: naive UTC
        """
        # Read for whoever sends messages; the number is no secret.
        parameter_sudo = self.env["ir.config_parameter"].sudo()
        days = int(parameter_sudo.get_param(_RESULT_DAYS_KEY, RESULT_DAYS))
        self.keep(record_id, "result", raw, now + timedelta(days=days))
        self.env.cr.execute(
            SQL(
                """
                UPDATE g2p_spar_message_payload SET purge_at = %s
                WHERE message_id = %s AND kind = 'request'
                """,
                now + timedelta(days=REQUEST_DAYS),
                record_id,
            )
        )

    @api.autovacuum
    def _gc_payloads(self):
        """Purge contents whose time is over; digests and counts stay."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM g2p_spar_message_payload WHERE purge_at < %s",
                fields.Datetime.now(),
            )
        )


def pack(raw: bytes) -> str:
    """Compress and seal a content.

    :raise SealError: the server has no usable key
    """
    return seal(zlib.compress(raw, _FAST), _PURPOSE)


def unpack(sealed: str) -> bytes:
    """Open what :func:`pack` wrote; see ``core.seal.unseal`` for its errors."""
    return zlib.decompress(unseal(sealed, _PURPOSE))

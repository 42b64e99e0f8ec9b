import time

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.g2p_spar_fa_reference.core.seal import keyed_hash

from .transaction import own_transaction


class G2PSparThrottle(models.Model):
    """How often somebody did something lately.

    The table is not written to the log of the database (``UNLOGGED``): counts are
    lost when it crashes, and cheap.
    """

    _name = "g2p.spar.throttle"
    _description = "Count of Attempts"
    _log_access = False

    key = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    hits = fields.Integer(required=True, readonly=True, groups=fields.NO_ACCESS)
    ends = fields.Float(
        digits=0,
        required=True,
        readonly=True,
        groups=fields.NO_ACCESS,
        help="When this count starts anew, seconds since the epoch.",
    )

    _key_uniq = models.UniqueIndex("(key)")
    _ends_index = models.Index("(ends)")

    def init(self):
        """Take the table out of the log of the database."""
        self.env.cr.execute(
            SQL("ALTER TABLE %s SET UNLOGGED", SQL.identifier(self._table))
        )

    @api.private
    def hit(self, kind, subject, limit, seconds):
        """Count an attempt; say how long to wait.

        The count lasts, whatever becomes of the request.

        :param str kind: of attempt, such as ``login_start``
        :param str subject: who: a network address or an ID of a person; only its
            keyed hash is stored
        :param int limit: attempts in ``seconds`` that are let through
        :rtype: int
        :return: seconds to wait; 0: go on
        """
        now = time.time()
        key = f"{kind}:{keyed_hash(subject, f'throttle {kind}')}"
        # Whoever is counted has no right to see or change the counts.
        with own_transaction(self.sudo()) as model:
            hits, ends = model._count(key, now, seconds)
        return 0 if hits <= limit else max(1, round(ends - now))

    def _count(self, key, now, seconds):
        [row] = self.env.execute_query(
            SQL(
                """
                INSERT INTO g2p_spar_throttle AS old (key, hits, ends)
                VALUES (%(key)s, 1, %(now)s + %(seconds)s)
                ON CONFLICT (key) DO UPDATE SET
                    hits = CASE WHEN old.ends > %(now)s THEN old.hits + 1 ELSE 1 END,
                    ends = CASE WHEN old.ends > %(now)s THEN old.ends
                           ELSE excluded.ends END
                RETURNING hits, ends
                """,
                key=key,
                now=now,
                seconds=seconds,
            )
        )
        return row

    @api.autovacuum
    def _gc(self):
        """Delete counts that ended."""
        self.env.execute_query(
            SQL(
                "DELETE FROM g2p_spar_throttle WHERE ends < %s RETURNING id",
                time.time(),
            )
        )

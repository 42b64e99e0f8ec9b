import functools
import logging
from datetime import datetime, timedelta

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.modules.registry import Registry
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: A job that was handed out and has not begun by then is lost: the runner, too, takes
#: it back then, but looks for such jobs only when something happens in their table.
_BEGUN_BY = timedelta(seconds=10)


class G2PSparWake(models.AbstractModel):
    """Jobs that wake whoever works something off.

    A job carries no truth: what is to be done stands in our own tables, and each
    job does whatever is due. So one waiting job is enough for any number of
    messages, and a job that is lost costs a minute at most: the sweeper makes
    another one.
    """

    _name = "g2p.spar.wake"
    _description = "Wake-up Jobs"

    @api.private
    def after_commit(self, kind: tuple[str, str, str]):
        """Wake somebody as soon as this transaction is committed.

        :param kind: what is woken: channel of its jobs, model and method

        Only then: a job that began earlier would not see what is to be done, and
        one that waits already will see it.
        """
        hook = functools.partial(_wake, self.env.cr.dbname, kind)
        self.env.cr.postcommit.add(hook)

    @api.private
    def ensure(self, kind: tuple[str, str, str], at: datetime | None = None):
        """Make a job unless one waits that begins by then.

        :param at: when it is to begin, naive UTC; none: at once
        """
        channel, model, method = kind
        now = fields.Datetime.now()
        waiting = self.env.execute_query(
            SQL(
                """
                SELECT 1 FROM queue_job
                WHERE channel = %s AND method_name = %s AND (eta IS NULL OR eta <= %s)
                    AND (state = 'pending'
                        OR state = 'enqueued' AND date_enqueued > %s) LIMIT 1
                """,
                channel,
                method,
                at or now,
                now - _BEGUN_BY,
            )
        )
        if waiting:
            return
        # Jobs are nobody's discussion: nobody follows them.
        table = self.env[model].with_context(tracking_disable=True)
        delayed = table.with_delay(eta=at, max_retries=0, channel=channel)
        getattr(delayed, method)()

    @api.private
    def sweep(self, kind: tuple[str, str, str], at: datetime | None = None):
        """Make a job where none waits, and let the runner look for dead ones.

        A dead job takes its place in the channel until the runner has looked.
        """
        self.ensure(kind, at)
        # A message about no job in particular; it looks whenever it hears one.
        self.env.execute_query(SQL("SELECT pg_notify('queue_job', '')"))


def _wake(dbname: str, kind: tuple[str, str, str]) -> None:
    """Make a job in a transaction of its own, as the system.

    What is to be done is committed already, so a failure here must not look like
    one of the request; the sweeper does it again.
    """
    try:
        with Registry(dbname).cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["g2p.spar.wake"].ensure(kind)
    except psycopg2.Error:
        _logger.warning("No job could be made for %s; the sweeper will", kind[0])

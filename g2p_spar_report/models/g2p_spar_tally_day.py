from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..core.days import end_of, is_final, open_days
from . import counting, counting_levels

#: Days that one run of the job counts before it saves: years of history are
#: counted in several, and none is lost when the server is stopped.
DAYS_AT_ONCE = 50
#: Who opens reports may ask for a new count; not oftener than this.
PAUSE = timedelta(minutes=1)
_COUNTS = (
    "g2p.spar.tally",
    "g2p.spar.tally.cell",
    "g2p.spar.tally.change",
    "g2p.spar.tally.check",
    "g2p.spar.tally.day",
    "g2p.spar.tally.level",
    "g2p.spar.tally.total",
)


class G2PSparTallyDay(models.Model):
    """A day of history that has been counted: how many lines, and whether for good."""

    _name = "g2p.spar.tally.day"
    _description = "Counted Day of the History"
    _order = "day desc"
    _rec_name = "day"
    _log_access = False

    day = fields.Date(required=True, readonly=True)
    lines = fields.Integer(required=True, readonly=True)
    counted_at = fields.Datetime(required=True, readonly=True)
    is_final = fields.Boolean("Final", required=True, readonly=True)

    _day_uniq = models.UniqueIndex("(day)", "This day is counted already.")

    @api.model
    def _cron_count(self):
        """Count the days that are not final yet, today as well, oldest first."""
        counted, left = self._count_open()
        self.env["ir.cron"]._commit_progress(counted, remaining=left)

    @api.model
    def _cron_check(self):
        """Count final days again that have got lines all the same.

        A day of which lines have been purged keeps its count.
        """
        counting.lock(self.env.cr)
        days = counting.late_days(self.env.cr)
        for day in days:
            self._count(day)
        if days:
            self._sum_up()

    def count_now(self):
        """Bring today's count up to date, for whoever looks at the reports.

        :raise AccessError: the user may not read them
        """
        self.check_access("read")
        # Counting is the system's work: nobody has the right to write counts.
        self_sudo = self.sudo()
        last = self_sudo.search([], order="counted_at desc", limit=1).counted_at
        if not last or last + PAUSE <= fields.Datetime.now():
            self_sudo._count_open()

    def _count_open(self):
        """Count open days, the oldest ones.

        :return: how many were counted, and how many are left
        """
        counting.lock(self.env.cr)
        days = list(self._open_days())
        for day in days[:DAYS_AT_ONCE]:
            self._count(day)
        self._sum_up()
        return len(days[:DAYS_AT_ONCE]), len(days[DAYS_AT_ONCE:])

    def _open_days(self):
        """Return the days that are not final, oldest first."""
        newest = self.search([("is_final", "=", True)], order="day desc", limit=1)
        first = None if newest else counting.first_day(self.env.cr)
        return open_days(first, newest.day or None, fields.Date.today())

    def _count(self, day):
        """Count one day, instead of what was counted of it before."""
        now = fields.Datetime.now()
        counting.count_day(self.env.cr, day, end_of(day), now, is_final(day, now))

    def _sum_up(self):
        """Add the daily sums up, when some of them have changed or a day has begun."""
        today, levels = fields.Date.today(), self.env["g2p.spar.tally.level"]
        counting.sum_up(self.env.cr, today)
        counting_levels.count_levels(
            self.env.cr,
            levels.search([], limit=1).counted_at or None,
            fields.Datetime.now(),
            end_of(today),
        )
        for model in _COUNTS:
            self.env[model].invalidate_model(flush=False)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Refused: days are counted, not entered."""
        raise AccessError(self.env._("Days are counted, not entered."))

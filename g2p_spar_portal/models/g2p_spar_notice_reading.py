from collections.abc import Callable
from functools import partial

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.g2p_spar_mapper.models.statements import executor

from ..core.notices import Change
from . import notice_statements as statements

#: Versions that are read, told and committed together.
PAGE = 500


class G2PSparNoticeReading(models.Model):
    """How far the history of mappings was read for notices, and their reminders.

    History from before this addon was installed is not told to anybody.
    """

    _name = "g2p.spar.notice.reading"
    _description = "How far notices have read the history"
    _log_access = False

    source = fields.Selection(
        [("change", "Changes"), ("reminder", "Reminders")],
        required=True,
        readonly=True,
        default="change",
    )
    floor_id = fields.Integer(required=True, readonly=True)
    checkpoint_id = fields.Integer(readonly=True)
    checkpoint_number = fields.Char(
        readonly=True, help="A PostgreSQL transaction number: wider than an integer."
    )

    _source_uniq = models.UniqueIndex("(source)", "This is read already.")

    def init(self):
        """Begin behind what is there."""
        for source, table in statements.SOURCES.items():
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO %(own)s (source, floor_id)
                    SELECT %(source)s, (SELECT COALESCE(max(id), 0) FROM %(table)s)
                    WHERE NOT EXISTS (SELECT 1 FROM %(own)s WHERE source = %(source)s)
                    """,
                    own=SQL.identifier(self._table),
                    table=SQL.identifier(table),
                    source=source,
                )
            )

    def _cron_read(self):
        """Tell people of all changes they were not told of, and send again.

        Each page of changes is committed together with its messages, so what was
        told stays told when the process ends in between.
        """
        cron = self.env["ir.cron"]
        notices = self.env["g2p.spar.notice"]
        self._read(partial(cron._commit_progress, 1, remaining=1))
        notices._send_again_due()
        cron._commit_progress(1, remaining=0)

    def _read(self, between: Callable[[], float]) -> bool:
        """Read all sources, each from its floor to its end.

        :param between: called after each page; nothing is read any more when it
            returns 0. The next reading then begins at the same floor and finds
            what is left, as each row is told once
        :return: whether the end was reached
        """
        return all(self._read_source(one, between) for one in statements.SOURCES)

    def _read_source(self, source: str, between: Callable[[], float]) -> bool:
        execute = executor(self.env.cr)
        start = statements.begin_reading(execute, source)
        last = start.floor
        while changes := self._read_page(source, last):
            self.env["g2p.spar.notice"]._tell(changes)
            last = changes[-1].reminder_id or changes[-1].version_id
            if not between():
                return False
        statements.end_reading(execute, start)
        return True

    def _read_page(self, source: str, after: int) -> list[Change]:
        """Read some changes or reminders.

        :param after: id of the row behind which to begin
        """
        settings = self.env["g2p.spar.portal.settings"]
        execute, channels = executor(self.env.cr), settings.notified_channels()
        if source == "reminder":
            return statements.read_reminders(execute, after, channels, PAGE)
        days = settings.contact_days()
        return statements.read_changes(execute, after, channels, days, PAGE)

from collections.abc import Callable
from functools import partial

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.g2p_spar_mapper.models.statements import executor

from . import notice_statements as statements

#: Versions that are read, told and committed together.
PAGE = 500


class G2PSparNoticeReading(models.Model):
    """How far the history of mappings was read for notices. One row.

    History from before this addon was installed is not told to anybody.
    """

    _name = "g2p.spar.notice.reading"
    _description = "How far notices have read the history"
    _log_access = False

    floor_id = fields.Integer(required=True, readonly=True)
    checkpoint_id = fields.Integer(readonly=True)
    checkpoint_number = fields.Char(
        readonly=True, help="A PostgreSQL transaction number: wider than an integer."
    )

    def init(self):
        """Begin behind the history that is there."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %(table)s (floor_id)
                SELECT (SELECT COALESCE(max(id), 0) FROM g2p_spar_mapping_version)
                WHERE NOT EXISTS (SELECT 1 FROM %(table)s)
                """,
                table=SQL.identifier(self._table),
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
        """Read the history from the floor to its end.

        :param between: called after each page; nothing is read any more when it
            returns 0. The next reading then begins at the same floor and finds
            what is left, as each version is told once
        :return: whether the end was reached
        """
        execute = executor(self.env.cr)
        start = statements.begin_reading(execute)
        last = start.floor
        while (last := self._read_page(last)) is not None:
            if not between():
                return False
        statements.end_reading(execute, start)
        return True

    def _read_page(self, after: int) -> int | None:
        """Tell people of some changes.

        :param after: id of the version behind which to begin
        :return: id of the last version that was read; none: there are no more
        """
        settings = self.env["g2p.spar.portal.settings"]
        changes = statements.read_changes(
            executor(self.env.cr),
            after,
            settings.notified_channels(),
            settings.contact_days(),
            PAGE,
        )
        if not changes:
            return None
        self.env["g2p.spar.notice"]._tell(changes)
        return changes[-1].version_id

import itertools
import time
from datetime import datetime, timezone
from pathlib import Path

from odoo import api, fields, models
from odoo.tools import SQL

from ..core.usage import Key, Sum, finished_files, read_calls, sum_up
from ..usage import folder_of

#: Days after which figures are removed.
KEPT_DAYS = 730
_KEPT_DAYS_KEY = "g2p_spar_connect_api.usage_days"


class G2PSparUsage(models.Model):
    """How often a partner called on a day, and with which end.

    Written from the counts that the workers leave on disk (``core.usage``), a few
    minutes after the calls. A server that dies just between saving and removing
    such counts counts these minutes twice.
    """

    _name = "g2p.spar.usage"
    _description = "Calls of a Partner on a Day"
    _order = "day desc, calls desc, id desc"
    _rec_name = "day"
    _log_access = False

    # === FIELDS === #

    day = fields.Date(required=True, readonly=True, help="By the clock of UTC.")
    sender_id = fields.Many2one(
        "g2p.spar.sender",
        "Partner",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
        help="Empty: nobody was recognised, for example because of a wrong token.",
    )
    operation = fields.Char(required=True, readonly=True)
    code = fields.Char(
        "Refused Because",
        required=True,
        readonly=True,
        help="Code of the answer as a whole; empty when it was worked off.",
    )
    calls = fields.Integer(required=True, readonly=True)
    refusals = fields.Integer(required=True, readonly=True)
    items = fields.Integer(required=True, readonly=True)
    succeeded = fields.Integer("Items Granted", required=True, readonly=True)
    ms = fields.Float("Milliseconds", required=True, readonly=True)
    last_at = fields.Datetime("Last Call", required=True, readonly=True)

    # === CONSTRAINTS AND INDEXES === #

    _key_uniq = models.UniqueIndex(
        "(day, COALESCE(sender_id, 0), operation, code)",
        "These calls have their line already.",
    )

    # === BUSINESS METHODS === #

    @api.model
    def _cron_gather(self):
        """Take over what the workers have counted, and forget what is too old."""
        files = finished_files(folder_of(self.env.cr.dbname), time.time())
        if files:
            self._add(sum_up(itertools.chain.from_iterable(map(_read, files))))
            self.env.cr.postcommit.add(lambda: _remove(files))
        self._forget()

    @api.model
    def _add(self, sums: dict[Key, Sum]):
        """Add sums to the lines there are, with one statement."""
        if not sums:
            return
        senders = self._find_senders({key.sender for key in sums})
        rows = {}
        for key, one in sums.items():
            place = (key.day, senders.get(key.sender), *key[2:])
            rows[place] = _merge(rows.get(place), one)
        values = [
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                *place,
                *_columns(place, one),
            )
            for place, one in rows.items()
        ]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO g2p_spar_usage AS u (day, sender_id, operation, code,
                    calls, refusals, items, succeeded, ms, last_at) VALUES %s
                ON CONFLICT (day, COALESCE(sender_id, 0), operation, code)
                DO UPDATE SET calls = u.calls + EXCLUDED.calls,
                    refusals = u.refusals + EXCLUDED.refusals,
                    items = u.items + EXCLUDED.items,
                    succeeded = u.succeeded + EXCLUDED.succeeded,
                    ms = u.ms + EXCLUDED.ms,
                    last_at = GREATEST(u.last_at, EXCLUDED.last_at)
                """,
                SQL(", ").join(values),
            )
        )
        self.invalidate_model(flush=False)

    def _find_senders(self, names):
        """Database ids of partners by name."""
        # Also of those that were archived since.
        senders = self.env["g2p.spar.sender"].with_context(active_test=False)
        found = senders.search_fetch([("mnemonic", "in", list(names))], ["mnemonic"])
        return {sender.mnemonic: sender.id for sender in found}

    def _forget(self):
        # The number of days is a setting of the administrator, no secret.
        parameter_sudo = self.env["ir.config_parameter"].sudo()
        days = int(parameter_sudo.get_param(_KEPT_DAYS_KEY, KEPT_DAYS))
        self.env.cr.execute(
            SQL("DELETE FROM g2p_spar_usage WHERE day < CURRENT_DATE - %s", days)
        )


def _read(path: Path):
    with path.open("rb") as lines:
        yield from read_calls(lines)


def _remove(files: list[Path]):
    for path in files:
        path.unlink(missing_ok=True)


def _merge(one: Sum | None, other: Sum) -> Sum:
    if one is None:
        return other
    added = (a + b for a, b in zip(one[:-1], other[:-1], strict=True))
    return Sum(*added, max(one.last, other.last))


def _columns(place: tuple, one: Sum) -> tuple:
    last = datetime.fromtimestamp(one.last, timezone.utc).replace(tzinfo=None)
    refusals = one.calls if place[-1] else 0
    return (one.calls, refusals, one.items, one.succeeded, one.ms, last)

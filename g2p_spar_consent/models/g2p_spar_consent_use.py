import time
from datetime import datetime, timezone
from itertools import chain

from odoo import models
from odoo.tools import SQL

from odoo.addons.g2p_spar_connect_api.core.usage import finished_files

from ..consent_use import folder_of
from ..core.use import latest_uses


class G2PSparConsent(models.Model):
    """When a consent was used last."""

    _inherit = "g2p.spar.consent"

    def _cron_gather_uses(self):
        """Take over what the workers have noted, with one statement."""
        files = finished_files(folder_of(self.env.cr.dbname), time.time())
        if not files:
            return
        lines = (path.read_bytes().splitlines() for path in files)
        self._note_uses(latest_uses(chain.from_iterable(lines)))
        self.env.cr.postcommit.add(lambda: [path.unlink(True) for path in files])

    def _note_uses(self, latest: dict[int, float]) -> None:
        """Note when consents were used.

        :param latest: database id -> seconds since the epoch
        """
        if not latest:
            return
        self.flush_model()
        moments = [
            datetime.fromtimestamp(int(at), timezone.utc).replace(tzinfo=None)
            for at in latest.values()
        ]
        self.env.cr.execute(
            SQL(
                """
                UPDATE g2p_spar_consent c
                SET last_used_at = GREATEST(c.last_used_at, used.at)
                FROM unnest(%s::int[], %s::timestamp[]) AS used(id, at)
                WHERE c.id = used.id
                """,
                list(latest),
                moments,
            )
        )
        self.invalidate_model(["last_used_at"], flush=False)

import json

from odoo import api, fields, models

from ..core.matching import Matching, read_matching


class G2PSparIntakeMemory(models.Model):
    """What columns meant the last time, by the names in the first row.

    No screen shows this table and no user writes it; there is nothing of a person in
    it. The next file with the same names begins with what is remembered.
    """

    _name = "g2p.spar.intake.memory"
    _description = "Remembered Meaning of Columns"
    _log_access = False

    digest = fields.Char(required=True, readonly=True)
    matching = fields.Json(required=True, readonly=True)
    used_at = fields.Datetime(required=True, readonly=True)

    _digest_uniq = models.UniqueIndex("(digest)", "These columns are known already.")

    @api.private
    def remember(self, digest: str, matching: Matching):
        """Keep what the columns of a file mean."""
        values = {
            "matching": json.loads(matching.write()),
            "used_at": fields.Datetime.now(),
        }
        # Officers may not write the table; this is the one place that does.
        memory_sudo = self.sudo().search([("digest", "=", digest)])
        if memory_sudo:
            memory_sudo.write(values)
        else:
            memory_sudo.create({"digest": digest, **values})

    @api.private
    def recall(self, digest: str) -> Matching | None:
        """Return what columns of these names meant, none where they are new."""
        # As above.
        memory_sudo = self.sudo().search([("digest", "=", digest)])
        return read_matching(json.dumps(memory_sudo.matching)) if memory_sudo else None

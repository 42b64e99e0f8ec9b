from odoo import fields, models

from ..core.file.facts import FileFacts

#: No partner may have larger limits.
MOST_FILE_MEGABYTES = 1024
MOST_FILE_ROWS = 5_000_000


class G2PSparSender(models.Model):
    """How large the files of a partner may be."""

    _inherit = "g2p.spar.sender"

    file_megabytes = fields.Integer(string="Megabytes per File", default=512)
    file_rows = fields.Integer(string="Rows per File", default=1_000_000)

    _file_megabytes_range = models.Constraint(
        f"CHECK (file_megabytes BETWEEN 1 AND {MOST_FILE_MEGABYTES})",
        f"Megabytes per file must be between 1 and {MOST_FILE_MEGABYTES}.",
    )
    _file_rows_range = models.Constraint(
        f"CHECK (file_rows BETWEEN 1 AND {MOST_FILE_ROWS})",
        f"Rows per file must be between 1 and {MOST_FILE_ROWS}.",
    )

    def _facts_values(self):
        """Say how large a file may be."""
        limits = FileFacts(self.file_megabytes * 2**20, self.file_rows)
        return super()._facts_values() | {"file": limits}

import json

from odoo import fields, models

from odoo.addons.g2p_spar_mapper.core.reason import Operation

from ..core.file.layout import Layout, read_layout
from .g2p_spar_message import OPERATIONS
from .wakeups import FILE

#: What the keys of files are sealed for.
KEY_PURPOSE = "file"

STATES = [
    ("received", "Waiting"),
    ("working", "Being Worked Off"),
    ("done", "Worked Off"),
    ("failed", "Needs Attention"),
    ("cancelled", "Cancelled"),
]


class G2PSparFile(models.Model):
    """Files of partners: where each stands, never what is in it.

    The file itself lies sealed on disk until it is worked off, its result sealed in
    parts until it expires. The committed number of rows is the truth about how far
    it has come: work goes on from there, whatever was killed in between.
    """

    _name = "g2p.spar.file"
    _inherit = ["g2p.spar.file.mixin"]
    _description = "File of a Partner"
    _order = "id desc"
    _rec_name = "correlation_id"
    _log_access = False

    _wake_kind = FILE
    _owner_column = "sender_id"
    _key_purpose = KEY_PURPOSE

    # === FIELDS === #

    sender_id = fields.Many2one(
        "g2p.spar.sender",
        string="Partner",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    message_record_id = fields.Many2one(
        "g2p.spar.message",
        string="Message",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    message_id = fields.Char(related="message_record_id.message_id")
    transaction_id = fields.Char(related="message_record_id.transaction_id")
    digest = fields.Char(
        string="SHA-256 of the File", related="message_record_id.digest"
    )
    correlation_id = fields.Char(string="Correlation ID", required=True, readonly=True)
    operation = fields.Selection(OPERATIONS[:4], required=True, readonly=True)
    format = fields.Selection(
        [("json", "JSON"), ("csv", "CSV")], required=True, readonly=True
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="received")
    received_at = fields.Datetime(string="Received On", required=True, readonly=True)
    expires_at = fields.Datetime(
        string="Result Kept Until", readonly=True, index="btree_not_null"
    )
    removed_at = fields.Datetime(string="Result Deleted On", readonly=True)
    result_size = fields.Integer(string="Bytes of the Result", readonly=True)
    result_digest = fields.Char(string="SHA-256 of the Result", readonly=True)
    # What only the service reads.
    layout = fields.Text(readonly=True, groups=fields.NO_ACCESS)
    claims = fields.Text(readonly=True, groups=fields.NO_ACCESS)
    repeated = fields.Binary(attachment=False, readonly=True, groups=fields.NO_ACCESS)

    _correlation_uniq = models.UniqueIndex(
        "(correlation_id)", "This file was taken already."
    )
    _due_idx = models.Index("(sender_id, id) WHERE state IN ('received', 'working')")

    # === ACTIONS === #

    def action_cancel(self):
        """Work nothing more of these files off; what was done stays done.

        The partner is told, and fetches the results of the rows that were done.
        """
        self.sender_id._check_administrator()
        # The table is written by the service only; administrators may not write it.
        for file_sudo in self.sudo():
            if file_sudo.state in ("received", "working", "failed"):
                file_sudo._finish_now("cancelled")

    def action_resume(self):
        """Let files that were put aside be worked off again."""
        self.sender_id._check_administrator()
        # As above: only the service writes.
        failed_sudo = self.sudo().filtered(lambda file: file.state == "failed")
        failed_sudo.write(
            {"state": "working", "tries": 0, "next_at": False, "problem": False}
        )
        failed_sudo.message_record_id.write({"state": "received", "problem": False})
        self._wake()

    # === BUSINESS METHODS === #

    def _get_layout(self) -> Layout:
        self.ensure_one()
        kept = json.loads(self.layout)
        return read_layout(Operation(self.operation), self.format, kept)

import json

from odoo import api, fields, models

from odoo.addons.g2p_spar_fa_reference.core.seal import unseal
from odoo.addons.g2p_spar_mapper.core.reason import Operation

from ..core.file.layout import Layout, read_layout
from .g2p_spar_message import OPERATIONS

#: What is woken to work files off; see ``g2p.spar.wake``.
FILE = ("root.g2p_spar_file", "g2p.spar.file", "work_off")
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
    _description = "File of a Partner"
    _order = "id desc"
    _rec_name = "correlation_id"
    _log_access = False

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
    problem = fields.Char(readonly=True)
    size = fields.Integer(string="Bytes", readonly=True)
    total = fields.Integer(string="Rows", readonly=True)
    completed = fields.Integer(string="Rows Worked Off", default=0, readonly=True)
    succeeded = fields.Integer(string="Granted", default=0, readonly=True)
    refused = fields.Integer(compute="_compute_refused")
    progress = fields.Float(compute="_compute_progress")
    received_at = fields.Datetime(string="Received On", required=True, readonly=True)
    started_at = fields.Datetime(string="Begun On", readonly=True)
    finished_at = fields.Datetime(string="Worked Off On", readonly=True)
    expires_at = fields.Datetime(
        string="Result Kept Until", readonly=True, index="btree_not_null"
    )
    removed_at = fields.Datetime(string="Result Deleted On", readonly=True)
    result_size = fields.Integer(string="Bytes of the Result", readonly=True)
    result_digest = fields.Char(string="SHA-256 of the Result", readonly=True)
    tries = fields.Integer(
        default=0, readonly=True, help="How often a part was begun in vain."
    )
    next_at = fields.Datetime(string="Left Alone Until", readonly=True)
    worked_at = fields.Datetime(readonly=True)
    # What only the service reads.
    name_on_disk = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    sealed_key = fields.Text(readonly=True, groups=fields.NO_ACCESS)
    layout = fields.Text(readonly=True, groups=fields.NO_ACCESS)
    claims = fields.Text(readonly=True, groups=fields.NO_ACCESS)
    offset = fields.Integer(readonly=True, groups=fields.NO_ACCESS)
    repeated = fields.Binary(attachment=False, readonly=True, groups=fields.NO_ACCESS)

    _correlation_uniq = models.UniqueIndex(
        "(correlation_id)", "This file was taken already."
    )
    _due_idx = models.Index("(sender_id, id) WHERE state IN ('received', 'working')")

    # === COMPUTE METHODS === #

    @api.depends("completed", "succeeded")
    def _compute_refused(self):
        for file in self:
            file.refused = file.completed - file.succeeded

    @api.depends("completed", "total")
    def _compute_progress(self):
        for file in self:
            file.progress = 100 * file.completed / file.total if file.total else 100

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
        self.env["g2p.spar.wake"].after_commit(FILE)

    # === BUSINESS METHODS === #

    def _get_layout(self) -> Layout:
        self.ensure_one()
        kept = json.loads(self.layout)
        return read_layout(Operation(self.operation), self.format, kept)

    def _get_key(self) -> bytes:
        """Return the key of this file.

        :raise SealError: the server's key is missing or another one
        """
        self.ensure_one()
        return unseal(self.sealed_key, KEY_PURPOSE)

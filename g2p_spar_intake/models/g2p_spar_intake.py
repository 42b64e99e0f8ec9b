from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_datetime

from odoo.addons.g2p_spar_mapper.core.reason import Cause

from ..core.day import DAY_FIRST, MONTH_FIRST
from ..core.matching import ID_SLOT
from ..core.tokens import KEYED, NONE, SCRIPT, SCRIPT_PARTNER
from .transaction import begin_read_committed

#: What is woken to work intakes off; see ``g2p.spar.wake``.
INTAKE = ("root.g2p_spar_intake", "g2p.spar.intake", "work_off")
#: What the keys of files are sealed for.
KEY_PURPOSE = "intake"

STATES = [
    ("reading", "Being Read"),
    ("draft", "Columns"),
    ("checking", "Being Tried"),
    ("checked", "Tried"),
    ("running", "Running"),
    ("done", "Done"),
    ("paused", "Paused"),
    ("failed", "Needs Attention"),
    ("cancelled", "Cancelled"),
]
#: States in which what the columns mean may be changed.
EDITABLE = ("draft", "checked")
#: What an officer may write, in those states.
_OPEN_FIELDS = frozenset(
    {
        "operation",
        "fa_type_id",
        "id_form",
        "token",
        "partner",
        "date_order",
        "column_ids",
        "constant_ids",
        "source",
    }
)


class G2PSparIntake(models.Model):
    """A list of people that an officer brings into the registry.

    Guided step by step: the file is read, its columns are matched, the first rows
    are looked at, all rows are tried without writing, then they are done in the
    background. What is in the file lies sealed on disk until then; of refused rows
    there is a file, sealed until its time is over.

    Officers change nothing here but what the columns mean; all else is written by
    the methods below.
    """

    _name = "g2p.spar.intake"
    _inherit = ["g2p.spar.file.mixin"]
    _description = "Intake of a List"
    _order = "id desc"
    _rec_name = "filename"
    _log_access = False

    _wake_kind = INTAKE
    _owner_column = "user_id"
    _key_purpose = KEY_PURPOSE
    _due_states = ("reading", "checking", "running")

    # === FIELDS === #

    filename = fields.Char("File", required=True, readonly=True)
    format = fields.Selection(
        [("csv", "CSV"), ("xlsx", "XLSX")], required=True, readonly=True
    )
    encoding = fields.Char(readonly=True)
    digest = fields.Char(
        "SHA-256 of the File", required=True, readonly=True, index=True
    )
    user_id = fields.Many2one(
        "res.users", "Uploaded by", required=True, readonly=True, ondelete="restrict"
    )
    runner_id = fields.Many2one("res.users", "Run by", readonly=True)
    received_at = fields.Datetime("Uploaded On", required=True, readonly=True)
    expires_at = fields.Datetime(
        "Refused Rows Kept Until", readonly=True, index="btree_not_null"
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="reading")
    paused_from = fields.Selection(STATES, readonly=True)
    source = fields.Char(
        "Where It Comes From",
        help="Kept in the history of each person, such as: enrolment of March, Baraka"
        " district.",
    )
    operation = fields.Selection(
        [("link", "Link"), ("update", "Update"), ("unlink", "Unlink")],
        "What Is Done",
        required=True,
        default="link",
        help="Link: people who have no address yet. Update: a new address, name or"
        " phone of people who have one. Unlink: take the address away.",
    )
    fa_type_id = fields.Many2one(
        "g2p.spar.fa.type",
        "Type of Address",
        help="Needed where the address comes in parts, such as an account number.",
    )
    id_form = fields.Char(
        "Form of the ID",
        required=True,
        default=ID_SLOT,
        help="How the ID is written, with {id} for what the column says, such as"
        " token:{id}@nationalId.",
    )
    token = fields.Selection(
        [
            (NONE, "The ID as it is"),
            (KEYED, "A token keyed with this server's secret (recommended)"),
            (SCRIPT, "A token as SPAR's scripts make it (SHA3-256)"),
        ],
        "Stands for the ID",
        required=True,
        default=NONE,
        help="The token of SPAR's scripts can be turned back into the ID by trying"
        " all IDs; choose it only where others made tokens in the same way.",
    )
    partner = fields.Char(
        "Partner of the Token",
        default=SCRIPT_PARTNER,
        help="What SPAR's scripts hash together with the ID.",
    )
    date_order = fields.Selection(
        [
            (DAY_FIRST, "Day first: 31/12/2026"),
            (MONTH_FIRST, "Month first: 12/31/2026"),
        ],
        "Dates",
    )
    column_ids = fields.One2many("g2p.spar.intake.column", "intake_id", "Columns")
    constant_ids = fields.One2many(
        "g2p.spar.intake.constant", "intake_id", "Same in All Rows"
    )
    tally = fields.Json(readonly=True)
    done = fields.Integer(
        compute="_compute_done",
        help="Rows after which the registry says what they say.",
    )
    waiting = fields.Integer(
        compute="_compute_done",
        help="Rows that change an address in use: noted, and made later or when"
        " somebody agrees, as the rules of this registry demand.",
    )
    tally_text = fields.Text("Outcomes", compute="_compute_tally_text")
    earlier_text = fields.Char(compute="_compute_earlier_text")
    has_refused_file = fields.Boolean(compute="_compute_has_refused_file")
    # What only the service reads.
    start = fields.Integer(readonly=True, groups=fields.NO_ACCESS)
    clashes = fields.Binary(attachment=False, readonly=True, groups=fields.NO_ACCESS)
    clashes_of = fields.Char(readonly=True, groups=fields.NO_ACCESS)

    _due_idx = models.Index(
        "(user_id, id) WHERE state IN ('reading', 'checking', 'running')"
    )

    # === COMPUTE METHODS === #

    @api.depends("tally")
    def _compute_tally_text(self):
        for intake in self:
            intake.tally_text = intake._tell_tally()

    @api.depends("tally", "succeeded")
    def _compute_done(self):
        for intake in self:
            intake.waiting = (intake.tally or {}).get(Cause.WAITING.name, 0)
            intake.done = intake.succeeded - intake.waiting

    @api.depends("digest", "operation", "state")
    def _compute_earlier_text(self):
        for intake in self:
            earlier = intake._find_earlier()
            intake.earlier_text = bool(earlier) and self.env._(
                "This file was worked off already, on %(when)s by %(who)s: there is"
                " nothing more to do. To try its refused rows again, download them"
                " there, mend them, and upload that file.",
                when=format_datetime(self.env, earlier.finished_at),
                who=earlier.runner_id.name,
            )

    @api.depends("state", "refused", "expires_at")
    def _compute_has_refused_file(self):
        now = fields.Datetime.now()
        for intake in self:
            is_kept = not intake.expires_at or intake.expires_at > now
            is_still = intake.state not in ("reading", "draft", "checking", "running")
            intake.has_refused_file = bool(intake.refused and is_kept and is_still)

    def _find_earlier(self):
        """Return the intake that did all rows of the same file in the same way."""
        return self.search(
            [
                ("digest", "=", self.digest),
                ("operation", "=", self.operation),
                ("state", "=", "done"),
                ("id", "!=", self.id or 0),
            ],
            limit=1,
        )

    # === CRUD METHODS === #

    def write(self, vals):
        """Let officers say what the columns mean, and nothing else.

        :raise AccessError: for any other field
        :raise UserError: while the file is being worked off
        """
        if not self.env.su:
            if set(vals) - _OPEN_FIELDS:
                raise AccessError(
                    self.env._("How far a list has come is written by its work alone.")
                )
            self._check_editable()
            self._forget_trial()
        return super().write(vals)

    @api.onchange("fa_type_id")
    def _onchange_fa_type_id(self):
        """Take parts of another type of address back."""
        for column in self.column_ids:
            if column.part_id and column.part_id.fa_type_id != self.fa_type_id:
                column.part_id = False
        self.constant_ids = False

    def _check_editable(self):
        """Refuse a change while rows are read, tried or done.

        :raise UserError: they are
        """
        if self.env.su:
            return
        if any(intake.state not in EDITABLE for intake in self):
            raise UserError(
                self.env._(
                    "What the columns mean cannot be changed any more: the list is"
                    " being worked off, or was."
                )
            )

    def _forget_trial(self):
        """Have the rows tried anew, as they mean something else now."""
        # Officers may not write the state; this is what it is for.
        tried_sudo = self.sudo().filtered(lambda intake: intake.state == "checked")
        if tried_sudo and not self.env.su:
            tried_sudo._reset("draft")

    # === ACTION METHODS === #

    def action_try(self):
        """Try all rows without writing, in the background."""
        self._begin_step("checking")

    def action_run(self):
        """Do all rows, in the background.

        :raise UserError: the same file was worked off already
        """
        for intake in self:
            if intake.earlier_text:
                raise UserError(intake.earlier_text)
        self._begin_step("running")

    def _begin_step(self, state: str):
        """Begin with the first row."""
        self._check_manager()
        self._check_editable()
        for intake in self:
            matching = intake._check_matching()
            intake._remember(matching)
            # Officers may not write the state; their right was checked above.
            intake_sudo = intake.sudo()
            intake_sudo._reset(state)
            intake_sudo.runner_id = self.env.uid
        self._wake()

    def action_pause(self):
        """Stop after the part that is being done."""
        self._check_manager()
        self._wait_for_part()
        # As above.
        for intake_sudo in self.sudo():
            if intake_sudo.state in ("checking", "running"):
                intake_sudo.write({"paused_from": intake_sudo.state, "state": "paused"})

    def action_resume(self):
        """Go on with the next row, with the rights of who says so."""
        self._check_manager()
        # As above.
        for intake_sudo in self.sudo():
            if intake_sudo.state not in ("paused", "failed"):
                continue
            intake_sudo.write(
                {
                    "state": intake_sudo.paused_from or "reading",
                    "paused_from": False,
                    "runner_id": self.env.uid,
                    "tries": 0,
                    "next_at": False,
                    "problem": False,
                }
            )
        self._wake()

    def action_cancel(self):
        """Work nothing more off; rows that were done stay done."""
        self._check_manager()
        self._wait_for_part()
        # As above.
        for intake_sudo in self.sudo():
            if intake_sudo.state not in ("done", "cancelled"):
                intake_sudo._finish("cancelled")

    def _wait_for_part(self):
        """Lock these lists as soon as the part that is being done has ended.

        In a transaction that sees how far they are then: one with an older view
        would fail on every part that ends while it waits.
        """
        begin_read_committed(self.env.cr)
        self.env.invalidate_all()
        self.env.execute_query(
            SQL(
                "SELECT id FROM g2p_spar_intake WHERE id IN %s ORDER BY id FOR UPDATE",
                tuple(self.ids),
            )
        )

    def action_download_refused(self):
        """Fetch the refused rows as CSV."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/spar/intake/{self.id}/refused.csv",
            "target": "download",
        }

    def _check_manager(self):
        """Refuse everybody but managers, whatever else they may write.

        :raise AccessError: for others
        """
        if not self.env.su and not self.env.user.has_group(
            "g2p_spar_mapper.group_manager"
        ):
            raise AccessError(
                self.env._("Only managers may bring whole lists into the registry.")
            )

    def _reset(self, state: str):
        """Begin anew: nothing was tried or done of these files."""
        self.env["g2p.spar.intake.part"].search([("file_id", "in", self.ids)]).unlink()
        for intake in self:
            intake.write(
                {
                    "state": state,
                    "completed": 0,
                    "succeeded": 0,
                    "offset": intake.start,
                    "tally": False,
                    "tries": 0,
                    "next_at": False,
                    "problem": False,
                    "finished_at": False,
                }
            )

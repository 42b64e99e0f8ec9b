from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.g2p_spar_fa_reference.core.mask import mask_address

from ..const import CHANGE_STATES, CHANNELS, STEPS, WHOLE_NUMBERS
from ..core.sandbox import BEHIND_MARK, MARK
from ..core.state import ChangeState, Step
from .guarded_many2one import GuardedMany2one


class G2PSparPendingChange(models.Model):
    """A change of an address that has to wait, and what became of it.

    Written by the service ``g2p.spar.mapper`` alone. The mapping itself keeps the
    last confirmed address; ``changes`` is what will become of it.
    """

    _name = "g2p.spar.pending.change"
    _inherit = ["g2p.spar.sandbox.mixin"]
    _description = "Change That Waits"
    _order = "id desc"
    _rec_name = "mapping_id"
    _log_access = False

    # === FIELDS === #

    mapping_id = GuardedMany2one(
        "g2p.spar.mapping", "Mapping", required=True, readonly=True
    )
    version = fields.Integer(
        required=True, readonly=True, help="The line of the history which it made."
    )
    step = fields.Selection(STEPS, "What Was Asked", required=True, readonly=True)
    changes = fields.Json(required=True, readonly=True, groups=WHOLE_NUMBERS)
    # What ``changes`` names must be there still when they are made.
    strategy_id = GuardedMany2one("g2p.spar.strategy", "Strategy", readonly=True)
    fa_type_id = GuardedMany2one("g2p.spar.fa.type", "Address type", readonly=True)
    provider_id = GuardedMany2one("g2p.spar.provider", "Provider", readonly=True)
    branch_id = GuardedMany2one("g2p.spar.branch", "Branch", readonly=True)
    state = fields.Selection(CHANGE_STATES, required=True, readonly=True)
    held = fields.Boolean(
        "Payment Waits",
        readonly=True,
        help="Nothing is paid until the change is decided; otherwise the old address"
        " is paid.",
    )
    due_at = fields.Datetime(
        "Is Made On", readonly=True, help="Empty: when somebody else has agreed."
    )
    policy_id = GuardedMany2one(
        "g2p.spar.change.policy", "Because of the Policy", readonly=True
    )
    requested_at = fields.Datetime("Asked For", required=True, readonly=True)
    user_id = GuardedMany2one("res.users", "Asked By", required=True, readonly=True)
    channel = fields.Selection(CHANNELS, "Came By", required=True, readonly=True)
    sender = fields.Char(readonly=True)
    transaction_id = fields.Char(readonly=True)
    reference_id = fields.Char(readonly=True)
    reason = fields.Char("Why", readonly=True)
    evidence = fields.Char(readonly=True)
    decided_at = fields.Datetime("Decided", readonly=True)
    decided_by_id = GuardedMany2one("res.users", "Decided By", readonly=True)
    decision = fields.Char("Why Decided So", readonly=True)

    # compute_sudo: the masked forms exist for those who may not read the whole.
    fa_old_masked = fields.Char(
        "Address Before", compute="_compute_fa_old_masked", compute_sudo=True
    )
    fa_new_masked = fields.Char(
        "New Address (masked)", compute="_compute_fa_new_masked", compute_sudo=True
    )
    fa_new = fields.Char("New Address", compute="_compute_fa_new", groups=WHOLE_NUMBERS)
    person_name = fields.Char("Name", related="mapping_id.name")
    mapping_state = fields.Selection(
        string="Mapping Is", related="mapping_id.effective_state"
    )
    failure_text = fields.Char(related="mapping_id.failure_text")
    is_mine = fields.Boolean(
        "Asked for by Me", compute="_compute_is_mine", search="_search_is_mine"
    )

    # === CONSTRAINTS AND INDEXES === #

    _waiting_uniq = models.UniqueIndex(
        "(mapping_id) WHERE state = 'waiting'", "A change of this ID waits already."
    )
    _mapping_id_idx = models.Index("(mapping_id)")
    _due_idx = models.Index("(due_at) WHERE state = 'waiting'")

    # === COMPUTE METHODS === #

    @api.depends("mapping_id")
    def _compute_is_sandbox(self):
        for change in self:
            change.is_sandbox = change.mapping_id.is_sandbox

    def _sandbox_sql(self, alias, query):
        return SQL(
            "%s IN (SELECT id FROM g2p_spar_mapping"
            " WHERE id_key >= %s AND id_key < %s)",
            self._field_to_sql(alias, "mapping_id", query),
            MARK,
            BEHIND_MARK,
        )

    @api.depends("mapping_id", "version")
    def _compute_fa_old_masked(self):
        """Tell the address when the change was asked for, whatever came since."""
        versions = self.env["g2p.spar.mapping.version"]
        found = versions.with_context(sandbox_test=False).search(
            [
                ("mapping_id", "in", self.mapping_id.ids),
                ("version", "in", self.mapped("version")),
            ]
        )
        known = {(one.mapping_id, one.version): one.fa_after_masked for one in found}
        for change in self:
            change.fa_old_masked = known.get((change.mapping_id, change.version))

    @api.depends("changes")
    def _compute_fa_new_masked(self):
        for change in self:
            change.fa_new_masked = mask_address(change.changes.get("fa_value") or "")

    @api.depends("changes")
    def _compute_fa_new(self):
        for change in self:
            change.fa_new = change.changes.get("fa_value")

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for change in self:
            change.is_mine = change.user_id == self.env.user

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        comparison = "=" if True in value else "!="
        return [("user_id", comparison, self.env.uid)]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Refused: the service is the only door."""
        raise AccessError(self._closed_door())

    def write(self, vals):
        """Refused: the service is the only door."""
        raise AccessError(self._closed_door())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self._closed_door())

    def _closed_door(self):
        return self.env._("Changes that wait are decided with the buttons beside them.")

    # === ACTION METHODS === #

    def action_apply(self):
        """Open the dialog in which somebody agrees to the change."""
        return self._open_decision(Step.APPLY)

    def action_withdraw(self):
        """Open the dialog in which the change is given up."""
        return self._open_decision(Step.WITHDRAW)

    def action_dispute(self):
        """Open the dialog that stops payments because of a dispute."""
        return self._open_decision(Step.SUSPEND)

    def _open_decision(self, step):
        """Open the dialog of a step, unless the page was old.

        :raise UserError: the change does not wait any more; another one may
        """
        if any(change.state != ChangeState.WAITING for change in self):
            raise UserError(
                self.env._(
                    "This change does not wait any more. Open the mapping to see what"
                    " became of it."
                )
            )
        return self.mapping_id._open_change(step)

    # === BUSINESS METHODS === #

    def _cron_apply(self):
        """Make the changes whose time has come, page by page."""
        service = self.env["g2p.spar.mapper"]
        cron = self.env["ir.cron"]
        last = 0
        while last is not None:
            done, last = service.apply_due(last)
            if not cron._commit_progress(done, remaining=0 if last is None else 1):
                return

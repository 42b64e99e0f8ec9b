from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.g2p_spar_fa_reference.core.mask import mask_address
from odoo.addons.g2p_spar_mapper.const import WHOLE_NUMBERS

from ..const import OUTCOMES, STATES

_SAID_BY_PEOPLE = {"outcome", "note", "owner_id", "message_follower_ids"}
#: What was said when an alert was closed.
_SAID_LAST = {"outcome", "note"}


class G2PSparAlert(models.Model):
    """Something that a rule found, until somebody has said what it was.

    Alerts are found by statements, see ``finding``; the same subject is found
    once in a period. People take one in hand and close it with an outcome; who did
    so is in its notes. Nobody deletes one.
    """

    _name = "g2p.spar.alert"
    _inherit = ["mail.thread"]
    _description = "Alert"
    _order = "state desc, found_at desc, id desc"

    # === FIELDS === #

    rule_id = fields.Many2one(
        "g2p.spar.alert.rule", required=True, readonly=True, ondelete="restrict"
    )
    kind = fields.Selection(related="rule_id.kind")
    subject = fields.Char(
        required=True,
        readonly=True,
        groups=WHOLE_NUMBERS,
        help="What the finding is about, as a key: user:7, provider:3 and so on.",
    )
    user_id = fields.Many2one("res.users", "By", readonly=True, index="btree_not_null")
    sender = fields.Char("Partner", readonly=True)
    provider_id = fields.Many2one(
        "g2p.spar.provider", readonly=True, index="btree_not_null"
    )
    mapping_id = fields.Many2one(
        "g2p.spar.mapping",
        "Linked ID",
        readonly=True,
        help="The ID, or one of those that are linked to the address.",
    )
    period = fields.Char(
        required=True,
        readonly=True,
        help="A day, or how often a count has doubled: found once in each.",
    )
    found_count = fields.Integer("Count", required=True, readonly=True)
    threshold = fields.Integer(required=True, readonly=True)
    first_at = fields.Datetime("First change", readonly=True)
    last_at = fields.Datetime("Last change", readonly=True)
    found_at = fields.Datetime("Found on", required=True, readonly=True)
    state = fields.Selection(
        STATES, required=True, default="new", readonly=True, tracking=True
    )
    outcome = fields.Selection(OUTCOMES, tracking=True, copy=False)
    note = fields.Text("What was found out", tracking=True, copy=False)
    owner_id = fields.Many2one(
        "res.users",
        tracking=True,
        index="btree_not_null",
        domain=[("share", "=", False)],
    )
    closed_at = fields.Datetime("Closed on", readonly=True)
    closed_by_id = fields.Many2one("res.users", "Closed by", readonly=True)

    # compute_sudo: says of an address only what everybody may see.
    subject_text = fields.Char(
        "About", compute="_compute_subject_text", compute_sudo=True
    )
    sentence = fields.Char("What was found", compute="_compute_sentence")

    # === CONSTRAINTS AND INDEXES === #

    _once_uniq = models.UniqueIndex(
        "(rule_id, subject, period)", "This has been found already."
    )
    _closed_with_outcome = models.Constraint(
        "CHECK (state <> 'closed' OR outcome IS NOT NULL)",
        "Choose an outcome before you close an alert.",
    )
    _open_idx = models.Index("(found_at) WHERE state <> 'closed'")

    # === COMPUTE METHODS === #

    @api.depends("user_id", "sender", "provider_id", "mapping_id", "subject")
    @api.depends_context("lang")
    def _compute_subject_text(self):
        for alert in self:
            alert.subject_text = alert._say_subject()

    @api.depends("found_count", "rule_id", "first_at", "last_at")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for alert in self:
            alert.sentence = alert.rule_id._say_finding(alert.found_count)

    @api.depends("rule_id", "subject_text")
    def _compute_display_name(self):
        for alert in self:
            alert.display_name = f"{alert.rule_id.name}: {alert.subject_text}"

    def _say_subject(self):
        """Say what the finding is about; accounts and IDs are masked."""
        self.ensure_one()
        if (self.subject or "").startswith("address:"):
            return mask_address(self.mapping_id.fa_value or "")
        if self.mapping_id:
            return self.mapping_id.id_masked
        return self.provider_id.name or self.sender or self.user_id.name or ""

    # === ACTION METHODS === #

    def action_take(self):
        """Take alerts in hand: they are mine now."""
        self._check_may_handle()
        if any(alert.state == "closed" for alert in self):
            raise UserError(self.env._("Open the alert again before you take it."))
        self._move({"state": "in_hand", "owner_id": self.env.uid})

    def action_close(self):
        """Close alerts, each of which says what it was.

        :raise UserError: one of them has no outcome
        """
        self._check_may_handle()
        if any(not alert.outcome for alert in self):
            raise UserError(
                self.env._("Choose an outcome first: what was it, in the end?")
            )
        now = fields.Datetime.now()
        self._move({"state": "closed", "closed_at": now, "closed_by_id": self.env.uid})

    def action_reopen(self):
        """Open closed alerts again; what was said of them stays."""
        self._check_may_handle()
        closed = self.filtered(lambda alert: alert.state == "closed")
        closed._move({"state": "in_hand", "closed_at": False, "closed_by_id": False})

    def action_open_subject(self):
        """Open the IDs or the changes that were counted."""
        self.ensure_one()
        return self.rule_id._open_found(self)

    def _check_may_handle(self):
        """Refuse those who may only read, and those whom an alert is about.

        :raise AccessError: the user may not say what became of these alerts
        """
        self.check_access("write")
        if not self.env.su and self.env.user in self.user_id:
            raise AccessError(
                self.env._("This alert is about you: somebody else must look into it.")
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Refused: rules find alerts, nobody enters one."""
        raise AccessError(self.env._("Alerts are found by rules, not entered."))

    def write(self, vals):
        """Let people say what became of an alert, and nothing else.

        :raise AccessError: something else is written, or the alert is about them
        """
        self._check_may_handle()
        if not self.env.su and not vals.keys() <= _SAID_BY_PEOPLE:
            raise AccessError(
                self.env._(
                    "What a rule found cannot be changed. Take the alert in hand, or"
                    " close it, with the buttons of its form."
                )
            )
        if _SAID_LAST & vals.keys() and "closed" in self.mapped("state"):
            raise UserError(self.env._("Open the alert again before you change it."))
        return super().write(vals)

    def _move(self, vals):
        """Write what only the buttons write."""
        # They have checked that the user may handle these alerts.
        self.sudo().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("Alerts are kept: close this one instead."))

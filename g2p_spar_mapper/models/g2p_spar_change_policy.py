from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import ormcache

from ..core.policy import Effect, Policy
from .policy_words import summary_of

#: Longest time a change may wait: a year.
MOST_HOURS = 366 * 24
#: Longest time in which earlier changes count: ten years.
MOST_DAYS = 3660


class G2PSparChangePolicy(models.Model):
    """Which changes of an address wait, and what is paid until then.

    The first policy that fits decides, in the order of the list; without one a
    change is made at once. The rules themselves are in ``core.policy``.
    """

    _name = "g2p.spar.change.policy"
    _inherit = ["g2p.spar.facts.mixin"]
    _description = "Policy for Changes of an Address"
    _order = "sequence, id"

    # === FIELDS === #

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    # A condition that is empty fits everything. So what it names stays in it when it
    # is archived, and cannot be deleted.
    id_type_ids = fields.Many2many(
        "g2p.spar.id.type",
        string="Types of ID",
        ondelete="restrict",
        context={"active_test": False},
        help="None: every type.",
    )
    provider_ids = fields.Many2many(
        "g2p.spar.provider",
        string="Providers of the New Address",
        ondelete="restrict",
        context={"active_test": False},
        help="None: every provider, and addresses at none.",
    )
    by_api = fields.Boolean("Partner System")
    by_portal = fields.Boolean("Beneficiary")
    by_staff = fields.Boolean("Staff")
    by_agent = fields.Boolean("Field Agent")
    by_import = fields.Boolean("Import")
    changes = fields.Integer(
        "Earlier Changes, at Least", help="0: whatever happened before."
    )
    days = fields.Integer("Within the Last Days", default=30)
    effect = fields.Selection(
        [
            ("none", "Is made at once"),
            ("wait", "Waits for a time"),
            ("approve", "Waits until somebody else agrees"),
        ],
        "The Change",
        required=True,
        default="wait",
    )
    hours = fields.Integer(default=24)
    payment = fields.Selection(
        [
            ("old", "The old address is paid"),
            ("stop", "Nothing is paid"),
        ],
        "In the Meantime",
        required=True,
        default="old",
    )
    summary = fields.Text("What This Does", compute="_compute_summary")

    _hours_bounds = models.Constraint(
        f"CHECK (hours BETWEEN 0 AND {MOST_HOURS})",
        "A change may wait up to a year.",
    )
    _past_bounds = models.Constraint(
        f"CHECK (changes BETWEEN 0 AND 1000 AND days BETWEEN 0 AND {MOST_DAYS})",
        "Up to 1,000 changes within up to ten years can be counted.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "id_type_ids",
        "provider_ids",
        "by_api",
        "by_portal",
        "by_staff",
        "by_agent",
        "by_import",
        "changes",
        "days",
        "effect",
        "hours",
        "payment",
    )
    @api.depends_context("lang")
    def _compute_summary(self):
        for policy in self:
            policy.summary = summary_of(self.env, policy._to_rule())

    # === CONSTRAINT METHODS === #

    @api.constrains("effect", "hours")
    def _check_hours(self):
        if any(one.effect == Effect.WAIT and not one.hours for one in self):
            raise ValidationError(
                self.env._("Say how many hours a change waits, at least one.")
            )

    @api.constrains("changes", "days")
    def _check_days(self):
        if any(one.changes and not one.days for one in self):
            raise ValidationError(
                self.env._("Say within how many days earlier changes count.")
            )

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Keep the policies because of which some change had to wait."""
        # Whoever may delete a policy is told whether it was used, sandboxes too.
        changes_sudo = self.env["g2p.spar.pending.change"].sudo()
        changes_sudo = changes_sudo.with_context(sandbox_test=False)
        if changes_sudo.search_count([("policy_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Changes had to wait because of this policy, and their history"
                    " names it. Archive it instead."
                )
            )

    # === BUSINESS METHODS === #

    @api.private
    def get_policies(self) -> tuple[Policy, ...]:
        """Return all policies in their order, from memory."""
        return self._policies()

    @ormcache()
    def _policies(self):
        # Policies hold for every caller, whoever may read their list.
        policies_sudo = self.env["g2p.spar.change.policy"].sudo()
        policies_sudo = policies_sudo.with_context(active_test=True)
        return tuple(one._to_rule() for one in policies_sudo.search([]))

    def _to_rule(self) -> Policy:
        """Return the policy as the pure rules know it."""
        self.ensure_one()
        channels = ("api", "portal", "staff", "agent", "import")
        return Policy(
            self._origin.id or 0,
            self.effect,
            self.hours,
            self.payment == "old",
            frozenset(self.id_type_ids._origin.ids),
            frozenset(self.provider_ids._origin.ids),
            frozenset(name for name in channels if self[f"by_{name}"]),
            self.changes,
            self.days,
        )

from datetime import timedelta

from odoo import api, fields, models

from ..const import CHANNELS
from ..core.policy import Facts, first_fit
from ..models.g2p_spar_change_policy import MOST_DAYS
from ..models.policy_words import summary_of


class G2PSparChangePolicyTest(models.TransientModel):
    """A box in which staff try out what would happen to a change.

    It asks the functions which the service asks, and changes nothing.
    """

    _name = "g2p.spar.change.policy.test"
    _description = "Test of the Policies"

    id_type_id = fields.Many2one(
        "g2p.spar.id.type",
        "Type of ID",
        default=lambda self: self.env["g2p.spar.id.type"].search([], limit=1),
    )
    provider_id = fields.Many2one("g2p.spar.provider", "Provider of the New Address")
    channel = fields.Selection(CHANNELS[:-1], "Comes By", default="portal")
    is_first = fields.Boolean("The ID Has No Address Yet")
    past_count = fields.Integer("Earlier Changes")
    past_days = fields.Integer("How Many Days Ago", default=1)
    policy_id = fields.Many2one(
        "g2p.spar.change.policy", "Decided By", compute="_compute_verdict"
    )
    verdict = fields.Text("What Would Happen", compute="_compute_verdict")

    @api.depends(
        "id_type_id", "provider_id", "channel", "is_first", "past_count", "past_days"
    )
    @api.depends_context("lang")
    def _compute_verdict(self):
        policies = self.env["g2p.spar.change.policy"].get_policies()
        for test in self:
            facts = test._facts()
            policy = None if facts.is_first else first_fit(policies, facts)
            test.policy_id = policy.id if policy else False
            test.verdict = test._say(policy)

    def _facts(self) -> Facts:
        now = fields.Datetime.now()
        past = now - timedelta(days=min(max(self.past_days, 0), MOST_DAYS))
        return Facts(
            self.is_first,
            self.id_type_id.id,
            self.provider_id.id or None,
            self.channel or "",
            now,
            (past,) * min(max(self.past_count, 0), 1000),
        )

    def _say(self, policy):
        if self.is_first:
            return self.env._("At once: the first address of an ID never waits.")
        if policy is None:
            return self.env._("At once: no policy fits.")
        return summary_of(self.env, policy)

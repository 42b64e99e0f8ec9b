from odoo import api, fields, models
from odoo.tools import SQL

from ..core.login_rules import FAILURES, SUCCEEDED
from ..core.oidc.login import LOGIN, STEP_UP
from .transaction import own_transaction

_OUTCOMES = [
    (SUCCEEDED, "The person logged in"),
    *((code, f"{text[0].upper()}{text[1:]}") for code, text in FAILURES.items()),
]


class G2PSparOidcEvent(models.Model):
    """How many logins ended how, by day: counts only, nobody's."""

    _name = "g2p.spar.oidc.event"
    _description = "Count of Logins"
    _order = "day desc, id desc"
    _log_access = False
    _rec_name = "outcome"

    day = fields.Date(required=True, readonly=True, index=True)
    provider_id = fields.Many2one(
        "auth.oauth.provider", readonly=True, ondelete="cascade", index=True
    )
    purpose = fields.Selection(
        [(LOGIN, "Login"), (STEP_UP, "Proof for a Change")],
        string="For",
        required=True,
        readonly=True,
    )
    outcome = fields.Selection(_OUTCOMES, required=True, readonly=True)
    is_failure = fields.Boolean("Failed", readonly=True)
    hits = fields.Integer("Logins", required=True, readonly=True, aggregator="sum")

    _cell_uniq = models.UniqueIndex("(day, COALESCE(provider_id, 0), purpose, outcome)")

    @api.private
    def count(self, provider_id, purpose, outcome=SUCCEEDED):
        """Count an end of a login; the count stays, whatever becomes of the request.

        :param int provider_id: none where it is not known
        :param str purpose: ``login`` or ``step_up``
        :param str outcome: ``succeeded`` or one of ``core.login_rules.FAILURES``
        """
        # People have no right to this table.
        with own_transaction(self.sudo()) as model:
            model.env.execute_query(
                SQL(
                    """
                    INSERT INTO g2p_spar_oidc_event AS old
                        (day, provider_id, purpose, outcome, is_failure, hits)
                    VALUES (%s, %s, %s, %s, %s, 1)
                    ON CONFLICT (day, COALESCE(provider_id, 0), purpose, outcome)
                    DO UPDATE SET hits = old.hits + 1
                    RETURNING id
                    """,
                    fields.Date.today(),
                    provider_id,
                    purpose,
                    outcome,
                    outcome != SUCCEEDED,
                )
            )

from datetime import timedelta

from odoo import api, fields, models

from ..core.secret import hash_secret, new_secret

#: Days a former secret stays valid, so that a partner can change over.
OVERLAP_DAYS = 7


class G2PSparSenderSecret(models.Model):
    _name = "g2p.spar.sender.secret"
    _inherit = ["g2p.spar.facts.mixin"]
    _description = "Client Secret of a Partner"
    _order = "create_date desc, id desc"
    _rec_name = "create_date"

    sender_id = fields.Many2one(
        "g2p.spar.sender",
        string="Partner",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    digest = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="Keyed hash of the secret; the secret itself is stored nowhere.",
    )
    expires_at = fields.Datetime(
        string="Valid Until", readonly=True, help="Empty: until a new one is made."
    )
    state = fields.Selection(
        [("valid", "Valid"), ("expired", "Expired")],
        compute="_compute_state",
    )

    # === COMPUTE METHODS === #

    @api.depends("expires_at")
    def _compute_state(self):
        now = fields.Datetime.now()
        for secret in self:
            over = secret.expires_at and secret.expires_at <= now
            secret.state = "expired" if over else "valid"

    # === BUSINESS METHODS === #

    @api.private
    def issue(self, sender, overlap_days=OVERLAP_DAYS):
        """Make a new secret; former ones end after the overlap at the latest.

        :param sender: whose secret
        :param int overlap_days: 0 ends the former ones now
        :return: the secret in plain; nobody can read it again
        :rtype: str
        :raise SealError: the key of the server is missing
        """
        secret = new_secret()
        former = self.search([("sender_id", "=", sender.id)])
        former._end(fields.Datetime.now() + timedelta(days=overlap_days))
        self.create(
            {
                "sender_id": sender.id,
                "digest": hash_secret(secret),
                "expires_at": sender._secret_end(),
            }
        )
        return secret

    def _end(self, moment):
        """Let secrets that would be valid longer end at ``moment``."""
        self.filtered(lambda s: not s.expires_at or s.expires_at > moment).write(
            {"expires_at": moment}
        )

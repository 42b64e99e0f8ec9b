from odoo import api, fields, models
from odoo.exceptions import AccessError


class G2PSparRetentionRun(models.Model):
    """How many records a rule purged, when and on whose order: never which."""

    _name = "g2p.spar.retention.run"
    _description = "Purge"
    _order = "id desc"
    _rec_name = "target"
    _log_access = False

    rule_id = fields.Many2one(
        "g2p.spar.retention.rule", readonly=True, ondelete="set null", index=True
    )
    target = fields.Selection(
        lambda self: self.env["g2p.spar.retention.rule"]._select_target(),
        "What was purged",
        required=True,
        readonly=True,
    )
    days = fields.Integer("Older than days", required=True, readonly=True)
    legal_basis = fields.Text(required=True, readonly=True)
    purged = fields.Integer("Records", required=True, readonly=True)
    purged_at = fields.Datetime("When", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "By", required=True, readonly=True)

    def write(self, vals):
        """Refused, for everybody: what was purged stays known.

        :raise AccessError: always
        """
        raise AccessError(self._kept())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self._kept())

    def _kept(self):
        return self.env._("The record of a purge cannot be changed or removed.")

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

from ..const import CHANNELS, FAILURES
from .guarded_many2one import GuardedMany2one


class G2PSparFailureReport(models.Model):
    """A failed payment that somebody reported, and that stopped further ones.

    Lines are only added, by the service ``g2p.spar.mapper`` alone.
    """

    _name = "g2p.spar.failure.report"
    _description = "Report of a Failed Payment"
    _order = "id desc"
    _rec_name = "mapping_id"
    _log_access = False

    mapping_id = GuardedMany2one(
        "g2p.spar.mapping", "Mapping", required=True, readonly=True
    )
    version = fields.Integer(
        required=True, readonly=True, help="The line of the history which it made."
    )
    failure = fields.Selection(FAILURES, "Why", required=True, readonly=True)
    failed_on = fields.Date(readonly=True)
    reported_at = fields.Datetime(required=True, readonly=True)
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    sender = fields.Char(readonly=True)
    user_id = GuardedMany2one("res.users", "By", required=True, readonly=True)
    transaction_id = fields.Char(readonly=True)
    reference_id = fields.Char(readonly=True)

    _mapping_id_idx = models.Index("(mapping_id)")

    @api.model_create_multi
    def create(self, vals_list):
        """Refused: the service alone adds reports."""
        raise AccessError(self._closed_door())

    def write(self, vals):
        """Refused, for everybody."""
        raise AccessError(self._closed_door())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self._closed_door())

    def _say(self):
        """Say why and when a payment failed, and who told."""
        self.ensure_one()
        names = dict(self._fields["failure"]._description_selection(self.env))
        facts = [names[self.failure]]
        if self.failed_on:
            facts.append(format_date(self.env, self.failed_on))
        facts.append(self.sender or self.user_id.name)
        return ", ".join(facts)

    def _closed_door(self):
        return self.env._("Reports of failed payments cannot be written or changed.")

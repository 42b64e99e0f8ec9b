from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..const import CHANNELS, WHOLE_NUMBERS
from .erasure_guard import guard_keys
from .guarded_many2one import GuardedMany2one

RUNGS = [
    ("1", "Form"),
    ("2", "Code to the phone"),
    ("3", "Name of the holder"),
    ("4", "Test transfer"),
    ("5", "First payment"),
]
RESULTS = [
    ("passed", "Passed"),
    ("failed", "Failed"),
    ("unclear", "Says nothing"),
]


class G2PSparVerification(models.Model):
    """One check of an address, with its evidence (``core.ladder``).

    Lines are only added, by the service ``g2p.spar.mapper`` alone. They name the
    address by its key, so that they count for it and for no later one.
    """

    _name = "g2p.spar.verification"
    _description = "Check of an Address"
    _order = "id desc"
    _rec_name = "mapping_id"
    _log_access = False

    mapping_id = GuardedMany2one(
        "g2p.spar.mapping", "Mapping", required=True, readonly=True
    )
    fa_key = fields.Char(
        "Address Key", required=True, readonly=True, groups=WHOLE_NUMBERS
    )
    rung = fields.Selection(RUNGS[1:], "What", required=True, readonly=True)
    result = fields.Selection(RESULTS, required=True, readonly=True)
    evidence = fields.Char(readonly=True)
    checked_at = fields.Datetime("When", required=True, readonly=True)
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    sender = fields.Char(readonly=True)
    user_id = GuardedMany2one("res.users", "By", required=True, readonly=True)
    is_present = fields.Boolean(
        "Of the Present Address", compute="_compute_is_present", compute_sudo=True
    )

    _mapping_id_idx = models.Index("(mapping_id)")

    def init(self):
        """Let the database refuse every change of what was found but an erasure."""
        guard_keys(self.env.cr, self._table)

    @api.depends("mapping_id.fa_key", "fa_key")
    def _compute_is_present(self):
        for check in self:
            check.is_present = check.fa_key == check.mapping_id.fa_key

    @api.model_create_multi
    def create(self, vals_list):
        """Refused: the service alone adds checks."""
        raise AccessError(self._closed_door())

    def write(self, vals):
        """Refused, for everybody."""
        raise AccessError(self._closed_door())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self._closed_door())

    def _closed_door(self):
        return self.env._("Checks of addresses cannot be written or changed.")

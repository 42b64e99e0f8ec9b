from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.g2p_spar_fa_reference.core.mask import mask_address

from ..const import CHANNELS, STATES, STEPS, WHOLE_NUMBERS
from ..core.sandbox import BEHIND_MARK, MARK
from ..core.show import changed_names
from ..core.state import Step
from .erasure_guard import guard_snapshots
from .guarded_many2one import GuardedMany2one


def _words_index(registry, column: str) -> str:
    """Define an index by which words in a text are found, where there can be one.

    Partner systems give no reasons, so it costs their lines nothing.
    """
    if not registry.has_trigram:
        return ""
    return f"USING gin ({column} gin_trgm_ops) WHERE {column} IS NOT NULL"


class G2PSparMappingVersion(models.Model):
    """One line of a mapping's history: who changed what, when, why and how.

    Lines are only ever added, by the service; the database itself refuses to
    change or remove one.
    """

    _name = "g2p.spar.mapping.version"
    _inherit = ["g2p.spar.sandbox.mixin"]
    _description = "Version of an ID-account mapping"
    _order = "mapping_id desc, version desc"
    _rec_name = "version"
    _log_access = False

    # === FIELDS === #

    mapping_id = GuardedMany2one(
        "g2p.spar.mapping",
        "Mapping",
        required=True,
        readonly=True,
    )
    version = fields.Integer(required=True, readonly=True)
    step = fields.Selection(STEPS, "What happened", required=True, readonly=True)
    state = fields.Selection(STATES, "State after", required=True, readonly=True)
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    sender = fields.Char(readonly=True)
    user_id = GuardedMany2one("res.users", "By", required=True, readonly=True)
    changed_at = fields.Datetime("When", required=True, readonly=True)
    transaction_id = fields.Char(readonly=True)
    reference_id = fields.Char(readonly=True)
    reason = fields.Char(readonly=True)
    evidence = fields.Char(readonly=True)
    before = fields.Json(readonly=True, groups=WHOLE_NUMBERS)
    after = fields.Json(readonly=True, groups=WHOLE_NUMBERS)

    # compute_sudo: the masked forms exist for those who may not read the whole.
    fa_before_masked = fields.Char(
        "Address before", compute="_compute_masked", compute_sudo=True
    )
    fa_after_masked = fields.Char(
        "Address after", compute="_compute_masked", compute_sudo=True
    )

    changed_fields = fields.Char(
        "What changed", compute="_compute_changed_fields", compute_sudo=True
    )
    fa_before = fields.Char(
        "Whole address before", compute="_compute_whole", groups=WHOLE_NUMBERS
    )
    fa_after = fields.Char(
        "Whole address after", compute="_compute_whole", groups=WHOLE_NUMBERS
    )

    # === CONSTRAINTS AND INDEXES === #

    _mapping_version_uniq = models.UniqueIndex(
        "(mapping_id, version)", "This version of the mapping is in the history."
    )
    # It grows at its end alone: linking does not wait for it. A list of a past time
    # begins in it, where a summary of blocks would have all newer lines walked over.
    _changed_at_idx = models.Index("(changed_at)")
    # Most lines are first links by partner systems, which these leave out.
    _other_step_idx = models.Index("(step, id) WHERE step <> 'link'")
    _by_people_idx = models.Index("(user_id, id) WHERE channel <> 'api'")
    _reason_idx = models.Index(
        lambda registry: _words_index(registry, "reason"),
    )
    _evidence_idx = models.Index(
        lambda registry: _words_index(registry, "evidence"),
    )
    # The items of a message share it, so it takes little room.
    _transaction_id_idx = models.Index("(transaction_id)")

    def init(self):
        """Let the database refuse every change of history but an erasure.

        Adding lines costs nothing: nothing is looked at then.
        """
        guard_snapshots(self.env.cr, self._table)

    # === COMPUTE METHODS === #

    @api.depends("mapping_id")
    def _compute_is_sandbox(self):
        for version in self:
            version.is_sandbox = version.mapping_id.is_sandbox

    def _sandbox_sql(self, alias, query):
        # The bounds let the index of the keys find the few there are.
        return SQL(
            "%s IN (SELECT id FROM g2p_spar_mapping"
            " WHERE id_key >= %s AND id_key < %s)",
            self._field_to_sql(alias, "mapping_id", query),
            MARK,
            BEHIND_MARK,
        )

    @api.depends("before", "after")
    def _compute_masked(self):
        for version in self:
            before, after = version.before or {}, version.after or {}
            version.fa_before_masked = mask_address(before.get("fa_value") or "")
            version.fa_after_masked = mask_address(after.get("fa_value") or "")

    @api.depends("before", "after")
    def _compute_whole(self):
        for version in self:
            version.fa_before = (version.before or {}).get("fa_value")
            version.fa_after = (version.after or {}).get("fa_value")

    @api.depends("before", "after")
    @api.depends_context("lang")
    def _compute_changed_fields(self):
        words = self._words()
        for version in self:
            changed = changed_names(version.before, version.after)
            told = [word for name, word in words.items() if name in changed]
            version.changed_fields = ", ".join(told) if version.before else False

    def _words(self):
        """What a person calls the fields of a snapshot.

        Strategy, provider and branch are left out: they change with the address.
        """
        return {
            "fa_value": self.env._("Address"),
            "name": self.env._("Name"),
            "phone": self.env._("Phone"),
            "additional_info": self.env._("Additional information"),
            "state": self.env._("State"),
            "hold_until": self.env._("End of the hold"),
            "valid_until": self.env._("End of the link"),
        }

    # === ACTION METHODS === #

    def action_rollback(self):
        """Open the dialog that brings this version back."""
        self.ensure_one()
        action = self.mapping_id._open_change(Step.ROLLBACK)
        action["context"]["default_rollback_version"] = self.version
        return action

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Refused: the service alone adds lines."""
        raise AccessError(self._closed_door())

    def write(self, vals):
        """Refused, for everybody."""
        raise AccessError(self._closed_door())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self._closed_door())

    def _closed_door(self):
        return self.env._("The history of a mapping cannot be written or changed.")

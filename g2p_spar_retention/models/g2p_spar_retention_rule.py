from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..core.keeping import LONGEST, Target, border

#: Records that one statement removes: others wait for no longer than that takes.
AT_ONCE = 10_000


class G2PSparRetentionRule(models.Model):
    """How long records of a kind are kept, and which law says so.

    Mappings and their history are no kind: they are the accounting trail. Other
    addons add kinds of theirs by extending the selection and :meth:`_targets`.
    """

    _name = "g2p.spar.retention.rule"
    _description = "Retention Rule"
    _order = "target"
    _rec_name = "target"

    # === FIELDS === #

    target = fields.Selection(
        [
            ("pending_change", "Decided changes that had to wait"),
            ("failure_report", "Reports of failed payments"),
            ("reminder", "Reminders of the end of a link"),
        ],
        "What is purged",
        required=True,
    )
    days = fields.Integer("Kept for days", required=True, default=2557)
    legal_basis = fields.Text(
        required=True, help="The law or regulation that says how long they are kept."
    )
    is_nightly = fields.Boolean(
        "Purge every night",
        help="Off: nothing is purged but by the button.",
    )
    due_count = fields.Integer("To be purged now", compute="_compute_due_count")
    run_ids = fields.One2many(
        "g2p.spar.retention.run", "rule_id", "Purges", readonly=True
    )

    # === CONSTRAINTS AND INDEXES === #

    _target_uniq = models.UniqueIndex(
        "(target)", "There is a rule for these records already."
    )

    @api.constrains("target", "days")
    def _check_days(self):
        """Refuse to purge what is still needed.

        :raise ValidationError: too few days, or more than a century
        """
        for rule in self:
            least = self._targets()[rule.target].least
            if not least <= rule.days <= LONGEST:
                raise ValidationError(
                    self.env._(
                        "These records are needed for %(least)s days. Give"
                        " %(least)s to %(most)s days.",
                        least=least,
                        most=LONGEST,
                    )
                )

    # === COMPUTE METHODS === #

    @api.depends("target", "days")
    def _compute_due_count(self):
        for rule in self:
            rule.due_count = rule._count_due() if rule.target else 0

    # === BUSINESS METHODS === #

    def _targets(self):
        """Return the kinds of records that may be purged, by the selection's code."""
        return {
            "pending_change": Target(
                "g2p_spar_pending_change", "decided_at", "state <> 'waiting'", 30
            ),
            # The newest report of a mapping says why it is not paid.
            "failure_report": Target(
                "g2p_spar_failure_report",
                "reported_at",
                "NOT EXISTS (SELECT 1 FROM g2p_spar_mapping m WHERE m.id ="
                " g2p_spar_failure_report.mapping_id AND m.state = 'suspended')",
                30,
            ),
            # Those of the last year keep the same reminder from being made twice.
            "reminder": Target("g2p_spar_reminder", "valid_until", "true", 365),
        }

    def _due(self):
        """Return the condition of the records that are to go now."""
        self.ensure_one()
        target = self._targets()[self.target]
        try:
            moment = border(self.days, target, fields.Datetime.now())
        except ValueError:
            # Not saved yet: the form says what is wrong with it.
            return SQL("false")
        return SQL(
            "%s < %s AND (%s)",
            SQL.identifier(target.moment),
            moment,
            # A constant of the addons.
            SQL(target.condition.replace("%", "%%")),
        )

    def _count_due(self):
        rows = self.env.execute_query(
            SQL("SELECT count(*) FROM %s WHERE %s", self._target_table(), self._due())
        )
        return rows[0][0]

    def _target_table(self):
        return SQL.identifier(self._targets()[self.target].table)

    def action_purge(self):
        """Purge what is due, after the user has seen how many there are."""
        self.check_access("write")
        for rule in self:
            # Nobody else may remove these records, or write what was removed.
            rule.sudo()._purge()

    @api.model
    def _cron_purge(self):
        """Purge by every rule that is switched on."""
        for rule in self.search([("is_nightly", "=", True)]):
            rule._purge()

    def _purge(self):
        """Purge in portions, and record how many were purged.

        :return: number of purged records
        """
        self.ensure_one()
        self.env.flush_all()
        purged = 0
        while count := self._purge_some():
            purged += count
        if purged:
            self._record(purged)
        self.env.invalidate_all(flush=False)
        return purged

    def _purge_some(self):
        self.env.cr.execute(
            SQL(
                "DELETE FROM %(table)s WHERE id IN"
                " (SELECT id FROM %(table)s WHERE %(due)s LIMIT %(most)s)",
                table=self._target_table(),
                due=self._due(),
                most=AT_ONCE,
            )
        )
        return self.env.cr.rowcount

    def _record(self, purged):
        self.env["g2p.spar.retention.run"].create(
            {
                "rule_id": self.id,
                "target": self.target,
                "days": self.days,
                "legal_basis": self.legal_basis,
                "purged": purged,
                "purged_at": fields.Datetime.now(),
                "user_id": self.env.uid,
            }
        )

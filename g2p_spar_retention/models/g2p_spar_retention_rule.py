from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..core.keeping import LONGEST, Target, border

#: Records that one statement removes.
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

    target = fields.Selection("_select_target", "What is purged", required=True)
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

    @api.depends("target")
    @api.depends_context("lang")
    def _compute_display_name(self):
        names = dict(self._select_target())
        for rule in self:
            rule.display_name = names.get(rule.target)

    @api.depends("target", "days")
    def _compute_due_count(self):
        for rule in self:
            rule.due_count = rule._count_due()

    # === BUSINESS METHODS === #

    @api.model
    def _select_target(self):
        """Return the kinds of records that the installed addons keep."""
        words = {
            "pending_change": self.env._("Decided changes that had to wait"),
            "failure_report": self.env._("Reports of failed payments"),
            "reminder": self.env._("Reminders of the end of a link"),
            "notice": self.env._("Notices to beneficiaries"),
            "consent": self.env._("Receipts of consents that have ended"),
            "intake": self.env._("Lists that were brought in, with refused rows"),
            "agent_capture": self.env._("Captures of field agents, with photos"),
        }
        return [(name, words[name]) for name in self._targets()]

    def _targets(self):
        """Return the kinds of records that may be purged, by the selection's code."""
        return {
            name: target
            for name, target in self._known_targets().items()
            if target.model is None or target.model in self.env
        }

    def _known_targets(self):
        """Return the kinds of records of all our addons, installed or not."""
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
            "reminder": Target(
                "g2p_spar_reminder", "valid_until", self._untold_reminders(), 365
            ),
            # What is sent again is not done with. Texts go earlier, by the portal.
            "notice": Target(
                "g2p_spar_notice",
                "created_at",
                "state <> 'queued' AND retry_at IS NULL",
                30,
                "g2p.spar.notice",
            ),
            "consent": Target(
                "g2p_spar_consent",
                "ended_at",
                "state <> 'active'",
                30,
                "g2p.spar.consent",
            ),
            # The same file is known again for as long as its list is kept.
            "intake": Target(
                "g2p_spar_intake",
                "finished_at",
                "state IN ('done', 'cancelled')",
                30,
                "g2p.spar.intake",
            ),
            "agent_capture": Target(
                "g2p_spar_agent_capture",
                "ended_at",
                "state NOT IN ('draft', 'proved', 'approval')",
                30,
                "g2p.spar.agent.capture",
            ),
        }

    def _untold_reminders(self):
        """Return the condition of reminders to which no notice points any more."""
        notices = self.env.get("g2p.spar.notice")
        if notices is None or "reminder_id" not in notices._fields:
            return "true"
        return (
            "NOT EXISTS (SELECT 1 FROM g2p_spar_notice n"
            " WHERE n.reminder_id = g2p_spar_reminder.id)"
        )

    def _kind(self):
        """Return the kind of the rule's records, none: its addon is gone."""
        self.ensure_one()
        return self._targets().get(self.target)

    def _due(self, target):
        """Return the condition of the records that are to go now."""
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
        target = self._kind()
        if target is None:
            return 0
        table = SQL.identifier(target.table)
        rows = self.env.execute_query(
            SQL("SELECT count(*) FROM %s WHERE %s", table, self._due(target))
        )
        return rows[0][0]

    def action_purge(self):
        """Purge what is due, after the user has seen how many there are."""
        self.check_access("write")
        for rule in self:
            # Nobody else may remove these records, or write what was removed.
            rule.sudo()._purge()

    @api.model
    def _cron_purge(self):
        """Purge by every rule that is switched on; each portion is committed.

        The first purge of years may be more than one run can do: the next one goes on.
        """
        cron = self.env["ir.cron"]
        for rule in self.search([("is_nightly", "=", True)]):
            while purged := rule._purge_some():
                rule._record(purged)
                if not cron._commit_progress(purged, remaining=1):
                    return
        cron._commit_progress(remaining=0)

    def _purge(self):
        """Purge all that is due, and record how many were purged.

        :return: number of purged records
        """
        purged = 0
        while count := self._purge_some():
            purged += count
        if purged:
            self._record(purged)
        return purged

    def _purge_some(self):
        """Purge a portion. :return: number of purged records"""
        target = self._kind()
        if target is None:
            return 0
        self.env.flush_all()
        table, due = SQL.identifier(target.table), self._due(target)
        rows = self.env.execute_query(
            SQL("SELECT id FROM %s WHERE %s LIMIT %s", table, due, AT_ONCE)
        )
        ids = [row[0] for row in rows]
        self._purge_files(target, ids)
        self.env.execute_query(
            SQL("DELETE FROM %s WHERE id = ANY(%s) RETURNING id", table, ids)
        )
        self.env.invalidate_all(flush=False)
        return len(ids)

    def _purge_files(self, target, ids):
        """Remove the files of records, which no foreign key takes with them."""
        if target.model is None:
            return
        of_records = [("res_model", "=", target.model), ("res_id", "in", ids)]
        # Those of fields are found only by who asks for them.
        of_fields = ["|", ("res_field", "=", False), ("res_field", "!=", False)]
        files = self.env["ir.attachment"].search([*of_records, *of_fields])
        files.unlink()

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

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import LazyTranslate

from odoo.addons.g2p_spar_mapper.const import CHANNELS

from ..const import COUNTED, KINDS, SUBJECTS
from ..core.windows import before_payment, sliding
from . import finding

_lt = LazyTranslate(__name__)
_logger = logging.getLogger(__name__)

#: How long before a payment a rule may begin to look.
MOST_DAYS = timedelta(days=31)
#: Changing one of them means that everything is looked at anew.
_LOOKS = {"kind", "subject_kind", "counted", "channel", "threshold", "active"}

_WHAT = {
    "address": _lt("address changes"),
    "dispute": _lt("disputes"),
    "any": _lt("changes"),
}
_WHERE = {
    "actor": _lt("by one person or partner"),
    "provider": _lt("at one provider"),
    "address": _lt("to one address"),
    "mapping": _lt("of one ID"),
}


class G2PSparAlertRule(models.Model):
    """What is looked for, and from which number on it is an alert."""

    _name = "g2p.spar.alert.rule"
    _description = "Alert Rule"
    _order = "sequence, id"

    # === FIELDS === #

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, "Looks for", required=True, default="burst")
    counted = fields.Selection(COUNTED, "Counts", required=True, default="address")
    subject_kind = fields.Selection(SUBJECTS, "Where", required=True, default="actor")
    channel = fields.Selection(
        CHANNELS, "Only by", help="Empty: changes by every channel count."
    )
    threshold = fields.Integer(
        "From", required=True, default=20, help="An alert from this number on."
    )
    hours = fields.Integer("Within hours", required=True, default=24)
    days = fields.Integer("Days before a payment", required=True, default=3)
    owner_id = fields.Many2one(
        "res.users",
        "Owner of new alerts",
        domain=[("share", "=", False)],
        ondelete="set null",
        index="btree_not_null",
        help="Empty: whoever takes an alert first.",
    )
    looked_at = fields.Datetime("Looked last on", readonly=True, copy=False)
    open_count = fields.Integer("Open alerts", compute="_compute_open_count")
    sentence = fields.Char("In words", compute="_compute_sentence")

    # === CONSTRAINTS AND INDEXES === #

    _threshold_sensible = models.Constraint(
        "CHECK (threshold BETWEEN 2 AND 1000000)",
        "Give a number from 2 to 1,000,000.",
    )
    _hours_sensible = models.Constraint(
        "CHECK (hours BETWEEN 1 AND 744)", "Give 1 to 744 hours (31 days)."
    )
    _days_sensible = models.Constraint(
        "CHECK (days BETWEEN 1 AND 31)", "Give 1 to 31 days."
    )

    # === COMPUTE METHODS === #

    def _compute_open_count(self):
        groups = self.env["g2p.spar.alert"]._read_group(
            [("rule_id", "in", self.ids), ("state", "!=", "closed")],
            ["rule_id"],
            ["__count"],
        )
        counts = {rule.id: count for rule, count in groups}
        for rule in self:
            rule.open_count = counts.get(rule.id, 0)

    @api.depends("kind", "counted", "subject_kind", "threshold", "hours", "days")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for rule in self:
            rule.sentence = rule._say_rule()

    def _say_rule(self):
        """Say in plain words when there will be an alert."""
        self.ensure_one()
        if self.kind == "shared_address":
            return self.env._(
                "Tells of an address to which %s or more IDs are linked, and again"
                " whenever their number has doubled.",
                self.threshold,
            )
        values = {
            "count": self.threshold,
            "what": self.env._(_WHAT[self.counted]) if self.counted else "",
            "where": self.env._(_WHERE[self.subject_kind]) if self.subject_kind else "",
            "hours": self.hours,
            "days": self.days,
        }
        if self.kind == "before_payment":
            return self.env._(
                "Tells of %(count)s or more %(what)s %(where)s in the %(days)s days"
                " before a payment date.",
                **values,
            )
        return self.env._(
            "Tells of %(count)s or more %(what)s %(where)s within %(hours)s hours.",
            **values,
        )

    def _say_finding(self, count):
        """Say what was found. :param int count: how many there were"""
        self.ensure_one()
        if self.kind == "shared_address":
            return self.env._("%s IDs are linked to this address.", count)
        return self.env._(
            "%(count)s %(what)s %(where)s.",
            count=count,
            what=self.env._(_WHAT[self.counted]),
            where=self.env._(_WHERE[self.subject_kind]),
        )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Make rules that have not looked yet.

        :raise AccessError: somebody says when they did
        """
        self._check_looked({name for vals in vals_list for name in vals})
        return super().create(vals_list)

    def write(self, vals):
        """Look at everything anew when the rule looks for something else.

        :raise AccessError: as :meth:`create`
        """
        self._check_looked(vals.keys())
        if _LOOKS & vals.keys():
            vals = vals | {"looked_at": False}
        return super().write(vals)

    def _check_looked(self, names):
        """Keep everybody from having rules look past what came before."""
        if "looked_at" in names and not self.env.su:
            raise AccessError(
                self.env._("When a rule looked last is written by its looking alone.")
            )

    @api.constrains("kind", "subject_kind")
    def _check_subject(self):
        """Keep rules from looking for what cannot be.

        :raise ValidationError: a rule about shared addresses that looks elsewhere
        """
        for rule in self:
            if rule.kind == "shared_address" and rule.subject_kind != "address":
                raise ValidationError(
                    self.env._("Many IDs on one address: choose *To one address*.")
                )

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind == "shared_address":
            self.subject_kind = "address"

    # === BUSINESS METHODS === #

    @api.model
    def _cron_look(self):
        """Let every rule look for what has happened since it looked last."""
        rules = self.search([("active", "=", True)])
        for number, rule in enumerate(rules, 1):
            rule._look()
            self.env["ir.cron"]._commit_progress(1, remaining=len(rules) - number)

    def action_look(self):
        """Look now, for whoever may change the rule."""
        self.check_access("write")
        for rule in self:
            # Alerts are written by the rules, not by people.
            rule.sudo()._look()
        return self.action_open_alerts()

    def action_open_alerts(self):
        """Open the alerts of these rules."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "g2p_spar_watch.g2p_spar_alert_action"
        )
        return action | {"domain": [("rule_id", "in", self.ids)], "path": False}

    def _look(self):
        """Find what this rule looks for.

        :return: number of alerts that are new or have grown
        """
        self.ensure_one()
        now = fields.Datetime.now()
        found = sum(
            finding.keep(self.env.cr, query, self, now)
            for query in getattr(self, f"_find_{self.kind}")(now)
        )
        self.looked_at = now
        self.env["g2p.spar.alert"].invalidate_model(flush=False)
        _logger.info("Alert rule %s found %s.", self.id, found)
        return found

    def _find_shared_address(self, now):
        """Return the statements of this kind; see ``finding`` for their columns."""
        return [finding.shared_addresses(self.looked_at or None, now, self.threshold)]

    def _find_burst(self, now):
        window = sliding(self.hours, self.looked_at or None, now)
        return [finding.bursts(self, window)]

    def _find_before_payment(self, now):
        queries = []
        near = [
            ("date", ">=", now - timedelta(days=1)),
            ("date", "<=", now + MOST_DAYS),
        ]
        for payment in self.env["g2p.spar.payment.date"].search(near):
            window = before_payment(payment.date, self.days, now)
            if window:
                queries.append(finding.before_payment(self, window, payment))
        return queries

    def _open_found(self, alert):
        """Return the action that opens what an alert counted."""
        if self.kind == "shared_address":
            return finding_action(self.env, "g2p.spar.mapping", self._same_fa(alert))
        domain = [
            ("changed_at", ">=", alert.first_at),
            ("changed_at", "<=", alert.last_at),
        ]
        if self.subject_kind == "actor":
            domain.append(("user_id", "=", alert.user_id.id))
            # Lists have names where others have their sender; see ``finding``.
            is_sent = fields.Domain("sender", "=", alert.sender)
            if not alert.sender:
                is_sent |= fields.Domain("channel", "=", "import")
            domain += list(is_sent)
        elif self.subject_kind == "provider":
            domain.append(("mapping_id.provider_id", "=", alert.provider_id.id))
        elif self.subject_kind == "mapping":
            domain.append(("mapping_id", "=", alert.mapping_id.id))
        else:
            domain.append(("mapping_id", "in", self._same_fa(alert)[0][2]))
        return finding_action(self.env, "g2p.spar.mapping.version", domain)

    def _same_fa(self, alert):
        """Return a domain of the IDs that are linked to the address of an alert."""
        # The key finds the mappings; it is not told.
        mapping_sudo = alert.mapping_id.sudo()
        fa_key = alert.sudo().subject.removeprefix("address:")  # as above
        found = mapping_sudo.search([("fa_key", "=", fa_key)])
        return [("id", "in", found.ids)]


def finding_action(env, model, domain):
    """Return the action that opens records.

    :param str model: of mappings or of their history
    """
    names = {
        "g2p.spar.mapping": env._("Mappings"),
        "g2p.spar.mapping.version": env._("History"),
    }
    return {
        "type": "ir.actions.act_window",
        "name": names[model],
        "res_model": model,
        "view_mode": "list,kanban,form",
        "domain": domain,
    }

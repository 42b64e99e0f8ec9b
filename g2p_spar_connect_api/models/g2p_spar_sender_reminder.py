from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

#: Days before the end at which administrators are reminded.
REMIND_DAYS = 14
_REMIND_DAYS_KEY = "g2p_spar_connect_api.remind_days"

_ADMIN = "g2p_spar_mapper.group_admin"
_ACTIVITY = "g2p_spar_connect_api.activity_type_access_ends"


class G2PSparSender(models.Model):
    """What of a partner's access ends soon, and who is told of it."""

    _name = "g2p.spar.sender"
    _inherit = ["g2p.spar.sender", "mail.thread", "mail.activity.mixin"]

    # === FIELDS === #

    responsible_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user.filtered("active"),
        domain="[('share', '=', False)]",
        help="Who is reminded before a secret, a key or the access ends. Nobody"
        " here: all administrators of the registry.",
    )
    secret_days = fields.Integer(
        "Life of a Secret (Days)",
        help="After so many days a secret ends, and a reminder comes before. 0: it"
        " is good until another one is made.",
    )
    ends_soon = fields.Boolean(compute="_compute_ends_soon", search="_search_ends_soon")
    ends_text = fields.Text("What Ends", compute="_compute_ends_soon")

    # === CONSTRAINTS AND INDEXES === #

    _secret_days_range = models.Constraint(
        "CHECK (secret_days >= 0)", "The life of a secret cannot be negative."
    )

    # === COMPUTE METHODS === #

    @api.depends_context("lang")
    def _compute_ends_soon(self):
        found = self._find_endings(self)
        topics = self._topics()
        for sender in self:
            mine = found.get(sender.id, [])
            sender.ends_soon = bool(mine)
            sender.ends_text = "\n".join(
                topics[topic] % format_date(self.env, moment) for topic, moment in mine
            )

    def _search_ends_soon(self, operator, value):
        if operator != "in":
            return NotImplemented
        ids = list(self._find_endings())
        domain = Domain.FALSE
        if True in value:
            domain |= Domain("id", "in", ids)
        if False in value:
            domain |= Domain("id", "not in", ids)
        return domain

    # === BUSINESS METHODS === #

    @api.model
    def _cron_remind(self):
        """Remind administrators of what ends soon, once for each ending."""
        found = self._find_endings()
        senders = self.browse(found)
        type_id = self.env.ref(_ACTIVITY).id
        known = self._known_activities(senders, type_id)
        topics = self._topics()
        values = [
            {
                "activity_type_id": type_id,
                "res_model_id": self.env["ir.model"]._get_id(self._name),
                "res_id": sender.id,
                "user_id": user.id,
                "date_deadline": moment.date(),
                "summary": topics[topic] % format_date(self.env, moment),
            }
            for sender in senders
            for topic, moment in found[sender.id]
            for user in sender._responsible_users()
            if (sender.id, user.id, moment.date()) not in known
        ]
        self.env["mail.activity"].create(values)

    def _known_activities(self, senders, type_id):
        """What was reminded of before, done or not: (partner, user, day)."""
        activities = self.env["mail.activity"].with_context(active_test=False)
        found = activities.search_fetch(
            [
                ("activity_type_id", "=", type_id),
                ("res_model", "=", self._name),
                ("res_id", "in", senders.ids),
            ],
            ["res_id", "user_id", "date_deadline"],
        )
        return {(one.res_id, one.user_id.id, one.date_deadline) for one in found}

    def _responsible_users(self):
        """Who is to be reminded; somebody always is."""
        self.ensure_one()
        responsible = self.responsible_id.filtered("active")
        return responsible or self.env.ref(_ADMIN).user_ids.filtered("active")

    def _topics(self):
        """What may end, in words, by the names of :meth:`_ending_queries`."""
        return {
            "access": self.env._("Access ends on %s."),
            "secret": self.env._(
                "The last secret ends on %s: make a new one and hand it over."
            ),
        }

    def _ending_queries(self):
        """Return queries of all that ends one day, by topic.

        Each selects the id of a partner and the moment from which it has nothing
        valid of that kind any more; naive UTC.

        :rtype: dict[str, SQL]
        """
        now = fields.Datetime.now()
        return {
            "access": SQL("SELECT id, valid_until FROM g2p_spar_sender"),
            "secret": SQL(
                "SELECT sender_id, max(expires_at) FROM g2p_spar_sender_secret"
                " WHERE expires_at IS NULL OR expires_at > %s GROUP BY sender_id"
                " HAVING bool_and(expires_at IS NOT NULL)",
                now,
            ),
        }

    def _find_endings(self, among=None):
        """Find what ends within the days of the reminder, of active partners.

        :param among: partners to look at; none: all
        :return: ``{partner id: [(topic, moment)]}``, the earliest first
        :rtype: dict[int, list[tuple[str, datetime]]]
        """
        self.flush_model()
        self.env["g2p.spar.sender.secret"].flush_model()
        now = fields.Datetime.now()
        endings = SQL(" UNION ALL ").join(
            SQL("SELECT %s, q.* FROM (%s) AS q", topic, query)
            for topic, query in self._ending_queries().items()
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT e.sender_id, e.topic, e.moment"
                " FROM (%s) AS e (topic, sender_id, moment)"
                " JOIN g2p_spar_sender AS s ON s.id = e.sender_id AND s.active"
                " WHERE e.moment > %s AND e.moment <= %s AND %s ORDER BY e.moment",
                endings,
                now,
                now + timedelta(days=self._remind_days()),
                SQL("TRUE") if among is None else SQL("s.id = ANY(%s)", among.ids),
            )
        )
        found = {}
        for sender_id, topic, moment in rows:
            found.setdefault(sender_id, []).append((topic, moment))
        return found

    def _remind_days(self):
        # The number of days is a setting of the administrator, no secret.
        parameter_sudo = self.env["ir.config_parameter"].sudo()
        return int(parameter_sudo.get_param(_REMIND_DAYS_KEY, REMIND_DAYS))

    def _secret_end(self):
        """When a secret that is made now ends, or none; naive UTC."""
        self.ensure_one()
        if not self.secret_days:
            return False
        return fields.Datetime.now() + timedelta(days=self.secret_days)

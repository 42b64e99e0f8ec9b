from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.g2p_spar_watch.core.windows import LATE


class G2PSparAlertRule(models.Model):
    _inherit = "g2p.spar.alert.rule"

    kind = fields.Selection(
        selection_add=[("refusals", "Many refused calls of one partner")],
        # Alerts are kept, and so are their rules.
        ondelete={
            "refusals": lambda rules: rules.write({"kind": "burst", "active": False})
        },
    )

    def _say_rule(self):
        if self.kind != "refusals":
            return super()._say_rule()
        return self.env._(
            "Tells of a partner whose calls are refused %s times or more on one day.",
            self.threshold,
        )

    def _say_finding(self, count):
        if self.kind != "refusals":
            return super()._say_finding(count)
        return self.env._("%s calls of this partner were refused.", count)

    def _find_refusals(self, now):
        """Return the statement that adds up the refused calls of each day.

        Calls that name no known partner are one subject: somebody who tries
        passwords is one of them. Those of sandboxes do not count.
        """
        last = self.looked_at or now
        return [
            SQL(
                """
                SELECT 'partner:' || COALESCE(u.sender_id, 0), u.day::text, NULL::int,
                    s.mnemonic, NULL::int, NULL::int, sum(u.refusals),
                    u.day::timestamp, max(u.last_at)
                FROM g2p_spar_usage u LEFT JOIN g2p_spar_sender s ON s.id = u.sender_id
                WHERE u.day >= %s::date AND s.is_sandbox IS NOT TRUE
                GROUP BY u.sender_id, s.mnemonic, u.day HAVING sum(u.refusals) >= %s
                """,
                last - LATE,
                self.threshold,
            )
        ]

    def _open_found(self, alert):
        if self.kind != "refusals":
            return super()._open_found(alert)
        partner = ("sender_id.mnemonic", "=", alert.sender)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Calls"),
            "res_model": "g2p.spar.usage",
            "view_mode": "list,graph",
            "domain": [
                ("day", "=", alert.period),
                partner if alert.sender else ("sender_id", "=", False),
                ("refusals", ">", 0),
            ],
        }

from datetime import timedelta

from odoo import api, fields, models

#: Days that the figure on the form looks back.
MONTH_DAYS = 30


class G2PSparSender(models.Model):
    """How much a partner is heard of."""

    _inherit = "g2p.spar.sender"

    last_call = fields.Datetime(
        compute="_compute_usage", help="Known a few minutes after the call."
    )
    calls_month = fields.Integer("Calls in 30 Days", compute="_compute_usage")
    file_count = fields.Integer("Files", compute="_compute_file_count")

    @api.depends_context("uid")
    def _compute_usage(self):
        usage = self.env["g2p.spar.usage"]
        mine = [("sender_id", "in", self.ids)]
        since = fields.Date.today() - timedelta(days=MONTH_DAYS)
        last = dict(usage._read_group(mine, ["sender_id"], ["last_at:max"]))
        calls = dict(
            usage._read_group(
                [*mine, ("day", ">=", since)], ["sender_id"], ["calls:sum"]
            )
        )
        for sender in self:
            sender.last_call = last.get(sender._origin, False)
            sender.calls_month = calls.get(sender._origin, 0)

    def _compute_file_count(self):
        groups = self.env["g2p.spar.file"]._read_group(
            [("sender_id", "in", self.ids)], ["sender_id"], ["__count"]
        )
        counts = dict(groups)
        for sender in self:
            sender.file_count = counts.get(sender._origin, 0)

    def action_view_files(self):
        """Show the partner's files."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "g2p_spar_connect_api.g2p_spar_file_action"
        )
        return action | {"domain": [("sender_id", "=", self.id)], "context": {}}

    def action_open_usage(self):
        """Show the partner's calls by day."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "g2p_spar_connect_api.g2p_spar_usage_action"
        )
        return action | {
            "domain": [("sender_id", "=", self.id)],
            "context": {"search_default_month": 1},
        }

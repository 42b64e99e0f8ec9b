from odoo import api, fields, models

from odoo.addons.g2p_spar_mapper.const import CHANNELS, STEPS


class G2PSparTallyChange(models.Model):
    """How many changes of a kind a day had, by channel and provider.

    Filled by ``g2p.spar.tally.day``; nobody writes it by hand.
    """

    _name = "g2p.spar.tally.change"
    _inherit = ["g2p.spar.count.mixin"]
    _description = "Changes of a Day"
    _order = "day desc, id desc"
    _log_access = False

    _counted_action = "g2p_spar_mapper.g2p_spar_mapping_version_action"
    _counted_fields = {
        "day": "changed_at",
        "step": "step",
        "channel": "channel",
        "provider_id": "provider_id",
    }

    day = fields.Date(required=True, readonly=True, index=True)
    step = fields.Selection(STEPS, "What happened", required=True, readonly=True)
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    provider_id = fields.Many2one(
        "g2p.spar.provider",
        "Provider after",
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    changes = fields.Integer(required=True, readonly=True)
    address_changes = fields.Integer(
        "Of them with another address",
        required=True,
        readonly=True,
        help="The ID had an address before, and another one after.",
    )

    @api.model
    def get_counted_action(self, domain):
        """Return the action that opens the changes behind a figure, newest first."""
        action = super().get_counted_action(domain)
        views = {
            kind: self.env.ref(f"g2p_spar_report.g2p_spar_mapping_version_view_{kind}")
            for kind in ("list", "kanban")
        }
        return action | {
            "views": [
                (views[kind].id if kind in views else number, kind)
                for number, kind in action["views"]
            ]
        }

    def action_open_changes(self):
        """Open the changes that are counted."""
        self.ensure_one()
        self.check_access("read")
        return self.get_counted_action(
            [
                ("day", "=", self.day),
                ("step", "=", self.step),
                ("channel", "=", self.channel),
                ("provider_id", "=", self.provider_id.id),
            ]
        )

    def _not_by_this(self):
        return self.env._(
            "Changes are found by day, by what happened, by channel and by provider"
            " only. Take other conditions away."
        )

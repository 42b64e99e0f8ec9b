from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from odoo.addons.g2p_spar_mapper.core.outgoing.place import PlaceError, join

from ..core.asynchronous.callback import CallbackFacts
from ..core.scope import STATUS_SCOPE


class G2PSparSender(models.Model):
    """Callbacks and questions about statuses of a partner."""

    _inherit = "g2p.spar.sender"

    callback_url = fields.Char(
        string="Callback Address",
        help="Results of messages that are worked off later are posted below this "
        "address: /on-link, /on-update, /on-unlink, /on-resolve, /txn/on-status. "
        "Empty: the partner asks for the status of its messages instead.",
    )
    may_status = fields.Boolean(
        string="Ask for Statuses",
        default=True,
        help="Only of its own messages.",
    )
    waiting_count = fields.Integer(string="Waiting", compute="_compute_message_counts")
    parked_count = fields.Integer(
        string="Parked Callbacks", compute="_compute_message_counts"
    )

    # === COMPUTE METHODS === #

    def _compute_message_counts(self):
        """Count what is on its way and what needs attention."""
        messages, deliveries = (
            self.env["g2p.spar.message"],
            self.env["g2p.spar.delivery"],
        )
        own = ("sender_id", "in", self.ids)
        waiting = messages._read_group(
            [own, ("state", "=", "received")], ["sender_id"], ["__count"]
        )
        parked = deliveries._read_group(
            [own, ("state", "=", "parked")], ["sender_id"], ["__count"]
        )
        waiting, parked = dict(waiting), dict(parked)
        for sender in self:
            sender.waiting_count = waiting.get(sender, 0)
            sender.parked_count = parked.get(sender, 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("callback_url")
    def _check_callback_url(self):
        """Take only an address to which a path can be added."""
        for sender in self.filtered("callback_url"):
            try:
                join(sender.callback_url)
            except PlaceError as error:
                raise ValidationError(str(error)) from error

    # === CRUD METHODS === #

    def write(self, vals):
        """Try at once at a new callback address what failed at the former one."""
        result = super().write(vals)
        if "callback_url" in vals:
            self.env["g2p.spar.delivery"].try_again(self)
        return result

    # === ACTIONS === #

    def action_view_messages(self):
        """Show the messages of the partner."""
        return self._view("g2p_spar_connect_api.g2p_spar_message_action")

    def action_view_deliveries(self):
        """Show the callbacks to the partner."""
        return self._view("g2p_spar_connect_api.g2p_spar_delivery_action")

    def _view(self, action: str) -> dict:
        self.ensure_one()
        found = self.env["ir.actions.act_window"]._for_xml_id(action)
        return found | {
            "domain": [("sender_id", "=", self.id)],
            "context": {},
        }

    # === BUSINESS METHODS === #

    @api.private
    def is_registered(self, name):
        """Say whether a name on the wire is that of a partner.

        :param str name: in any case
        :rtype: bool
        """
        return name.casefold() in self._names()

    @ormcache()
    def _names(self):
        # Whether a name is taken is judged before its holder has any rights.
        senders_sudo = self.sudo().with_context(active_test=False)
        named = senders_sudo.search([("mnemonic", "!=", False)])
        return frozenset(map(str.casefold, named.mapped("mnemonic")))

    def _facts_values(self):
        """Add callback address and the scope of questions about statuses."""
        values = super()._facts_values()
        values["callback"] = CallbackFacts(self.callback_url or None)
        if self.may_status:
            values["scopes"] |= {STATUS_SCOPE}
        return values

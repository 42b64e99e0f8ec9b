from odoo import models
from odoo.exceptions import UserError

from ..core.state import Step

#: Mappings that one dialog may change.
MOST_AT_ONCE = 1000


class G2PSparMapping(models.Model):
    """The buttons of a mapping: each opens the dialog of one step."""

    _inherit = "g2p.spar.mapping"

    # === ACTION METHODS === #

    def action_link(self):
        """Open the dialog that links another ID, or this one again."""
        return self._open_change(Step.LINK)

    def action_update(self):
        """Open the dialog that changes address, name or phone."""
        return self._open_change(Step.UPDATE)

    def action_hold(self):
        """Open the dialog that stops payments for a time."""
        return self._open_change(Step.HOLD)

    def action_release(self):
        """Open the dialog that ends a hold."""
        return self._open_change(Step.RELEASE)

    def action_suspend(self):
        """Open the dialog that stops payments because of a dispute."""
        return self._open_change(Step.SUSPEND)

    def action_reinstate(self):
        """Open the dialog that ends a dispute."""
        return self._open_change(Step.REINSTATE)

    def action_unlink(self):
        """Open the dialog that takes the address away."""
        return self._open_change(Step.UNLINK)

    def action_renew(self):
        """Open the dialog that lets the link go on."""
        return self._open_change(Step.RENEW)

    def action_show_waiting(self):
        """Open the change that waits."""
        self.ensure_one()
        waiting = self.pending_ids.filtered(lambda one: one.state == "waiting")
        return waiting[:1].get_formview_action()

    def _open_change(self, step):
        """Return the action of the dialog for one step on these mappings.

        :raise UserError: more are selected than one person can answer for
        """
        if len(self) > MOST_AT_ONCE:
            raise UserError(
                self.env._("Select at most 1,000 mappings: you answer for each.")
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "g2p_spar_mapper.g2p_spar_mapping_change_action"
        )
        titles = {
            Step.LINK: self.env._("Link an ID"),
            Step.UPDATE: self.env._("Update the address"),
            Step.HOLD: self.env._("Put on hold"),
            Step.RELEASE: self.env._("Release"),
            Step.SUSPEND: self.env._("Suspend: disputed"),
            Step.REINSTATE: self.env._("Reinstate"),
            Step.UNLINK: self.env._("Unlink"),
            Step.RENEW: self.env._("Renew"),
            Step.APPLY: self.env._("Agree to the change"),
            Step.WITHDRAW: self.env._("Give the change up"),
            Step.ROLLBACK: self.env._("Bring this version back"),
        }
        return action | {
            "name": titles[step],
            "context": {
                "default_operation": step.value,
                "default_mapping_ids": self.ids,
            },
        }

from odoo import models


class G2PSparIntake(models.Model):
    """Lists that devices of agents made without a network."""

    _inherit = "g2p.spar.intake"

    def _refuse_devices(self, devices):
        """Return those of some devices whose rows are refused.

        Only a device that is registered and not put away may hand something in.

        :param set devices: as they stand in the list
        :rtype: set[str]
        """
        # Who imports lists need not be one who looks after devices.
        devices_sudo = self.env["g2p.spar.agent.device"].sudo()
        known = devices_sudo.search_fetch(
            [("device_id", "in", list(devices))], ["device_id"]
        )
        return super()._refuse_devices(devices) | (
            set(devices) - set(known.mapped("device_id"))
        )

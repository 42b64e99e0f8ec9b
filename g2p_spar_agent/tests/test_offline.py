from odoo.tests import tagged

from .common import AgentCase


@tagged("post_install", "-at_install")
class TestOffline(AgentCase):
    """Lists that devices made without a network."""

    def test_only_registered_devices_hand_in(self):
        lost = self.new_device(self.agent, "token-lost")
        lost.active = False
        known, gone = self.device.device_id, lost.device_id
        intakes = self.env["g2p.spar.intake"].with_user(self.manager)
        refused = intakes._refuse_devices({known, gone, "AG-NOBODY", known.lower()})
        self.assertEqual(refused, {gone, "AG-NOBODY", known.lower()})
        self.assertEqual(intakes._refuse_devices(set()), set())

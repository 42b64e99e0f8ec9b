from odoo.tests import tagged

from odoo.addons.g2p_spar_intake.tests.common import IntakeCase
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, NATIONAL_ID

from .common import new_agent, new_device

AT = "2026-03-01T09:00Z"


@tagged("post_install", "-at_install")
class TestOffline(IntakeCase):
    """Lists that devices made without a network."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        agent = new_agent(cls.env, "one")
        cls.device, cls.lost = (
            new_device(cls.env, agent, f"token-{name}") for name in ("kept", "lost")
        )
        cls.lost.active = False

    def test_only_registered_devices_hand_in(self):
        known = self.device.device_id
        devices = (known, self.lost.device_id, "AG-NOBODY", known.lower(), "")
        rows = [
            f"{NATIONAL_ID % name},{BANK_FA % number},{AT},{device}"
            for number, (name, device) in enumerate(zip("abcde", devices, strict=True))
        ]
        intake = self.upload(*rows, names="id,fa,captured at,device")
        intake.operation = "link"
        self.run_all(intake)

        self.assertEqual(intake.tally, {"DONE": 2, "device_unknown": 3})
        told = {
            name: (version.channel, version.evidence)
            for name in "abcde"
            for version in self.mapping(name).version_ids
        }
        self.assertEqual(
            told, {"a": ("agent", f"device {known}"), "e": ("import", False)}
        )

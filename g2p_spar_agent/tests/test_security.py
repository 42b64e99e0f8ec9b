from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.tests.roles import (
    MANAGERS,
    NOBODY,
    STAFF,
    RolesMixin,
)

from .common import AgentCase

CAPTURE = "g2p.spar.agent.capture"
DEVICE = "g2p.spar.agent.device"
READERS = (*STAFF, "auditor")
SECRET = ("token", "sealed", "id_key", "photo_sealed", "photo_digest", "cause")
WHOLE = ("id_value", "person_name", "fa_value", "photo")


@tagged("post_install", "-at_install")
class TestSecurity(RolesMixin, AgentCase):
    """Each role tries each operation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["agent"] = cls.agent
        cls.captures = cls.env[CAPTURE]
        for agent, device in (
            (cls.agent, cls.device),
            (cls.other_agent, cls.other_device),
        ):
            cls.captures += cls.env[CAPTURE]._begin(agent, device, "Amina")
        cls.mine, cls.others = cls.captures

    def test_captures(self):
        ids = self.mine.ids
        values = {"reference": "x", "user_id": self.agent.id}
        table = {
            "read": (
                (*READERS, "agent"),
                lambda env: env[CAPTURE].browse(ids).read(["reference", "id_masked"]),
            ),
            "write": (
                NOBODY,
                lambda env: env[CAPTURE].browse(ids).write({"state": "done"}),
            ),
            "create": (NOBODY, lambda env: env[CAPTURE].create(values)),
            "unlink": (NOBODY, lambda env: env[CAPTURE].browse(ids).unlink()),
        }
        for label, (allowed, operation) in table.items():
            self.check(allowed, operation, label)

    def test_whole_numbers_and_secrets(self):
        ids = self.mine.ids
        for name in WHOLE:
            self.check(
                STAFF, lambda env, n=name: env[CAPTURE].browse(ids).read([n]), name
            )
        for name in SECRET:
            self.check(
                NOBODY, lambda env, n=name: env[CAPTURE].browse(ids).read([n]), name
            )
            if name == "photo_sealed":
                # It is no column, and found by nothing.
                continue
            self.check(
                NOBODY, lambda env, n=name: env[CAPTURE].search([(n, "=", "x")]), name
            )

    def test_agent_sees_own_captures_only(self):
        captures = self.env[CAPTURE].with_user(self.agent)
        self.assertEqual(captures.search([]), self.mine)
        with self.assertRaises(AccessError):
            self.others.with_user(self.agent).read(["reference"])

    def test_devices(self):
        ids = self.device.ids
        values = {"name": "New", "user_id": self.agent.id}
        table = {
            "read": (READERS, lambda env: env[DEVICE].browse(ids).read(["name"])),
            "write": (
                MANAGERS,
                lambda env: env[DEVICE].browse(ids).write({"active": False}),
            ),
            "create": (MANAGERS, lambda env: env[DEVICE].create(values)),
            "unlink": (NOBODY, lambda env: env[DEVICE].browse(ids).unlink()),
            "token": (
                NOBODY,
                lambda env: env[DEVICE].browse(ids).read(["token_digest"]),
            ),
            "code": (
                NOBODY,
                lambda env: env[DEVICE].browse(ids).write({"code_digest": "x"}),
            ),
        }
        for label, (allowed, operation) in table.items():
            self.check(allowed, operation, label)

    def test_refusal(self):
        model, values = "g2p.spar.agent.refusal", {"capture_id": self.mine.id}
        self.check(
            STAFF,
            lambda env: env[model].create({**values, "reason": "No"}),
            "dialog",
        )

    def test_agent_has_no_right_to_the_registry(self):
        for model in ("g2p.spar.mapping", "g2p.spar.mapping.version", DEVICE):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.agent).search([])
        with self.assertRaises(AccessError):
            self.env["g2p.spar.mapper"].with_user(self.agent).link([])
        self.assertTrue(self.agent._is_portal())

import base64
import io
from unittest.mock import patch

from PIL import Image

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.g2p_spar_mapper.core.commands import Outcome, WaitingItem
from odoo.addons.g2p_spar_mapper.core.reason import Cause
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, STAFF

from .common import ID, NUMBER, AgentCase

MAPPER = "odoo.addons.g2p_spar_mapper.models.g2p_spar_mapper.G2PSparMapper"


@tagged("post_install", "-at_install")
class TestReview(AgentCase):
    """Captures with a photo: an officer decides."""

    def setUp(self):
        super().setUp()
        self.sit_down()
        self.capture = self.capture_by_photo()
        self.seen = self.capture.with_user(self.officer)

    def test_photo_writes_nothing_by_itself(self):
        self.assertEqual(self.capture.state, "approval")
        self.assertFalse(self.mapping("amina"))
        receipt = self.page(self.path(self.capture, "receipt"))
        self.assertIn("An officer looks at it first", receipt.words)

    def test_officer_sees_photo_beside_data(self):
        self.assertEqual(self.seen.id_value, ID % "amina")
        self.assertEqual(self.seen.fa_value, BANK_FA % NUMBER)
        with Image.open(io.BytesIO(base64.b64decode(self.seen.photo))) as image:
            self.assertEqual((image.format, image.size), ("JPEG", (800, 600)))

    def test_photo_is_sealed_in_the_file_store(self):
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self.capture._name),
                ("res_field", "=", "photo_sealed"),
                ("res_id", "=", self.capture.id),
            ]
        )
        self.assertEqual(len(attachment), 1)
        self.assertNotIn(b"JFIF", attachment.raw)
        for user in (self.agent, self.officer, self.manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                attachment.with_user(user).read(["raw"])

    def test_photo_is_given_to_officers_only(self):
        path = f"/web/image/{self.capture._name}/{self.capture.id}/photo"
        for user, is_given in ((self.officer, True), (self.agent, False)):
            self.authenticate(user.login, user.login)
            content = self.url_open(path).content
            with self.subTest(user=user.login):
                self.assertEqual(content[6:10] == b"JFIF", is_given)

    def test_approval_writes_as_the_officers_step(self):
        self.seen.action_approve()
        mapping = self.mapping("amina")
        self.assertEqual(mapping.fa_value, BANK_FA % NUMBER)
        version = mapping.version_ids
        self.assertEqual(version.channel, "agent")
        self.assertEqual(version.user_id, self.officer)
        self.assertIn(self.agent.login, version.sender)
        self.assertIn("photo sha256:", version.evidence)
        self.assertEqual(self.capture.state, "done")
        self.assertEqual(self.capture.decided_by_id, self.officer)
        self.assertFalse(self.capture.sealed)

    def test_approving_twice_is_refused(self):
        self.seen.action_approve()
        with self.assertRaisesRegex(UserError, "Nothing is to be decided"):
            self.seen.action_approve()
        self.assertEqual(self.mapping("amina").version, 1)

    def test_refusal_tells_the_agent_why(self):
        action = self.seen.action_open_refusal()
        dialog = self.env[action["res_model"]].with_user(self.officer)
        dialog.with_context(**action["context"]).create(
            {"reason": "The face cannot be told"}
        ).action_refuse()
        self.assertEqual(self.capture.state, "refused")
        self.assertFalse(self.capture.sealed)
        self.assertFalse(self.mapping("amina"))
        receipt = self.page(self.path(self.capture, "receipt"))
        self.assertIn("The face cannot be told", receipt.words)

    def test_policy_of_four_eyes_asks_another_officer(self):
        self.link("amina")
        self.env["g2p.spar.change.policy"].create(
            {"name": "Two for agents", "by_agent": True, "effect": "approve"}
        )
        capture = self.capture_by_photo()
        capture.with_user(self.officer).action_approve()
        self.assertEqual(capture.state, "waits")
        pending = self.mapping("amina").pending_ids
        self.assertEqual(pending.user_id, self.officer)
        agreed = WaitingItem("agreed", ID % "amina", pending.id)
        [own] = self.mapper(self.officer).apply([agreed], STAFF)
        self.assertEqual(own.cause, Cause.OWN_CHANGE)
        second = new_test_user(
            self.env, "spar_second", groups="g2p_spar_mapper.group_officer"
        )
        self.mapper(second).apply([agreed], STAFF)
        self.assertEqual(self.mapping("amina").fa_value, BANK_FA % NUMBER)

    def test_busy_registry_leaves_it_to_be_decided(self):
        busy = [Outcome(Cause.BUSY)]
        with patch(f"{MAPPER}.link", return_value=busy), self.assertRaises(UserError):
            self.seen.action_approve()
        self.assertEqual(self.capture.state, "approval")
        self.assertTrue(self.capture.sealed)

    def test_nobody_else_decides(self):
        auditor = new_test_user(
            self.env, "spar_auditor", groups="g2p_spar_mapper.group_auditor"
        )
        for user in (self.agent, self.other_agent, self.viewer, auditor):
            for act in ("action_approve", "action_open_refusal"):
                with self.subTest(user=user.login, act=act):
                    with self.assertRaises(AccessError):
                        getattr(self.capture.with_user(user), act)()
                    self.assertEqual(self.capture.state, "approval")

    def test_who_took_it_down_never_decides(self):
        self.capture.user_id = self.officer
        with self.assertRaisesRegex(AccessError, "Somebody else"):
            self.seen.action_approve()

    def test_what_the_registry_changed_meanwhile_is_not_undone(self):
        self.link("amina", fa=BANK_FA % "1111222233")
        with self.assertRaisesRegex(UserError, "changed"):
            self.seen.action_approve()
        self.assertEqual(self.mapping("amina").fa_value, BANK_FA % "1111222233")
        self.assertEqual(self.capture.state, "approval")

    def test_only_what_was_read_back_is_written(self):
        """Reference data may be changed while a capture waits."""
        self.link("amina")
        capture = self.capture_by_photo()
        before = self.mapping("amina").fa_value
        fa_type, provider = capture.fa_type_id, self.provider
        for record, values in (
            (fa_type, {"active": False}),
            (provider, {"active": False}),
            (provider, {"code": "renamedbank"}),
        ):
            kept = {name: record[name] for name in values}
            record.write(values)
            with self.subTest(values=values):
                with self.assertRaisesRegex(UserError, "read back"):
                    capture.with_user(self.officer).action_approve()
                self.assertEqual(self.mapping("amina").fa_value, before)
                self.assertEqual(capture.state, "approval")
            record.write(kept)

    def test_a_refusal_says_why(self):
        dialog = self.env["g2p.spar.agent.refusal"].with_user(self.officer)
        with self.assertRaises(UserError):
            dialog.create(
                {"capture_id": self.capture.id, "reason": "  "}
            ).action_refuse()

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.core.commands import StepItem
from odoo.addons.g2p_spar_mapper.core.erasure import KEY_MARK
from odoo.addons.g2p_spar_mapper.core.reason import Cause
from odoo.addons.g2p_spar_mapper.tests.common import STAFF
from odoo.addons.g2p_spar_mapper.tests.test_erasure import find_text

from .common import ID, AgentCase


@tagged("post_install", "-at_install")
class TestPersonalData(AgentCase):
    """What agents took down of a person is told, and goes with the person."""

    def setUp(self):
        super().setUp()
        self.link("amina", "bola")
        self.sit_down()
        self.shown = self.capture_by_photo("amina")
        self.begun = self.begin_capture("amina")
        self.other = self.capture_by_photo("bola")

    def erase(self):
        [outcome] = self.step("erase", "amina", user=self.manager)
        self.assertEqual(outcome.cause, Cause.DONE)
        self.env.invalidate_all()

    def photos(self, captures):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", captures._name),
                ("res_field", "=", "photo_sealed"),
                ("res_id", "in", captures.ids),
            ]
        )

    def test_they_are_told(self):
        data = self.env["g2p.spar.personal.data"]
        told = data._collect(self.mapping("amina"))
        self.assertCountEqual(
            [one["reference"] for one in told["captures"]],
            [self.shown.reference, self.begun.reference],
        )
        self.assertLessEqual(set(told), set(data._kinds()))
        [shown] = [one for one in told["captures"] if "photo" in one]
        self.assertEqual(shown["reference"], self.shown.reference)
        self.assertTrue(shown["photo"].startswith("data:image/jpeg;base64,/9j/"))
        self.shown.with_user(self.officer).refuse("The face cannot be told")
        told = data._collect(self.mapping("amina"))["captures"]
        self.assertIn("The face cannot be told", [one.get("decision") for one in told])

    def test_photo_and_what_was_typed_go(self):
        self.assertTrue(self.photos(self.shown))
        self.erase()
        self.assertFalse(self.photos(self.shown))
        for name in ("sealed", "id_masked", "fa_masked", "photo_digest", "photo"):
            with self.subTest(name):
                self.assertFalse(self.shown[name])
        self.assertTrue(self.shown.id_key.startswith(KEY_MARK))

    def test_nothing_is_left_to_be_decided(self):
        self.erase()
        self.assertEqual(self.shown.state, "refused")
        self.assertTrue(self.shown.ended_at)
        with self.assertRaises(UserError):
            self.shown.with_user(self.officer).action_approve()
        self.assertFalse(self.begun.exists())

    def test_others_keep_theirs(self):
        self.erase()
        self.assertTrue(self.photos(self.other))
        self.other.with_user(self.officer).action_approve()
        self.assertEqual(self.other.state, "done")

    def test_why_it_was_refused_goes(self):
        dialog = self.env["g2p.spar.agent.refusal"].with_user(self.officer)
        dialog.create(
            {"capture_id": self.shown.id, "reason": "Zenaida Quispe is somebody else"}
        ).action_refuse()
        self.erase()
        self.assertEqual(find_text(self.env, "Zenaida Quispe"), [])

    def test_nothing_that_names_the_person_is_left(self):
        name, number = "zenaidaunheard", "4455667788"
        self.capture_by_login(name, number)
        self.capture_by_photo(name, number)
        self.begin_capture(name, "Zenaida Unheard")
        self.assertTrue(find_text(self.env, name))
        item = StepItem("1", ID % name)
        [outcome] = self.mapper(self.manager).erase([item], STAFF)
        self.assertEqual(outcome.cause, Cause.DONE)
        self.env.invalidate_all()
        self.assertEqual(find_text(self.env, name, number, "Zenaida"), [])

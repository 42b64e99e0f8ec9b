from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..core.oidc.errors import OidcError
from .common import ACR
from .login_common import LoginCase

CHANGE = "/my/benefit-account/change"


@tagged("post_install", "-at_install")
class TestLoginStepUp(LoginCase):
    """A change needs a fresh proof of the same person, given for this change."""

    def setUp(self):
        super().setUp()
        self.log_in()

    def test_the_whole_way(self):
        sid = self.session_now().sid
        answer = self.step_up()
        self.assertIn("https://id.example.org/authorize", answer.headers["Location"])
        self.assertEqual(self.began[-1][1], "step_up")
        answer = self.back(1)
        self.assertEqual(self.path_of(answer), CHANGE)
        self.assertEqual(self.finished[-1][0].expected_subject, "amina")
        self.assertEqual(self.take(), " ".join(ACR))
        self.assertNotEqual(self.session_now().sid, sid)
        self.assertEqual(self.session_now().uid, self.user().id)
        self.assertEqual(
            self.events(), {("login", "succeeded"): 1, ("step_up", "succeeded"): 1}
        )

    def test_the_page_takes_the_proof_once(self):
        self.step_up()
        self.back(1)
        person = self.env["g2p.spar.person"].current(self.session_now())
        service = self.env["g2p.spar.step.up"]
        self.assertIsNone(service.take(person, "digest-2"))
        approval = service.take(person, "digest-1")
        self.assertEqual(approval.acr, ACR)
        age = fields.Datetime.now() - approval.authenticated_at
        self.assertLess(age, timedelta(minutes=1))
        self.assertIsNone(service.take(person, "digest-1"))

    def test_weakness_s6_a_plain_login_is_no_proof(self):
        self.step_up()
        self.log_in()
        self.assertFalse(self.take())

    def test_weakness_s6_somebody_else_cannot_prove_it(self):
        self.step_up()
        self.subject = "baraka"
        answer = self.back(1)
        self.assertEqual(self.path_of(answer), "/spar/login/failed/other_person")
        self.assertFalse(self.take())
        self.assertEqual(self.session_now().uid, self.user("amina").id)
        page = self.get("/spar/login/failed/other_person").text
        self.assertIn("Back to my account", page)

    def test_weakness_s6_the_change_of_another_person_is_not_reached(self):
        self.step_up()
        asked = self.env["g2p.spar.step.up"].search([])
        self.another_browser()
        self.subject = "baraka"
        self.log_in()
        answer = self.get(f"/spar/oidc/step-up/{asked.id}")
        self.assertEqual(self.path_of(answer), "/spar/login/failed/not_started_here")

    def test_a_kiosk_where_somebody_else_logged_in_meanwhile(self):
        self.step_up()
        self.subject = "baraka"
        self.log_in()
        self.subject = "amina"
        answer = self.back(1)
        self.assertEqual(self.path_of(answer), "/spar/login/failed/other_person")
        self.assertEqual(self.session_now().uid, self.user("baraka").id)
        self.assertFalse(self.take("amina"))

    def test_a_session_that_ended_at_the_provider_is_opened_again(self):
        self.step_up()
        self.url_open("/spar/logout", data={"csrf_token": self.csrf_token()})
        self.assertEqual(self.path_of(self.back(1)), CHANGE)
        self.assertEqual(self.session_now().uid, self.user().id)
        self.assertTrue(self.take())

    def test_a_proof_without_a_time_is_none(self):
        self.step_up()
        self.auth_time = None
        answer = self.back(1)
        self.assertEqual(self.path_of(answer), "/spar/login/failed/login_too_old")
        self.assertFalse(self.take())

    def test_a_weak_proof_changes_nothing(self):
        self.step_up()
        self.subject = OidcError("acr_too_low", "test")
        answer = self.back(1)
        self.assertEqual(self.path_of(answer), "/spar/login/failed/acr_too_low")
        self.assertFalse(self.take())
        self.assertEqual(self.events()["step_up", "acr_too_low"], 1)

    def test_nobody_who_is_not_logged_in_begins(self):
        self.step_up()
        asked = self.env["g2p.spar.step.up"].search([])
        self.another_browser()
        answer = self.get(f"/spar/oidc/step-up/{asked.id}")
        self.assertEqual(self.path_of(answer), "/spar/login")

    def test_one_person_who_never_ends(self):
        for _attempt in range(10):
            self.step_up()
        answer = self.step_up()
        self.assertEqual(self.path_of(answer), "/spar/login/failed/too_many")

    def test_it_is_noted_without_anything_personal(self):
        self.step_up()
        with self.assertLogs("odoo.addons.g2p_spar_portal.audit") as logs:
            answer = self.back(1)
            self.assertEqual(self.path_of(answer), CHANGE)
        [line] = logs.output
        self.assertIn('"event":"step_up"', line)
        for secret in ("amina", "Amina", "+254", "nationalId"):
            self.assertNotIn(secret, line)

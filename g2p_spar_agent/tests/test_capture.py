from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.core.commands import LinkItem, Origin
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA
from odoo.addons.g2p_spar_portal.core.oidc.errors import OidcError
from odoo.addons.g2p_spar_portal.core.person import SESSION_KEY

from ..const import CAPTURE
from .common import HOME, ID, NUMBER, AgentCase


@tagged("post_install", "-at_install")
class TestCapture(AgentCase):
    """Captures that a login of the person proves."""

    def setUp(self):
        super().setUp()
        self.sit_down()

    def test_login_proves_and_the_registry_writes(self):
        capture = self.begin_capture("amina")
        answer = self.let_log_in(capture)
        self.assertEqual(self.at(answer), "kind")
        review = self.type_account(capture)
        self.assertEqual(self.at(review), "review")
        self.assertIn("9876543210", review.words.replace(" ", ""))

        receipt = self.hand_in(capture, review)

        self.assertEqual(self.at(receipt), "receipt")
        capture = self.latest()
        self.assertEqual((capture.state, capture.proof), ("done", "login"))
        self.assertIn(capture.reference, receipt.words)
        self.assertNotIn(NUMBER, receipt.text)
        mapping = self.mapping("amina")
        self.assertEqual(mapping.fa_value, BANK_FA % NUMBER)
        version = mapping.version_ids
        self.assertEqual(version.channel, "agent")
        self.assertEqual(version.user_id, self.agent)
        sender = f"{self.agent.login} {self.device.device_id}"
        self.assertEqual(version.sender, sender)
        self.assertEqual(version.transaction_id, capture.reference)
        self.assertIn("login acr=mosip:idp:acr:generated-code", version.evidence)

    def test_nothing_typed_is_kept_afterwards(self):
        capture = self.capture_by_login()
        self.assertFalse(capture.sealed)
        self.assertFalse(capture.id_value or capture.fa_value or capture.person_name)
        self.assertIn("*", capture.fa_masked)
        self.assertNotIn(NUMBER, capture.fa_masked)

    def test_what_waits_is_sealed(self):
        capture = self.begin_capture("amina", name="Amina Otieno")
        self.let_log_in(capture)
        self.type_account(capture)
        stored = self.latest().sealed
        for told in ("amina", "Amina", NUMBER):
            self.assertNotIn(told, stored)

    def test_login_tells_who_it_is_where_no_id_was_typed(self):
        capture = self.begin_capture("")
        self.assertFalse(capture.id_key)
        self.let_log_in(capture, "baraka")
        self.hand_in(capture, self.type_account(capture))
        self.assertTrue(self.mapping("baraka"))

    def test_login_of_somebody_else_proves_nothing(self):
        capture = self.begin_capture("amina")

        answer = self.let_log_in(capture, "mallory")

        self.assertEqual(self.at(answer), "proof")
        self.assertIn("Somebody else logged in", answer.words)
        self.assertEqual(self.latest().state, "draft")
        self.assertEqual(self.at(self.page(self.path(capture, "kind"))), "proof")
        self.assertFalse(self.mapping("mallory"))

    def test_login_that_fails_is_told_at_the_capture(self):
        capture = self.begin_capture("amina")
        answer = self.let_log_in(capture, OidcError("access_denied", "stopped"))
        self.assertEqual(self.at(answer), "proof")
        self.assertIn("did not finish the login", answer.words)
        self.assertEqual(self.latest().state, "draft")

    def test_login_is_as_strong_as_for_a_change_and_has_a_time(self):
        capture = self.begin_capture("amina")
        self.auth_time = None
        answer = self.let_log_in(capture)
        self.assertEqual(self.began[-1][1], CAPTURE)
        self.assertIn("took too long", answer.words)
        self.assertEqual(self.latest().state, "draft")

    def test_person_gets_no_session(self):
        before = self.session_now().sid
        capture = self.begin_capture("amina")
        self.let_log_in(capture)
        session = self.session_now()
        self.assertEqual(session.uid, self.agent.id)
        self.assertEqual(session.sid, before)
        self.assertNotIn(SESSION_KEY, session)
        answer = self.url_open("/my/benefit-account", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/spar/login", answer.headers["Location"])

    def test_login_begun_by_one_agent_proves_nothing_to_another(self):
        capture = self.begin_capture("amina")
        path = self.path(capture, "login")
        form = {"provider": self.oidc.id}
        form["csrf_token"] = self.csrf_token()
        self.url_open(path, data=form, allow_redirects=False)
        browser = self.opener.cookies["spar_browser"]
        self.sit_down(self.other_agent, "token-two")
        self.opener.cookies["spar_browser"] = browser
        self.url_open(f"/spar/oidc/callback?state=state-{0:016d}&code=c0de")
        capture.invalidate_recordset()
        self.assertEqual(capture.state, "draft")

    def test_change_of_an_account_waits_where_a_policy_says_so(self):
        self.link("amina")
        self.env["g2p.spar.change.policy"].create(
            {"name": "Agents wait", "by_agent": True, "effect": "wait", "hours": 48}
        )
        before = self.mapping("amina").fa_value
        capture = self.capture_by_login()
        self.assertEqual(capture.state, "waits")
        self.assertTrue(capture.due_at)
        self.assertEqual(self.mapping("amina").fa_value, before)
        receipt = self.page(self.path(capture, "receipt"))
        self.assertIn("waits, to protect your money", receipt.words)

    def test_what_the_registry_refuses_is_told(self):
        self.link("amina")
        item = LinkItem("r", ID % "amina")
        self.mapper(self.officer).suspend([item], Origin("staff", reason="disputed"))
        capture = self.capture_by_login()
        self.assertEqual(capture.state, "refused")
        receipt = self.page(self.path(capture, "receipt"))
        self.assertIn("was not changed", receipt.words)
        self.assertTrue(capture.answer)

    def test_present_account_is_shown_masked_to_who_logged_in_only(self):
        self.link("amina")
        capture = self.begin_capture("amina")
        self.let_log_in(capture)
        self.assertIn("goes here now", self.type_account(capture).words)
        capture = self.begin_capture("amina")
        self.send_photo(capture)
        self.assertNotIn("goes here now", self.type_account(capture).words)

    def test_read_back_must_be_ticked_and_fresh(self):
        capture = self.begin_capture("amina")
        self.let_log_in(capture)
        review = self.type_account(capture)
        answer = self.hand_in(capture, review, 422, agreed="")
        self.assertIn("tick the box", answer.words)
        answer = self.hand_in(capture, review, seen="x" * 43)
        self.assertEqual(self.at(answer), "review")
        self.assertIn("changed since you saw", answer.words)
        self.assertFalse(self.mapping("amina"))

    def test_button_pressed_twice_writes_once(self):
        capture = self.begin_capture("amina")
        self.let_log_in(capture)
        review = self.type_account(capture)
        self.hand_in(capture, review)
        self.assertEqual(self.at(self.hand_in(capture, review)), "receipt")
        self.assertEqual(self.mapping("amina").version, 1)

    def test_numbers_must_agree(self):
        capture = self.begin_capture("amina")
        self.let_log_in(capture)
        self.type_account(capture)
        answer = self.post(
            self.path(capture, "number"), 422, part_number=NUMBER, again_number="123"
        )
        self.assertIn("not the same", answer.words)

    def test_old_captures_are_over_and_forgotten(self):
        capture = self.begin_capture("amina")
        self.env.cr.execute(
            "UPDATE g2p_spar_agent_capture SET expires_at = now() - interval '1 day'"
        )
        self.page(self.path(capture, "proof"), 404)
        self.env["g2p.spar.agent.capture"]._gc()
        self.assertFalse(capture.exists())
        done = self.capture_by_login()
        self.env.cr.execute(
            "UPDATE g2p_spar_agent_capture SET expires_at = now() - interval '1 day'"
        )
        done.invalidate_recordset()
        self.env["g2p.spar.agent.capture"]._gc()
        self.assertTrue(done.exists())

    def test_home_shows_own_captures_masked(self):
        capture = self.capture_by_login()
        home = self.page()
        self.assertIn(capture.reference, home.words)
        self.assertNotIn(ID % "amina", home.text)
        self.sit_down(self.other_agent, "token-two")
        self.assertNotIn(capture.reference, self.page(HOME).words)

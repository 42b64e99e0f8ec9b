import time
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..core.person import SESSION_KEY
from .common import ACR, PortalCase

IDLE = "g2p_spar_portal.idle_minutes"


@tagged("post_install", "-at_install")
class TestPerson(PortalCase):
    """Who a session belongs to, and how long."""

    def current(self):
        return self.env["g2p.spar.person"].current(self.session)

    def later(self, seconds):
        """Let the clock of the server stand later."""
        now = self.session[SESSION_KEY]["seen"] + seconds
        return patch(
            "odoo.addons.g2p_spar_portal.models.g2p_spar_person.time.time",
            return_value=now,
        )

    def test_the_person_of_a_session(self):
        person = self.person("amina")
        self.assertEqual(person.subject, "amina")
        self.assertEqual(person.id_value, "token:amina@nationalId")
        self.assertEqual(person.name, "Amina Otieno")
        self.assertEqual(person.birthdate, fields.Date.to_date("1987-11-25"))
        self.assertEqual(person.acr, ACR)
        self.assertEqual(person.provider_name, "Test ID")

    def test_the_person_owns_what_is_linked_to_the_id(self):
        self.link("amina")
        person = self.person("amina")
        reference = self.env["g2p.spar.strategy"].get_reference()
        key = reference.read_id(person.id_value).id_key
        self.assertEqual(self.mapping("amina").id_key, key)

    def test_nobody_is_logged_in(self):
        self.authenticate(None, None)
        self.assertIsNone(self.current())

    def test_staff_is_no_person(self):
        self.authenticate(self.officer.login, "none")
        self.assertIsNone(self.current())
        self.assertEqual(self.session.uid, self.officer.id)

    def test_a_session_ends_when_it_is_left_alone(self):
        self.person()
        with self.later(600):
            self.assertIsNotNone(self.current())
        with self.later(601):
            self.assertIsNone(self.current())
        self.assertIsNone(self.session.uid)
        self.assertNotIn(SESSION_KEY, self.session)

    def test_a_request_keeps_a_session_awake(self):
        self.person()
        for _request in range(3):
            with self.later(400):
                self.assertIsNotNone(self.current())

    def test_the_minutes_are_a_setting(self):
        self.env["ir.config_parameter"].set_param(IDLE, "2")
        self.person()
        with self.later(121):
            self.assertIsNone(self.current())

    def test_a_setting_that_makes_no_sense_ends_no_session_at_once_or_never(self):
        for text, seconds in (("0", 120), ("x", 600), ("-5", 600), ("9999", 3600)):
            self.env["ir.config_parameter"].set_param(IDLE, text)
            self.person()
            with self.subTest(text=text):
                with self.later(seconds):
                    self.assertIsNotNone(self.current())
                self.write_session(seen=time.time())
                with self.later(seconds + 1):
                    self.assertIsNone(self.current())

    def test_who_is_shut_out_is_out_at_once(self):
        person = self.person()
        identity = self.env["g2p.spar.identity"].browse(person.identity_id)
        identity.active = False
        self.assertIsNone(self.current())
        self.assertFalse(identity.user_id.active)

    def test_a_provider_that_was_closed_lets_nobody_stay(self):
        self.person()
        self.oidc.spar_enabled_for_portal = False
        self.assertIsNone(self.current())

    def test_facts_of_another_user_are_worth_nothing(self):
        other = self.person("baraka")
        facts = self.session[SESSION_KEY]
        self.person("amina")
        self.write_session(**facts)
        self.assertEqual(facts["identity"], other.identity_id)
        self.assertIsNone(self.current())

    def test_a_subject_that_would_be_somebody_elses_id(self):
        for subject in ("amina ", " amina", "a\u2000mina", "\uff41mina", "am ina"):
            with self.subTest(subject=subject):
                self.assertIsNone(self.person(subject))

    def test_ids_tell_apart_whom_the_provider_tells_apart(self):
        id_type = self.env["g2p.spar.id.type"].create(
            {"name": "Other", "code": "other_sub", "template": "other:{sub}@x"}
        )
        with self.assertRaises(ValidationError):
            self.oidc.spar_id_type_id = id_type

    def test_the_user_tells_nothing_about_the_person(self):
        person = self.person("amina")
        user = self.env["g2p.spar.identity"].browse(person.identity_id).user_id
        self.assertNotIn("amina", f"{user.login} {user.name}".lower())
        self.assertFalse(user.email)
        self.assertEqual(user.group_ids, self.env.ref("base.group_portal"))

    def test_a_first_login_leaves_what_workers_remember(self):
        reference = self.env["g2p.spar.strategy"].get_reference()
        self.env["g2p.spar.identity"]._find_or_create(self.oidc, "fresh")
        self.env.flush_all()
        self.assertIs(self.env["g2p.spar.strategy"].get_reference(), reference)

    def test_the_same_person_keeps_the_user(self):
        self.assertEqual(self.person().identity_id, self.person().identity_id)
        self.assertNotEqual(
            self.person("amina").identity_id, self.person("Amina").identity_id
        )


@tagged("post_install", "-at_install")
class TestStepUp(PortalCase):
    """A proof is good for one change of one person, and once."""

    def setUp(self):
        super().setUp()
        self.amina = self.person("amina")
        self.service = self.env["g2p.spar.step.up"]
        self.service.begin(self.amina, "digest-1", "/my/benefit-account/change")

    def test_a_proof_is_taken_once(self):
        self.approve(self.amina, "digest-1")
        approval = self.service.take(self.amina, "digest-1")
        self.assertEqual(approval.acr, ACR)
        self.assertEqual(approval.evidence["acr"], list(ACR))
        self.assertIsNone(self.service.take(self.amina, "digest-1"))

    def test_what_was_only_asked_for_is_no_proof(self):
        self.assertIsNone(self.service.take(self.amina, "digest-1"))

    def test_a_proof_for_another_change_is_none(self):
        self.approve(self.amina, "digest-1")
        self.assertIsNone(self.service.take(self.amina, "digest-2"))

    def test_a_proof_of_another_person_is_none(self):
        self.approve(self.amina, "digest-1")
        self.assertIsNone(self.service.take(self.person("baraka"), "digest-1"))

    def test_an_old_proof_is_none_and_is_used_up(self):
        old = fields.Datetime.now() - timedelta(minutes=5, seconds=2)
        self.approve(self.amina, "digest-1", at=old)
        self.assertIsNone(self.service.take(self.amina, "digest-1"))
        self.assertFalse(self.service.search([("digest", "=", "digest-1")]))

    def test_asking_again_undoes_the_proof(self):
        self.approve(self.amina, "digest-1")
        self.service.begin(self.amina, "digest-1", "/my/benefit-account/change")
        self.env.invalidate_all()
        self.assertIsNone(self.service.take(self.amina, "digest-1"))

    def test_the_way_back_leads_to_this_server_only(self):
        self.service.begin(self.amina, "digest-2", "//evil.example/")
        row = self.service.search([("digest", "=", "digest-2")])
        self.assertEqual(row.return_path, "/my/benefit-account")


@tagged("post_install", "-at_install")
class TestThrottle(PortalCase):
    """Attempts are counted by kind and subject, in windows of time."""

    def hit(self, subject="somebody", kind="code", limit=2, at=1_000.0):
        with patch(
            "odoo.addons.g2p_spar_portal.models.g2p_spar_throttle.time.time",
            return_value=at,
        ):
            return self.env["g2p.spar.throttle"].hit(kind, subject, limit, 60)

    def test_beyond_the_limit_one_waits_for_the_rest_of_the_window(self):
        self.assertEqual([self.hit(at=1_000), self.hit(at=1_010)], [0, 0])
        self.assertEqual(self.hit(at=1_020), 40)
        self.assertEqual(self.hit(at=1_059.9), 1)
        self.assertEqual(self.hit(at=1_060), 0)

    def test_others_and_other_attempts_are_counted_for_themselves(self):
        for _attempt in range(3):
            self.hit()
        self.assertEqual(self.hit("somebody else"), 0)
        self.assertEqual(self.hit(kind="change"), 0)
        self.assertEqual(self.hit(), 60)

    def test_who_was_counted_is_not_stored(self):
        self.hit("10.20.30.40")
        self.cr.execute("SELECT string_agg(key, ' ') FROM g2p_spar_throttle")
        self.assertNotIn("10.20.30.40", self.cr.fetchone()[0])

    def test_the_table_is_not_logged(self):
        self.cr.execute(
            "SELECT relpersistence FROM pg_class WHERE relname = 'g2p_spar_throttle'"
        )
        self.assertEqual(self.cr.fetchone()[0], "u")

    def test_counts_that_ended_are_deleted(self):
        self.hit(at=1_000)
        self.env["g2p.spar.throttle"]._gc()
        self.assertFalse(self.env["g2p.spar.throttle"].search_count([]))

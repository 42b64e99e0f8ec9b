from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ConsentCase


@tagged("post_install", "-at_install")
class TestConsentProfile(ConsentCase):
    """What an administrator writes down of an application."""

    def test_a_profile_is_whole_or_not_at_all(self):
        for values in (
            {"consent_code": False},
            {"consent_name": " "},
            {"consent_redirects": "\n"},
            {"purpose_ids": [(5, 0, 0)]},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.app.write(values)

    def test_addresses_and_codes_that_are_none_are_refused(self):
        for values in (
            {"consent_redirects": "http://school.example.org"},
            {"consent_redirects": "https://ok.example.org\njavascript:alert(1)"},
            {"consent_code": "School"},
            {"consent_code": "a@b"},
            {"consent_code": "x" * 41},
            {"consent_code": "nationalid"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.app.write(values)

    @mute_logger("odoo.sql_db")
    def test_a_code_is_one_applications_and_a_period_has_limits(self):
        other = self.make_application("rsa")
        for values in (
            {"consent_code": self.app.consent_code},
            {"consent_days": 0},
            {"consent_days": 5000},
        ):
            refused = self.assertRaises(IntegrityError)
            with self.subTest(values), refused, self.cr.savepoint():
                other.write(values)
                other.flush_recordset()

    def test_nobody_in_a_sandbox_asks_people(self):
        with self.assertRaises(ValidationError):
            self.make_application("rsa", is_sandbox=True)

    def test_a_change_counts_at_once(self):
        senders = self.env["g2p.spar.sender"]
        profile = senders.get_consent_profile(self.app.client_id)
        self.assertEqual(profile.purposes, {"fees": self.purpose.id})
        self.purpose.active = False
        profile = senders.get_consent_profile(self.app.client_id)
        self.assertEqual(profile.purposes, {})
        self.app.may_ask_consent = False
        self.assertIsNone(senders.get_consent_profile(self.app.client_id))

    def test_the_screens_open(self):
        with Form(self.app) as form:
            form.consent_days = 30
        self.assertEqual(self.app.consent_days, 30)
        with Form(self.purpose) as form:
            form.disclosure = "payable"
        consent = self.store()
        self.assertEqual(self.app.consent_count, 1)
        views = self.env["g2p.spar.consent"].with_user(self.manager)
        for kind in ("list", "form", "search"):
            self.assertTrue(views.get_view(view_type=kind)["arch"])
        action = self.app.action_view_consents()
        self.assertEqual(views.search(action["domain"]), consent)

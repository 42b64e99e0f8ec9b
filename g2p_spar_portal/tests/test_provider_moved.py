from odoo import fields
from odoo.tests import tagged

from .common import PortalCase


@tagged("post_install", "-at_install")
class TestProviderMoved(PortalCase):
    def setUp(self):
        super().setUp()
        now = fields.Datetime.now()
        self.oidc.write(
            {
                "spar_key_set": [{"kty": "RSA"}],
                "spar_key_set_at": now,
                "spar_metadata": {"issuer": "https://id.example.org"},
                "spar_metadata_at": now,
            }
        )

    def _is_known(self):
        names = ("spar_key_set", "spar_key_set_at", "spar_metadata", "spar_metadata_at")
        return {bool(self.oidc[name]) for name in names}

    def test_what_was_fetched_elsewhere_is_forgotten(self):
        for name in ("spar_issuer", "spar_discovery_url", "spar_jwks_url"):
            self.setUp()
            self.oidc.write({name: "https://other.example.org/x"})
            self.assertEqual(self._is_known(), {False}, name)

    def test_it_stays_when_something_else_changes(self):
        self.oidc.write({"name": "Other name"})
        self.assertEqual(self._is_known(), {True})

    def test_forms_lead_where_it_is_now_and_nowhere_when_it_is_shut(self):
        providers = self.env["auth.oauth.provider"]
        other = "https://other.example.org/login"
        self.assertIn(self.oidc.auth_endpoint, providers._spar_form_targets())

        self.oidc.auth_endpoint = other
        self.assertIn(other, providers._spar_form_targets())
        self.oidc.spar_enabled_for_portal = False
        self.assertNotIn(other, providers._spar_form_targets())

from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.translate import code_translations

from odoo.addons.g2p_spar_mapper.tests.roles import create_users

from ..core.login_rules import FAILURES, SUCCEEDED
from ..core.oidc.errors import CODES
from ..core.oidc.examine import Check
from ..core.said import _lt
from ..models.g2p_spar_page_login import LOGIN_FAILURES
from ..wizards.g2p_spar_provider_test_line import STEPS
from .common import PortalCase

CLIENT = "odoo.addons.g2p_spar_portal.models.g2p_spar_oidc_client.G2PSparOidcClient"
FORM = "g2p_spar_portal.auth_oauth_provider_view_form"


@tagged("post_install", "-at_install")
class TestProviderScreens(PortalCase):
    """What staff sees of providers and logins."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = create_users(cls.env)
        cls.admin = cls.users["admin"]

    def examine(self, *checks):
        return patch(f"{CLIENT}.examine", return_value=list(checks))

    def test_an_administrator_sets_up_a_provider(self):
        model = self.env["auth.oauth.provider"].with_user(self.admin)
        form = Form(model.with_context(default_spar_is_portal=True), FORM)
        form.name, form.body = "New ID", "Log in with New ID"
        form.auth_endpoint = "https://new.example.org/authorize"
        form.validation_endpoint = "https://new.example.org/userinfo"
        provider = form.save()
        self.assertTrue(provider.spar_is_portal)
        self.assertFalse(provider.spar_enabled_for_portal or provider.enabled)

    def test_the_report_of_a_test(self):
        with self.examine(
            Check("configuration", "ok", "Nothing is missing in the record."),
            Check("clock", "failed", "The clocks differ by 90 seconds."),
        ):
            action = self.oidc.with_user(self.admin).action_spar_test()
        test = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(test.state, "failed")
        self.assertEqual(test.redirect_uri, self.oidc._spar_redirect_uri())
        lines = [(line.code, line.state, bool(line.todo)) for line in test.line_ids]
        self.assertEqual(
            lines,
            [
                ("configuration", "ok", False),
                ("redirect", "warning", True),
                ("clock", "failed", True),
            ],
        )

    def test_the_report_shows_the_public_key_and_no_private_one(self):
        key = self.oidc.spar_key_ids
        with self.examine(Check("configuration", "ok", "Fine.")):
            action = self.oidc.with_user(self.admin).action_spar_test()
        test = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(test.public_key, key.public_text)
        for member in ('"d"', '"p"', '"q"'):
            self.assertNotIn(member, test.public_key)

    def test_a_real_test_of_a_provider_that_is_not_there(self):
        self.oidc.spar_discovery_url = "https://id.invalid/.well-known/x"
        self.oidc.spar_key_ids.action_retire()
        # In a test the transaction is not the request's to give back.
        with patch(f"{CLIENT}._give_back"):
            action = self.oidc.with_user(self.admin).action_spar_test()
        test = self.env[action["res_model"]].browse(action["res_id"])
        failed = {line.code for line in test.line_ids if line.state == "failed"}
        self.assertEqual(failed, {"client_key", "discovery"})

    def test_every_step_that_can_be_found_has_its_words(self):
        codes = (
            "configuration redirect client_key discovery issuer addresses keys push "
            "clock iss scope response_type client_authentication "
            "signature_of_the_client signature_of_ID_tokens PKCE_method "
            "proof_of_the_identity"
        )
        self.assertEqual(set(STEPS), set(codes.split()))

    def test_the_report_is_in_the_language_of_who_reads_it(self):
        words = {
            "Problem: %(problem)s (%(detail)s).": "Souci : %(problem)s (%(detail)s).",
            CODES["provider_unreachable"]: "pas de réponse",
            "%(field)s: %(problem)s": "%(field)s : %(problem)s",
            "Write one or more of: %(known)s.": "Écrivez : %(known)s.",
            "the issuer": "l'émetteur",
            "%(provider)s cannot be offered yet. Fill in: %(missing)s.": (
                "%(provider)s : %(missing)s"
            ),
        }
        self.env["res.lang"]._activate_lang("fr_FR")
        said = _lt("Problem: %(problem)s (%(detail)s).")
        values = {"problem": CODES["provider_unreachable"], "detail": "slow"}
        oidc = self.oidc.with_user(self.admin).with_context(lang="fr_FR")
        with (
            patch.object(
                type(code_translations), "get_python_translations", return_value=words
            ),
            self.examine(Check("keys", "failed", said, values)),
        ):
            action = oidc.action_spar_test()
            test = self.env["g2p.spar.provider.test"].browse(action["res_id"])
            told = test.line_ids.mapped("sentence")
            self.assertIn("Souci : pas de réponse (slow).", told)
            with self.assertRaises(ValidationError) as caught:
                oidc.spar_id_token_algs = "none"
            self.assertIn(" : Écrivez : RS256 ", str(caught.exception))
            with self.assertRaises(ValidationError) as caught:
                oidc.spar_issuer = False
            self.assertEqual(str(caught.exception), f"{oidc.name} : l'émetteur")

    def test_who_tests_a_provider(self):
        for role, user in self.users.items():
            with (
                self.subTest(role=role),
                self.examine(Check("clock", "ok", "Fine.")),
                self.cr.savepoint(),
            ):
                if role == "admin":
                    self.oidc.with_user(user).action_spar_test()
                else:
                    with self.assertRaises(AccessError):
                        self.oidc.with_user(user).action_spar_test()

    def test_every_failure_has_words_for_people_and_for_staff(self):
        self.assertEqual(set(LOGIN_FAILURES), set(FAILURES))
        outcomes = dict(self.env["g2p.spar.oidc.event"]._fields["outcome"].selection)
        self.assertEqual(set(outcomes), {*FAILURES, SUCCEEDED})

    def test_logins_of_a_provider_are_counted_on_its_form(self):
        self.env["g2p.spar.oidc.event"].count(self.oidc.id, "login")
        self.env["g2p.spar.oidc.event"].count(self.oidc.id, "login", "expired")
        self.env["g2p.spar.oidc.event"].count(self.oidc.id, "login", "expired")
        self.assertEqual(self.oidc.spar_login_count, 3)
        action = self.oidc.action_spar_logins()
        events = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(sum(events.mapped("hits")), 3)

    def test_an_administrator_shuts_a_person_out(self):
        person = self.person("amina")
        identity = self.env["g2p.spar.identity"].browse(person.identity_id)
        identity.with_user(self.admin).action_archive()
        self.assertFalse(identity.user_id.active)
        self.assertEqual(
            self.url_open("/my/benefit-account").url.split("?")[0][-11:], "/spar/login"
        )
        identity.with_user(self.admin).action_unarchive()
        self.assertTrue(identity.user_id.active)

from odoo.tests import tagged

from .common import PortalCase

HOME = "/my/benefit-account"


@tagged("post_install", "-at_install")
class TestAccountPages(PortalCase):
    """Where the money goes, on the real server."""

    def test_nobody_is_led_to_the_login_and_back(self):
        response = self.url_open(f"{HOME}/history", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn(
            "/spar/login?return_path=%2Fmy%2Fbenefit-account%2Fhistory",
            response.headers["Location"],
        )

    def test_a_person_without_an_account_gets_one_button(self):
        self.person("amina")
        page = self.url_open(HOME)
        self.assertEqual(page.status_code, 200)
        self.assertIn("You have not chosen an account yet", page.text)
        self.assertIn(f'href="{HOME}/change"', page.text)
        self.assertNotIn("This was not me", page.text)

    def test_the_account_is_named_and_its_number_masked(self):
        self.link("amina")
        self.person("amina")
        page = self.url_open(HOME)
        self.assertIn("Your money goes to this account", page.text)
        self.assertIn("Test Bank", page.text)
        self.assertIn("Indigo", page.text)
        self.assertIn("****0097", page.text)
        self.assertNotIn("097109105110097", page.text)

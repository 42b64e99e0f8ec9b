from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, account_of

from .change_common import NUMBER, START, ChangeCase


@tagged("post_install", "-at_install")
class TestChangePages(ChangeCase):
    def test_a_first_account_needs_no_second_login(self):
        self.person("amina")

        review = self.to_review()

        self.assertIn("Test Bank", review.words)
        self.assertIn("Indigo", review.words)
        self.assertNotIn("log in again", review.words)
        done = self.send(review)
        self.assertIn("Your account is changed", done.words)
        mapping = self.mapping("amina")
        self.assertEqual(mapping.fa_value, BANK_FA % NUMBER)
        version = mapping.version_ids
        self.assertEqual(version.channel, "portal")
        self.assertIn(version.transaction_id, done.words)
        self.assertIn("consent:1", version.evidence)
        self.assertIn("/change/receipt/", done.url)

    def test_a_change_is_made_after_a_fresh_login_for_it(self):
        self.link("amina")
        person = self.person("amina")
        review = self.to_review()
        self.assertIn("log in again", review.words)
        self.assertNotIn(account_of("amina"), review.text)

        [form] = review.document.cssselect("main form[method='post']")
        digest = dict(form.form_values())["seen"]
        answer = self.url_open(
            review.url, data=dict(form.form_values()), allow_redirects=False
        )

        self.assertEqual(answer.status_code, 303)
        self.assertIn("/spar/oidc/step-up/", answer.headers["Location"])
        self.assertEqual(self.mapping("amina").version, 1)
        self.approve(person, digest)
        done = self.page(f"{START}/{self.token(review)}/finish")
        self.assertIn("Your account is changed", done.words)
        mapping = self.mapping("amina")
        self.assertEqual((mapping.version, mapping.fa_value), (2, BANK_FA % NUMBER))
        self.assertIn("step-up acr=", mapping.version_ids[0].evidence)

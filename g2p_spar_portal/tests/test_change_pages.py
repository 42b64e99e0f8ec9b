from lxml import html

from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, account_of

from .common import PortalCase

START = "/my/benefit-account/change"
NUMBER = "9876543210"


class ChangeCase(PortalCase):
    """A browser without JavaScript: pages are read, forms are sent as they stand."""

    def page(self, path, status=200):
        """Open a page. :return: its response, with the document parsed on it"""
        answer = self.url_open(path, allow_redirects=True)
        self.assertEqual(answer.status_code, status, answer.text[-2000:])
        return self._read(answer)

    def send(self, answer, status=200, form="main form[method='post']", **values):
        """Send the form of a page with values filled in.

        :param answer: the page
        :param values: replace or add fields of the form
        """
        found = answer.document.cssselect(form)[0]
        fields = {k: v for k, v in found.form_values()} | values
        action = found.get("action") or answer.url
        sent = self.url_open(action, data=fields, allow_redirects=True)
        self.assertEqual(sent.status_code, status, sent.text[-2000:])
        return self._read(sent)

    def _read(self, answer):
        answer.document = html.fromstring(answer.content)
        answer.words = " ".join(answer.document.find("body").text_content().split())
        return answer

    def token(self, answer):
        return answer.url.partition("/change/")[2].split("/")[0]

    def begin(self):
        """Choose the test bank's kind of account."""
        return self.send(self.page(START), fa_type="TEST_ACCOUNT")

    def to_number(self):
        """Go to the page of the number."""
        answer = self.send(self.begin(), code="testbank", form="#choose")
        return self.send(answer, code="indigo", form="#choose")

    def to_review(self, number=NUMBER):
        """Go to the review page."""
        answer = self.to_number()
        return self.send(
            answer, form="#numbers", part_number=number, again_number=number
        )


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

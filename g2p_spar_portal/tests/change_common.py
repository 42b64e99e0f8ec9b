from lxml import html

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

    def to_review_again(self, token):
        """Open the review page of a change."""
        return self.page(f"{START}/{token}/review")

    def agree(self, review):
        """Press the button of the review page, and stop where it leads.

        :return: the answer, with the digest that was agreed to
        """
        [form] = review.document.cssselect("main form[method='post']")
        fields = dict(form.form_values())
        answer = self.url_open(review.url, data=fields, allow_redirects=False)
        answer.digest = fields["seen"]
        return answer

    def drafts(self):
        """The changes which people of this test have begun."""
        mine = [("identity_id.provider_id", "=", self.oidc.id)]
        return self.env["g2p.spar.change.draft"].search(mine)

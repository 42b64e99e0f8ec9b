from lxml import html

from odoo.http import Request

from odoo.addons.g2p_spar_mapper.core.commands import LinkItem, Origin
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA

from .common import PortalCase

HOME = "/my/benefit-account"
ID = "token:%s@nationalId"


class PagesCase(PortalCase):
    """Pages as a browser without scripts sees them: got, read, filled in, sent."""

    def get(self, path=HOME, **kw):
        """Get a page. :return: the response, with its document as ``doc``"""
        return self._read(self.url_open(path, **kw))

    def post(self, path, allow_redirects=True, **form):
        """Send a form of ours with the token of this session."""
        response = self.url_open(
            path, data=self.token() | form, allow_redirects=allow_redirects
        )
        return self._read(response)

    def token(self):
        """The hidden field of every form of this session."""
        return {"csrf_token": Request.csrf_token(self)}

    def press(self, page, label):
        """Send the form whose button is called so, as the page wrote it."""
        [button] = page.doc.xpath(f"//form//button[normalize-space()='{label}']")
        form = button.getparent()
        fields = {one.get("name"): one.get("value") for one in form.xpath("./input")}
        return self._read(self.url_open(form.get("action"), data=fields))

    def links(self, page):
        """Where the links of a page's content lead."""
        return page.doc.xpath("//main//a/@href")

    def update(self, name, number, channel="api", **origin):
        """Have somebody change a person's account."""
        item = LinkItem("ref", ID % name, fa=BANK_FA % number)
        caller = Origin(channel=channel, **origin)
        [outcome] = self.env["g2p.spar.mapper"].sudo().update([item], caller)
        self.assertTrue(outcome.succeeded)

    def _read(self, response):
        response.doc = html.fromstring(response.content or "<html/>")
        content = [one.text_content() for one in response.doc.xpath("//main")]
        response.words = " ".join(" ".join(content).split())
        return response

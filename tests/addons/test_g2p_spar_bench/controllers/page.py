from odoo.http import Controller, request, route


class TestG2PSparBenchPageController(Controller):
    """The least that Odoo does for a page: what the portal's are measured against."""

    @route(
        "/test_g2p_spar_bench/page",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def page(self):
        """Show a heading in the frame which Odoo gives to its portal pages."""
        return request.render("test_g2p_spar_bench.page")

from odoo.http import Controller, request, route


class TestG2PSparBenchPageController(Controller):
    """The least that Odoo does in our database for somebody who is logged in."""

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

    @route(
        "/test_g2p_spar_bench/route",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
        multilang=False,
    )
    def no_rows(self):
        """Answer as the search for a branch does, without looking for anything."""
        return request.make_json_response({"rows": [], "told": ""})

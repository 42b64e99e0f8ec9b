from odoo.http import Controller, request, route

from .page import render_page


class G2PSparDocsController(Controller):
    """The contract, to be read and tried by people."""

    @route(
        "/spar/v1/docs",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def docs(self):
        """Show the contract that ``/spar/v1/openapi.json`` publishes."""
        return render_page("docs_page", {"lang": request.env.lang or "en_US"})

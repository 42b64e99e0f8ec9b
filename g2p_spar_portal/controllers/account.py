from odoo.http import Controller, request, route

from ..core.paths import HOME
from .page import ACTION, PAGE, person_page, refuse, render

_LOGO_SECONDS = 7 * 24 * 3600


class G2PSparAccountController(Controller):
    """The pages on which people look: where the money goes, and what happened."""

    @route(HOME, methods=["GET"], **PAGE)
    @person_page
    def benefit_overview(self, person, **_query):
        """Show where the money goes."""
        account = request.env["g2p.spar.own.account"].overview(person)
        return render("overview", {"account": account, "person": person})

    @route(
        [f"{HOME}/history", f"{HOME}/history/page/<int:page>"], methods=["GET"], **PAGE
    )
    @person_page
    def benefit_history(self, person, page=1, **_query):
        """Show what happened, page by page."""
        told = request.env["g2p.spar.own.account"].history(person, page)
        return render("history", told) if told else refuse("not_found")

    @route("/spar/stay", methods=["POST"], **ACTION)
    def benefit_stay(self, **_form):
        """Keep the session alive: the person pressed "Stay logged in"."""
        person = request.env["g2p.spar.person"].current(request.session)
        return request.make_response("", status=204 if person else 403)

    @route(
        "/spar/logo/<int:provider_id>",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        save_session=False,
    )
    def provider_logo(self, provider_id, **_query):
        """Give the logo of a bank or wallet, and no other picture."""
        # sudo: logos are for everybody; the rest of the record is not read.
        provider_sudo = request.env["g2p.spar.provider"].sudo()
        provider_sudo = provider_sudo.browse(provider_id).exists()
        if not provider_sudo.with_context(bin_size=True).image_128:
            raise request.not_found()
        binary = request.env["ir.binary"]
        stream = binary._get_stream_from(provider_sudo, "image_128")
        stream.public = True
        response = stream.get_response(
            max_age=_LOGO_SECONDS, content_security_policy="default-src 'none'; sandbox"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

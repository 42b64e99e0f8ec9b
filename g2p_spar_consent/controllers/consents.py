from odoo.http import Controller, request, route

from odoo.addons.g2p_spar_portal.controllers.page import (
    ACTION,
    PAGE,
    flash,
    person_page,
    refuse,
    render,
    see_other,
)

from ..const import CONSENTS


class G2PSparConsentsController(Controller):
    """Who may ask: each consent of a person, its end and its receipt."""

    @route(CONSENTS, methods=["GET"], **PAGE)
    @person_page
    def consents(self, person, **_query):
        """Show who may ask about the account, and who might in former times."""
        own = request.env["g2p.spar.own.consent"]
        return render("g2p_spar_consent.consents", own.listing(person))

    @route(f"{CONSENTS}/<string:reference>/withdraw", methods=["POST"], **ACTION)
    @person_page
    def consent_withdraw(self, person, reference, **_form):
        """End a consent, with one tap."""
        if not request.env["g2p.spar.own.consent"].withdraw(person, reference):
            return refuse("not_found")
        flash(request.env._("Stopped. They may not ask about you any more."))
        return see_other(CONSENTS)

    @route(f"{CONSENTS}/<string:reference>/withdraw", methods=["GET"], **ACTION)
    def consent_withdraw_reloaded(self, **_query):
        """Show the page to whoever types or reloads the address of a form."""
        return see_other(CONSENTS)

    @route(f"{CONSENTS}/<string:reference>.txt", methods=["GET"], **ACTION)
    @person_page
    def consent_receipt_text(self, person, reference, **_query):
        """Give the receipt as a plain text, to be kept."""
        own = request.env["g2p.spar.own.consent"]
        receipt = own.receipt(person, reference)
        text = receipt and own.write_text(receipt)
        return _download(text, reference, "txt", "text/plain")

    @route(f"{CONSENTS}/<string:reference>.json", methods=["GET"], **ACTION)
    @person_page
    def consent_receipt_json(self, person, reference, **_query):
        """Give the receipt for a program."""
        text = request.env["g2p.spar.own.consent"].write_json(person, reference)
        return _download(text, reference, "json", "application/json")


def _download(text, reference, ending, kind):
    """Give a file; none: there is no such receipt of this person."""
    if text is None:
        return refuse("not_found")
    name = "".join(sign for sign in reference if sign.isascii() and sign.isalnum())
    return request.make_response(
        text,
        [
            ("Content-Type", f"{kind}; charset=utf-8"),
            ("Content-Disposition", f'attachment; filename="{name}.{ending}"'),
        ],
    )

from functools import wraps
from http import HTTPStatus

from odoo.http import Controller, request, route

from odoo.addons.g2p_spar_mapper.core.looking import only_looks
from odoo.addons.g2p_spar_portal.controllers.page import (
    ACTION,
    PAGE,
    flash,
    person_page,
    refuse,
    render,
    see_other,
)
from odoo.addons.g2p_spar_portal.core.login_rules import network_of

from ..const import ASK
from ..core.request import RequestRefused
from ..models.g2p_spar_consent_page import Verdict

#: Requests that one network may bring in ten minutes: a school may bring a class.
_ARRIVALS = (300, 600)
_LOGO_SECONDS = 7 * 24 * 3600


def with_request(endpoint):
    """Open the request that the path names, for the person who is looking."""

    @wraps(endpoint)
    def opened(controller, person, token, *args, **kwargs):
        asked_sudo = request.env["g2p.spar.consent.request"].find(person, token)
        if not asked_sudo:
            return _unusable("used", 404)
        request.spar_form_target = asked_sudo.redirect
        return endpoint(controller, person, asked_sudo, *args, **kwargs)

    return opened


class G2PSparConsentAskController(Controller):
    """An application asks, the person answers, the browser goes back."""

    @route(ASK, methods=["GET"], readonly=False, **ACTION)
    def consent_arrive(self, **query):
        """Take the signed request out of the address, and ask on a page of ours.

        It is good once, so it waits for a person: browsers that load what might be
        opened next, and programs that only look, use nothing up.
        """
        if only_looks(request.httprequest.method, request.httprequest.headers):
            return request.make_response("", status=HTTPStatus.SERVICE_UNAVAILABLE)
        network = network_of(request.httprequest.remote_addr)
        if request.env["g2p.spar.throttle"].hit("consent", network, *_ARRIVALS):
            return refuse("too_many")
        text = query.get("request")
        try:
            if not isinstance(text, str):
                raise RequestRefused("malformed")
            # sudo: whoever arrives is nobody yet; the signature is what counts.
            arrivals_sudo = request.env["g2p.spar.consent.request"].sudo()
            token = arrivals_sudo.receive(text)
        except RequestRefused as refused:
            return _unusable(refused.code)
        return see_other(f"{ASK}/{token}")

    @route(f"{ASK}/<string:token>", methods=["GET", "POST"], **PAGE)
    @person_page
    @with_request
    def consent_ask(self, person, asked, answer="", seen="", **_form):
        """Show who asks for what; take yes or no."""
        page = request.env["g2p.spar.consent.page"]
        if asked.state != "open":
            return _back(asked)
        if request.httprequest.method == "POST" and answer == "no":
            page.refuse(person, asked)
            return _back(asked)
        if request.httprequest.method == "POST" and answer == "yes":
            return _follow(person, asked, page.agree(person, asked, seen))
        values = {**page.show(asked), "person": person}
        values["frame_path"] = values["path"]
        return render("g2p_spar_consent.ask", values)

    @route(f"{ASK}/<string:token>/finish", methods=["GET"], readonly=False, **ACTION)
    @person_page
    @with_request
    def consent_finish(self, person, asked, **_query):
        """Back from the second login: keep the consent that it was for."""
        verdict = request.env["g2p.spar.consent.page"].finish(person, asked)
        if verdict == Verdict.PROOF_NEEDED:
            flash(
                request.env._(
                    "The second login was not finished, so nothing was allowed."
                ),
                "bad",
            )
            return see_other(f"{ASK}/{asked.token}")
        return _back(asked)

    @route(
        "/spar/application-logo/<int:sender_id>",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        save_session=False,
    )
    def application_logo(self, sender_id, **_query):
        """Give the logo of an application that asks people, and no other picture."""
        # sudo: such logos are for everybody; the rest of the record is not read.
        sender_sudo = request.env["g2p.spar.sender"].sudo()
        sender_sudo = sender_sudo.search(
            [("id", "=", sender_id), ("may_ask_consent", "=", True)]
        )
        if not sender_sudo.with_context(bin_size=True).consent_logo:
            raise request.not_found()
        binary = request.env["ir.binary"]
        stream = binary._get_stream_from(sender_sudo, "consent_logo")
        stream.public = True
        response = stream.get_response(
            max_age=_LOGO_SECONDS, content_security_policy="default-src 'none'; sandbox"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def _follow(person, asked, verdict):
    """Lead on from a yes."""
    page = request.env["g2p.spar.consent.page"]
    if verdict == Verdict.PROOF_NEEDED:
        return see_other(page.ask_for_proof(person, asked))
    if verdict == Verdict.CHANGED_MEANWHILE:
        flash(
            request.env._(
                "Something was changed since you saw this page, so nothing was"
                " allowed. Please read it again."
            ),
            "bad",
        )
        return see_other(f"{ASK}/{asked.token}")
    return _back(asked)


def _back(asked):
    """Lead the browser back to the application, which registered the address."""
    url = request.env["g2p.spar.consent.page"].way_back(asked)
    return request.redirect(url, code=303, local=False)


def _unusable(code, status=400):
    """Say that a request cannot be used. Nobody is sent anywhere from here."""
    return refuse(
        "form_expired",
        status,
        title=request.env._("This link does not work"),
        sentence=request.env._(
            "Nothing was allowed. Go back to the application that sent you and begin"
            " again. If it happens again, tell its people this word: %s",
            code,
        ),
    )

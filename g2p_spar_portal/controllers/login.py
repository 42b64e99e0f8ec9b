import secrets

from odoo.http import Controller, request, route

from ..core.login_rules import FAILURES, SUCCEEDED
from ..core.oidc.errors import OidcError
from ..core.paths import ENDED, HOME, LOGIN
from ..core.return_path import local_path
from ..models.g2p_spar_login import LoginRefused
from .page import ACTION, PAGE, person_page, refuse, render, see_other


class G2PSparLoginController(Controller):
    """In at a provider, out again, and what is said when it did not work."""

    # === PAGES === #

    @route(LOGIN, methods=["GET"], **PAGE)
    def choose(self, return_path=None, **_query):
        """Let a person choose where to log in."""
        path = local_path(return_path)
        if request.env["g2p.spar.person"].current(request.session):
            return see_other(path)
        values = {
            "providers": request.env["g2p.spar.login"].open_providers(),
            "return_path": path,
        }
        return render("login", values)

    @route(f"{LOGIN}/failed/<string:code>", methods=["GET"], **PAGE)
    def failed(self, code, **_query):
        """Say why a login did not work and what to do now."""
        if code not in FAILURES:
            return refuse("not_found")
        person = request.env["g2p.spar.person"].current(request.session)
        request.spar_person = person
        values = request.env["g2p.spar.page"]._login_failure(code)
        next_path = HOME if person else LOGIN
        return render("login_failed", {**values, "next_path": next_path})

    @route(ENDED, methods=["GET"], **PAGE)
    def ended(self, **_query):
        """Say that the session is over; end it where its time is up."""
        persons = request.env["g2p.spar.person"]
        if persons.is_idle(request.session, ahead=persons.GRACE_SECONDS):
            request.session.logout(keep_db=True)
        elif persons.current(request.session):
            return see_other(HOME)
        return render("ended")

    # === STEPS === #

    @route(f"{LOGIN}/<int:provider_id>", methods=["GET", "POST"], **ACTION)
    def start(self, provider_id, return_path=None, **_params):
        """Send a person to a provider."""
        return _leave(
            lambda browser: request.env["g2p.spar.login"].start(
                provider_id, browser, request.httprequest.remote_addr, return_path
            )
        )

    @route("/spar/oidc/step-up/<int:step_up_id>", methods=["GET"], **ACTION)
    @person_page
    def start_step_up(self, person, step_up_id, **_query):
        """Send a person to their provider once more, before a change."""
        return _leave(
            lambda browser: request.env["g2p.spar.login"].start_step_up(
                person, step_up_id, browser, request.httprequest.remote_addr
            )
        )

    @route("/spar/oidc/callback", methods=["GET"], readonly=False, **ACTION)
    def callback(self, **_query):
        """Take back a person whom a provider sends."""
        attempt = _attempt()
        lang = attempt.taken.lang if attempt.taken else None
        if attempt.code != SUCCEEDED:
            return _lead(request.env["g2p.spar.login"].failure_path(attempt), lang)
        request.env["g2p.spar.login"].sign_in(request.session, attempt)
        return _lead(attempt.taken.return_path, lang)

    @route("/spar/logout", methods=["POST"], **ACTION)
    def logout(self, **_form):
        """End the session here. The provider keeps none that we could end."""
        request.session.logout(keep_db=True)
        return see_other(ENDED)


def _attempt():
    """Judge the callback, once for a request.

    After a conflict in the database Odoo calls the route again with the same
    request: the login was taken and its code was redeemed, so the result is kept.
    """
    if not hasattr(request, "spar_attempt"):
        persons = request.env["g2p.spar.person"]
        request.spar_attempt = request.env["g2p.spar.login"].attempt(
            request.httprequest.args.to_dict(flat=False),
            request.cookies.get(_cookie_name()) or "",
            request.httprequest.remote_addr,
            persons.identity_of(request.session),
        )
    return request.spar_attempt


def _leave(start):
    """Send the browser to where ``start`` says, remembering which browser it was.

    :param start: function of the browser's secret
    """
    name = _cookie_name()
    browser = request.cookies.get(name) or secrets.token_urlsafe(32)
    try:
        url = start(browser)
    except (OidcError, LoginRefused) as error:
        return _lead(f"{LOGIN}/failed/{error.code}", request.env.lang)
    response = request.redirect(url, code=303, local=False)
    response.set_cookie(
        name,
        browser,
        expires=None,
        secure=_is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _lead(path, lang):
    """Lead to one of our pages in a language.

    Where the browser asks for that one anyway the address does not name it: that
    would cost the person one more redirect.
    """
    other = lang if lang != request.env.lang else None
    url = request.env["ir.http"]._url_for(path, other)
    return request.redirect(url, code=303)


def _cookie_name():
    """Return under which name the browser keeps its secret.

    With HTTPS under one that no other host can set.
    """
    return "__Host-spar_browser" if _is_secure() else "spar_browser"


def _is_secure():
    """Tell whether people come over HTTPS, also where a proxy ends it."""
    base_url = request.env["ir.http"].get_base_url()
    return request.httprequest.scheme == "https" or base_url.startswith("https:")

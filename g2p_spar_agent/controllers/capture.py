from odoo.http import Controller, request, route

from odoo.addons.g2p_spar_portal.controllers.login import _leave
from odoo.addons.g2p_spar_portal.controllers.page import ACTION, PAGE, flash, see_other
from odoo.addons.g2p_spar_portal.core.login_rules import FAILURES
from odoo.addons.g2p_spar_portal.models.change_words import say_consent

from ..const import HOME
from ..core.photo import MAX_BYTES, UnfitPhoto
from ..models.agent_words import say_photo
from ..models.g2p_spar_agent_desk import Verdict
from .page import capture_page, desk, path_of, render


class G2PSparAgentCaptureController(Controller):
    """Presence, what is read back, and the receipt."""

    # === PRESENCE === #

    @route(f"{HOME}/<string:token>", methods=["GET"], **PAGE)
    @capture_page
    def agent_capture(self, capture, **_query):
        """Lead to where a capture is."""
        return see_other(path_of(capture, _step_of(capture)))

    @route(f"{HOME}/<string:token>/proof", methods=["GET"], **PAGE)
    @capture_page
    def agent_proof(self, capture, login="", **_query):
        """Let the person log in here, or take a photo."""
        if capture.state != "draft":
            return see_other(path_of(capture, _step_of(capture)))
        return self._show_proof(capture, code=login or capture.login_problem)

    @route(f"{HOME}/<string:token>/login", methods=["POST"], **ACTION)
    @capture_page
    def agent_login(self, capture, provider="", **_form):
        """Send the person to the provider, before the agent."""
        if capture.state != "draft" or not provider.isdecimal():
            return see_other(path_of(capture))
        return _leave(
            lambda browser: request.env["g2p.spar.login"].start_capture(
                int(provider[:9]),
                browser,
                request.httprequest.remote_addr,
                path_of(capture),
            )
        )

    @route(f"{HOME}/<string:token>/photo", methods=["POST"], **ACTION)
    @capture_page
    def agent_photo(self, capture, photo=None, **_form):
        """Take the photo of the person with the card."""
        if capture.state != "draft" or not capture.id_key:
            return see_other(path_of(capture))
        raw = photo.read(MAX_BYTES + 1) if hasattr(photo, "read") else b""
        try:
            desk().take_photo(capture, raw)
        except UnfitPhoto as error:
            return self._show_proof(
                capture, problem=say_photo(request.env, error.code), status=422
            )
        return see_other(path_of(capture))

    # === READ BACK === #

    @route(f"{HOME}/<string:token>/review", methods=["GET", "POST"], **PAGE)
    @capture_page
    def agent_review(self, capture, seen="", agreed="", **_form):
        """Read the account back; the button hands it in."""
        if _step_of(capture) != "review":
            return see_other(path_of(capture))
        if request.httprequest.method == "GET":
            return self._show_review(capture)
        if not agreed:
            problem = request.env._("Read the number aloud first, then tick the box.")
            return self._show_review(capture, problem, 422)
        verdict = desk().send(capture, seen)
        if verdict in (Verdict.ENDED, Verdict.HANDED_OVER):
            return see_other(path_of(capture, "receipt"))
        if verdict == Verdict.BUSY:
            flash(
                request.env._(
                    "Somebody else is working on this account at this moment. Wait a"
                    " minute, then try again."
                ),
                "bad",
            )
        if verdict == Verdict.CHANGED_MEANWHILE:
            flash(
                request.env._(
                    "Something was changed since you saw this page. Read everything"
                    " back once more."
                ),
                "bad",
            )
        return see_other(path_of(capture))

    @route(f"{HOME}/<string:token>/receipt", methods=["GET"], **PAGE)
    @capture_page
    def agent_receipt(self, capture, **_query):
        """Show what became of a capture, to be printed for the person."""
        if capture.state in ("draft", "proved"):
            return see_other(path_of(capture))
        return render("receipt", {"capture": capture})

    # === HELP FOR THE ROUTES === #

    def _show_proof(self, capture, code=None, problem=None, status=200):
        page = request.env["g2p.spar.page"]
        values = {
            "capture": capture,
            "frame_path": path_of(capture, "proof"),
            "base": path_of(capture),
            "providers": request.env["g2p.spar.login"].open_providers(),
            "other_person": code == "other_person",
            "failure": None,
            "problem": problem,
        }
        if code in FAILURES and code != "other_person":
            values["failure"] = page._login_failure(code)
        return render("proof", values, status)

    def _show_review(self, capture, problem=None, status=200):
        review = desk().review(capture)
        if review is None:
            return see_other(path_of(capture, "kind"))
        way = request.env["g2p.spar.change.form"].resume(capture)
        own = request.env["g2p.spar.own.account"]
        values = {
            "capture": capture,
            "frame_path": path_of(capture, "review"),
            "base": path_of(capture),
            "review": review,
            "present": own.tell_address(review.present) if review.present else None,
            "new": request.env["g2p.spar.change"].tell_new(way),
            "consent": say_consent(request.env),
            "problem": problem,
        }
        return render("review", values, status)


def _step_of(capture):
    """Return the page at which a capture is."""
    if capture.state == "draft":
        return "proof"
    if capture.state != "proved":
        return "receipt"
    way = capture.fa_type_id and request.env["g2p.spar.change.form"].resume(capture)
    return way.step.value if way else "kind"

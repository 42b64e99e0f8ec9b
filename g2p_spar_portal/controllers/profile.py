from odoo.http import Controller, request, route

from ..core.code import Verdict
from ..core.paths import HOME
from ..models import contact_words
from ..models.audit import note
from .page import ACTION, PAGE, flash, person_page, refuse, render, see_other

PROFILE = f"{HOME}/profile"
_KIND = f"{PROFILE}/<any(phone, email):kind>"
#: Changes of the language in a day: each is told to the person's contacts.
_LANGUAGES = (10, 24 * 3600)
_POST = {**ACTION, "methods": ["POST"]}


class G2PSparProfileController(Controller):
    """The pages about a person's name, contacts for notices, and language."""

    @route(PROFILE, methods=["GET"], **PAGE)
    @person_page
    def benefit_profile(self, person, **_query):
        """Show who the person is to us, and how we reach them."""
        return render("profile", request.env["g2p.spar.profile"].overview(person))

    @route(f"{PROFILE}/language", **_POST)
    @person_page
    def benefit_language(self, person, lang="", **_form):
        """Write to the person in another language, and go on in it."""
        throttle = request.env["g2p.spar.throttle"]
        if throttle.hit("language", str(person.identity_id), *_LANGUAGES):
            return refuse("too_many")
        url_code = request.env["g2p.spar.profile"].choose_language(person, lang)
        if url_code is None:
            return refuse("not_found")
        note("language", person, lang=lang)
        return request.redirect(f"/{url_code}{PROFILE}", code=303)

    # === A PHONE, AN E-MAIL ADDRESS === #

    @route(_KIND, methods=["GET"], **PAGE)
    @person_page
    def benefit_contact(self, person, kind, **_query):
        """Ask for a phone or an e-mail address."""
        return _show_form(person, kind)

    @route(f"{_KIND}/set", **_POST)
    @person_page
    def benefit_contact_set(self, person, kind, value="", **_form):
        """Send a code to a phone or an e-mail address."""
        asked = request.env["g2p.spar.contact"].ask(person, kind, value)
        note("contact_asked", person, kind=kind, outcome=asked.outcome)
        return _after_asking(person, kind, asked, value)

    @route(f"{_KIND}/again", **_POST)
    @person_page
    def benefit_contact_again(self, person, kind, **_form):
        """Send a new code to the one that waits."""
        asked = request.env["g2p.spar.contact"].ask_again(person, kind)
        if asked is None:
            return see_other(PROFILE)
        note("contact_asked", person, kind=kind, outcome=asked.outcome)
        if asked.outcome == "wait":
            return _show_code(person, kind, _wait(asked), 429)
        flash(request.env._("We sent a new code. The one before does not work now."))
        return see_other(f"{PROFILE}/{kind}/code")

    @route(f"{_KIND}/cancel", **_POST)
    @person_page
    def benefit_contact_cancel(self, person, kind, **_form):
        """Forget the one that waits, and ask for another."""
        request.env["g2p.spar.contact"].cancel(person, kind)
        return see_other(f"{PROFILE}/{kind}")

    @route(f"{_KIND}/code", methods=["GET"], **PAGE)
    @person_page
    def benefit_contact_code(self, person, kind, **_query):
        """Ask for the code that was sent."""
        return _show_code(person, kind)

    @route(f"{_KIND}/confirm", **_POST)
    @person_page
    def benefit_contact_confirm(self, person, kind, code="", **_form):
        """Take the code."""
        verdict = request.env["g2p.spar.contact"].confirm(person, kind, code)
        note("contact_code", person, kind=kind, outcome=verdict.value)
        if verdict == Verdict.RIGHT:
            flash(contact_words.confirmed(request.env, kind))
            return see_other(PROFILE)
        return _show_code(
            person, kind, contact_words.verdict(request.env, verdict), 422
        )

    @route(f"{_KIND}/remove", methods=["GET"], **PAGE)
    @person_page
    def benefit_contact_remove(self, person, kind, **_query):
        """Ask whether a contact is really to be removed."""
        shown = request.env["g2p.spar.contact"].in_use(person)
        if not shown[kind]["masked"]:
            return see_other(PROFILE)
        others = [one for one in shown if one != kind and shown[one]["masked"]]
        values = {"kind": kind, "is_last": not others, **shown[kind]}
        return render("contact_remove", values)

    @route(f"{_KIND}/removed", **_POST)
    @person_page
    def benefit_contact_removed(self, person, kind, **_form):
        """Remove a contact; a second click finds nothing to remove."""
        if request.env["g2p.spar.contact"].remove(person, kind):
            note("contact_removed", person, kind=kind)
            flash(contact_words.removed(request.env, kind))
        return see_other(PROFILE)


def _after_asking(person, kind, asked, typed):
    """Lead on to the code, or show the form again with what is wrong."""
    if asked.outcome == "sent":
        return see_other(f"{PROFILE}/{kind}/code")
    if asked.outcome == "same":
        flash(contact_words.same(request.env, kind))
        return see_other(PROFILE)
    if asked.outcome == "wait":
        return _show_form(person, kind, typed, _wait(asked), 429)
    example = request.env["g2p.spar.profile"].example()
    error = contact_words.unreadable(request.env, kind, example)
    return _show_form(person, kind, typed, error, 422)


def _wait(asked):
    return contact_words.wait(request.env, asked.seconds)


def _show_form(person, kind, typed=None, error=None, status=200):
    values = request.env["g2p.spar.profile"].form(person, kind, typed)
    frame_path = f"{PROFILE}/{kind}"
    return render(
        "contact_form", {**values, "error": error, "frame_path": frame_path}, status
    )


def _show_code(person, kind, error=None, status=200):
    """Ask for a code, or go back where none was sent."""
    waiting = request.env["g2p.spar.contact"].waiting(person, kind)
    if not waiting:
        return see_other(PROFILE)
    values = {
        "kind": kind,
        "waiting": waiting,
        "error": error,
        "frame_path": f"{PROFILE}/{kind}/code",
    }
    return render("contact_code", values, status)

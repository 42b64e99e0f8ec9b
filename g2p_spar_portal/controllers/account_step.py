from odoo.http import Controller, request, route

from ..core.paths import HOME
from .page import ACTION, PAGE, flash, person_page, refuse, render, see_other

#: Disputes that one person may report in a day; payments stop at the first.
_DISPUTES = (20, 24 * 3600)


class G2PSparAccountStepController(Controller):
    """What people do there: "this was not me", and removing the account."""

    # === THIS WAS NOT ME === #

    @route(f"{HOME}/dispute", methods=["POST"], **ACTION)
    @person_page
    def benefit_dispute(self, person, version="", **_form):
        """Stop payments to an account the person did not choose."""
        if not (version.isascii() and version.isdecimal() and len(version) <= 9):
            return refuse("not_found")
        throttle = request.env["g2p.spar.throttle"]
        if throttle.hit("dispute", str(person.identity_id), *_DISPUTES):
            return refuse("too_many")
        done = request.env["g2p.spar.own.account.step"].dispute(person, int(version))
        if done.reference:
            return see_other(f"{HOME}/dispute/{done.reference}")
        flash(_dispute_refused(done), "bad")
        return see_other(HOME)

    @route([f"{HOME}/dispute", f"{HOME}/remove/start"], methods=["GET"], **ACTION)
    def benefit_step_reloaded(self, **_query):
        """Show the overview to whoever types or reloads the address of a form."""
        return see_other(HOME)

    @route(f"{HOME}/dispute/<string:reference>", methods=["GET"], **PAGE)
    @person_page
    def benefit_dispute_told(self, person, reference, **_query):
        """Show what happens now, with the reference number."""
        return _show_done(person, reference, "suspend", "dispute_told")

    # === REMOVE === #

    @route(f"{HOME}/remove", methods=["GET"], **PAGE)
    @person_page
    def benefit_remove(self, person, **_query):
        """Ask whether the account is really to be removed."""
        account = request.env["g2p.spar.own.account"].overview(person)
        return render("remove", {"account": account})

    @route(f"{HOME}/remove/start", methods=["POST"], **ACTION)
    @person_page
    def benefit_remove_start(self, person, **_form):
        """Ask for a fresh proof of identity before the account is removed."""
        digest = request.env["g2p.spar.own.account.step"].removal_digest(person)
        if digest is None:
            return see_other(f"{HOME}/remove")
        begin = request.env["g2p.spar.step.up"].begin
        return see_other(begin(person, digest, f"{HOME}/remove/finish"))

    @route(f"{HOME}/remove/finish", methods=["GET"], **ACTION)
    @person_page
    def benefit_remove_finish(self, person, **_query):
        """Remove the account, if the proof that was asked for is there.

        The browser comes here from the provider, with a GET. What lets it happen is
        not the address but the proof: good once, for this account as it is.
        """
        step = request.env["g2p.spar.own.account.step"]
        digest = step.removal_digest(person)
        taken = digest and request.env["g2p.spar.step.up"].take(person, digest)
        if not taken:
            flash(_remove_refused(), "bad")
            return see_other(f"{HOME}/remove")
        done = step.remove(person, taken)
        if not done.reference:
            flash(_remove_refused(), "bad")
            return see_other(f"{HOME}/remove")
        return see_other(f"{HOME}/removed/{done.reference}")

    @route(f"{HOME}/removed/<string:reference>", methods=["GET"], **PAGE)
    @person_page
    def benefit_removed(self, person, reference, **_query):
        """Show that the account was removed, with the reference number."""
        return _show_done(person, reference, "unlink", "removed")


def _show_done(person, reference, step, template):
    """Show the result of one of the person's own steps, by its number."""
    own = request.env["g2p.spar.own.account"]
    version = own.version_of_reference(person, reference)
    if version.step != step:
        return refuse("not_found")
    return render(template, own.receipt(version))


def _dispute_refused(done) -> str:
    if done.cause.name == "UNCHANGED":
        return request.env._("Payments to this account are stopped already.")
    return request.env._(
        "Nothing was changed: the account is another one by now. Look at it below."
    )


def _remove_refused() -> str:
    return request.env._(
        "Nothing was removed. Your ID could not be checked, or the account changed"
        " in the meantime. Please try again."
    )

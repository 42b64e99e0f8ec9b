from odoo.http import Controller, request, route

from ..core.paths import HOME
from .page import ACTION, PAGE, flash, person_page, refuse, render, see_other

#: What one person may do in a day; payments stop at the first dispute.
_DISPUTES = _WITHDRAWALS = _RENEWALS = (20, 24 * 3600)
_OF_FORMS = [
    f"{HOME}/{name}" for name in ("dispute", "remove/start", "keep/present", "renew")
]


class G2PSparAccountStepController(Controller):
    """What people do there: "this was not me", and removing the account."""

    # === THIS WAS NOT ME === #

    @route(f"{HOME}/dispute", methods=["POST"], **ACTION)
    @person_page
    def benefit_dispute(self, person, version="", **_form):
        """Stop payments to an account the person did not choose."""
        if not _is_number(version):
            return refuse("not_found")
        throttle = request.env["g2p.spar.throttle"]
        if throttle.hit("dispute", str(person.identity_id), *_DISPUTES):
            return refuse("too_many")
        done = request.env["g2p.spar.own.account.step"].dispute(person, int(version))
        if done.reference:
            return see_other(f"{HOME}/dispute/{done.reference}")
        flash(_dispute_refused(done), "bad")
        return see_other(HOME)

    @route(_OF_FORMS, methods=["GET"], **ACTION)
    def benefit_step_reloaded(self, **_query):
        """Show the overview to whoever types or reloads the address of a form."""
        return see_other(HOME)

    @route(f"{HOME}/dispute/<string:reference>", methods=["GET"], **PAGE)
    @person_page
    def benefit_dispute_told(self, person, reference, **_query):
        """Show what happens now, with the reference number."""
        return _show_done(person, reference, "suspend", "dispute_told")

    # === KEEP IT AS IT IS === #

    @route(f"{HOME}/keep", methods=["GET"], **PAGE)
    @person_page
    def benefit_keep(self, person, **_query):
        """Ask whether the change that waits is really to be given up."""
        account = request.env["g2p.spar.own.account"].overview(person)
        if not account["situation"].may_withdraw:
            return see_other(HOME)
        return render("keep", {"account": account})

    @route(f"{HOME}/keep/present", methods=["POST"], **ACTION)
    @person_page
    def benefit_keep_present(self, person, version="", **_form):
        """Give up the change that waits, as the person pressed twice."""
        if not _is_number(version):
            return refuse("not_found")
        throttle = request.env["g2p.spar.throttle"]
        if throttle.hit("withdraw", str(person.identity_id), *_WITHDRAWALS):
            return refuse("too_many")
        done = request.env["g2p.spar.own.account.step"].withdraw(person, int(version))
        flash(*_said_of_keeping(done))
        return see_other(HOME)

    @route(f"{HOME}/renew", methods=["POST"], **ACTION)
    @person_page
    def benefit_renew(self, person, **_form):
        """Let the account go on: "still my account"."""
        throttle = request.env["g2p.spar.throttle"]
        if throttle.hit("renew", str(person.identity_id), *_RENEWALS):
            return refuse("too_many")
        done = request.env["g2p.spar.own.account.step"].renew(person)
        flash(*_said_of_renewal(done))
        return see_other(HOME)

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


def _is_number(text) -> bool:
    """Tell whether a form sent the number of an entry of the history."""
    return text.isascii() and text.isdecimal() and len(text) <= 9


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


def _said_of_keeping(done) -> tuple[str, str]:
    """What is said after a change was given up, or was not, and how."""
    if done.reference:
        return request.env._("Done. The new account will not be used."), "good"
    return request.env._(
        "This change does not wait any more. Look at your account below."
    ), "bad"


def _said_of_renewal(done) -> tuple[str, str]:
    """What is said after an account was renewed, or could not be, and how."""
    if done.reference:
        return request.env._("Thank you. Your account goes on as it is."), "good"
    return request.env._(
        "Nothing was changed. Look at your account below to see how it is now."
    ), "bad"


def _remove_refused() -> str:
    return request.env._(
        "Nothing was removed. Your ID could not be checked, or the account changed"
        " in the meantime. Please try again."
    )

"""The pages on which a person changes the account, one step a page.

Every step is a form that works without JavaScript: a GET shows it, a POST checks it
and leads on. What is chosen and typed waits on the server, in a draft that only its
person can open.
"""

from functools import wraps

from odoo.http import Controller, request, route

from odoo.addons.g2p_spar_mapper.core.reason import Cause

from ..core.change import Step
from ..core.login_rules import network_of
from ..core.paths import HOME
from ..models.change_words import say_consent, say_refusal
from ..models.g2p_spar_change import Verdict
from .page import ACTION, PAGE, flash, person_page, refuse, render, see_other

CHANGE = f"{HOME}/change"
#: Changes in an hour: of one person, and from one address, which may be a kiosk.
_PERSON_LIMIT = 10
_ADDRESS_LIMIT = 300
_HOUR = 3600
#: Searches of one person in ten minutes: a letter a second, all the time.
_SEARCHES = (600, 600)
_STEP_PATHS = [f"{CHANGE}/<string:token>/provider", f"{CHANGE}/<string:token>/branch"]


def with_way(endpoint):
    """Open the change that the path names, for its own person only.

    One that was made already shows its result, whatever page of it is asked for: the
    back button and a double click end there too.
    """

    @wraps(endpoint)
    def opened(controller, person, token, *args, **kwargs):
        way = request.env["g2p.spar.change.form"].open(person, token)
        if way is None:
            return refuse(
                "form_expired",
                404,
                action=CHANGE,
                action_label=request.env._("Begin again"),
            )
        if way.draft_sudo.state != "open" and endpoint.__name__ != "change_result":
            return see_other(path_of(way, "result"))
        return endpoint(controller, person, way, *args, **kwargs)

    return opened


def path_of(way, step):
    """Return the address of a page of one change."""
    return f"{CHANGE}/{way.draft_sudo.token}/{step}"


def searches_too_often(person):
    """Count a search, and tell whether there were too many."""
    throttle = request.env["g2p.spar.throttle"]
    return throttle.hit("search", f"person {person.identity_id}", *_SEARCHES)


class G2PSparChangeController(Controller):
    # === WHERE TO === #

    @route(CHANGE, methods=["GET", "POST"], **PAGE)
    @person_page
    def change(self, person, fa_type=None, **_kw):
        """Choose the kind of account; choosing begins the change."""
        present = request.env["g2p.spar.change"].present(person)
        if present.is_closed:
            return self._blocked(person)
        form = request.env["g2p.spar.change.form"]
        if request.httprequest.method == "POST":
            way = form.begin(person, fa_type or "")
            if way:
                return see_other(path_of(way, way.step))
        return render("change_start", {"types": form.types(), "present": present})

    @route(_STEP_PATHS, methods=["GET", "POST"], **PAGE)
    @person_page
    @with_way
    def change_choose(self, person, way, q="", code=None, **_kw):
        """Find and choose the provider, or its branch."""
        step = Step(request.httprequest.path.rpartition("/")[2])
        if not way.may_show(step):
            return see_other(path_of(way, way.step))
        problem = None
        form = request.env["g2p.spar.change.form"]
        if request.httprequest.method == "POST":
            if form.choose(way, step, code or ""):
                way = form.open(person, way.draft_sudo.token)
                return see_other(path_of(way, self._after(way, step)))
            problem = request.env._("Choose one of the list first.")
        return self._show_choice(person, way, step, q, problem)

    @route(f"{CHANGE}/<string:token>/number", methods=["GET", "POST"], **PAGE)
    @person_page
    @with_way
    def change_number(self, person, way, **post):
        """Type the number, and whatever else the kind of account has."""
        if not way.may_show(Step.NUMBER):
            return see_other(path_of(way, way.step))
        form = request.env["g2p.spar.change.form"]
        if request.httprequest.method == "GET":
            return self._show_numbers(way, form.fields_of(way))
        problems = form.type_in(way, post)
        if not problems:
            return see_other(path_of(way, Step.REVIEW))
        return self._show_numbers(way, form.fields_of(way, post, problems), 422)

    # === LOOK AND AGREE === #

    @route(f"{CHANGE}/<string:token>/review", methods=["GET", "POST"], **PAGE)
    @person_page
    @with_way
    def change_review(self, person, way, seen="", **_kw):
        """Show the account now and the new one; the button makes the change."""
        if way.step != Step.REVIEW:
            return see_other(path_of(way, way.step))
        if request.httprequest.method == "GET":
            return self._show_review(person, way)
        if self._is_too_often(person):
            return refuse("too_many")
        verdict = request.env["g2p.spar.change"].agree(person, way, seen)
        return self._follow(person, way, verdict)

    @route(f"{CHANGE}/<string:token>/finish", methods=["GET"], **ACTION)
    @person_page
    @with_way
    def change_finish(self, person, way, **_kw):
        """Back from the fresh login: make the change that it was for."""
        if way.step != Step.REVIEW:
            return see_other(path_of(way, way.step))
        verdict = request.env["g2p.spar.change"].finish(person, way)
        if verdict == Verdict.PROOF_NEEDED:
            self._say(
                request.env._(
                    "The second login was not finished, so nothing was changed. Press"
                    " the button to log in again."
                )
            )
            return see_other(path_of(way, Step.REVIEW))
        return self._follow(person, way, verdict)

    # === WHAT BECAME OF IT === #

    @route(f"{CHANGE}/<string:token>/result", methods=["GET"], **PAGE)
    @person_page
    @with_way
    def change_result(self, person, way, **_kw):
        """Say what became of a change."""
        draft = way.draft_sudo
        if draft.state == "done":
            return self._show_done(person, draft.reference)
        if draft.state == "open":
            return see_other(path_of(way, way.step))
        sentence = say_refusal(request.env, Cause(draft.cause))
        return render("change_refused", {"sentence": sentence})

    @route(f"{CHANGE}/receipt/<string:reference>", methods=["GET"], **PAGE)
    @person_page
    def change_receipt(self, person, reference, **_kw):
        """Show the result of a change again, to its own person."""
        receipt = request.env["g2p.spar.change"].receipt(person, reference)
        if receipt is None:
            return refuse("not_found")
        return render("change_receipt", {"receipt": receipt, "person": person})

    @route(
        f"{CHANGE}/receipt/<string:reference>/text",
        methods=["GET"],
        **ACTION,
    )
    @person_page
    def change_receipt_text(self, person, reference, **_kw):
        """Give the receipt as a plain text, to be kept."""
        change = request.env["g2p.spar.change"]
        receipt = change.receipt(person, reference)
        if receipt is None:
            return refuse("not_found")
        return request.make_response(
            change.write_receipt(receipt),
            [
                ("Content-Type", "text/plain; charset=utf-8"),
                (
                    "Content-Disposition",
                    f'attachment; filename="{receipt["reference"]}.txt"',
                ),
            ],
        )

    # === HELP FOR THE ROUTES === #

    def _show_done(self, person, reference):
        """Lead to the result; or home, when another request has done the very same."""
        if request.env["g2p.spar.change"].receipt(person, reference) is None:
            self._say(
                request.env._("This was asked for already. Look at your account below.")
            )
            return see_other(HOME)
        return see_other(f"{CHANGE}/receipt/{reference}")

    def _follow(self, person, way, verdict):
        """Lead on from what became of a request to make the change."""
        if verdict == Verdict.PROOF_NEEDED:
            change = request.env["g2p.spar.change"]
            return see_other(change.ask_for_proof(person, way, path_of(way, "finish")))
        if verdict in (Verdict.DONE, Verdict.REFUSED):
            return see_other(path_of(way, "result"))
        if verdict == Verdict.NOT_COMPLETE:
            return see_other(path_of(way, Step.NUMBER))
        if verdict == Verdict.CHANGED_MEANWHILE:
            self._say(
                request.env._(
                    "Something was changed since you saw this page. Nothing of yours"
                    " was sent. Look at both accounts again."
                )
            )
        if verdict == Verdict.BUSY:
            self._say(say_refusal(request.env, Cause.BUSY))
        return see_other(path_of(way, Step.REVIEW))

    def _say(self, sentence):
        flash(sentence, "bad")

    def _after(self, way, step):
        """Return the page behind a choice: the next one, seen already or not."""
        steps = way.steps
        following = steps[steps.index(step) + 1]
        return following if way.may_show(following) else way.step

    def _blocked(self, person):
        account = request.env["g2p.spar.own.account"]
        overview = account.overview(person)
        return render("change_blocked", {"overview": overview})

    def _show_choice(self, person, way, step, query, problem):
        if searches_too_often(person):
            return refuse("too_many")
        form = request.env["g2p.spar.change.form"]
        rows, has_more = form.search(way, step, query)
        chosen = way.choice.branch if step == Step.BRANCH else way.choice.provider
        values = {
            "way": way,
            "step": step,
            "label": form.label_of(way, step),
            "query": query,
            "rows": rows,
            "has_more": has_more,
            "chosen": chosen,
            "problem": problem,
            "place": form.place_of(way, step),
            "back": self._before(way, step),
            "frame_path": path_of(way, step),
        }
        return render("change_choose", values, 422 if problem else 200)

    def _before(self, way, step):
        steps = way.steps
        at = steps.index(step)
        return path_of(way, steps[at - 1]) if at else CHANGE

    def _show_numbers(self, way, fields, status=200):
        form = request.env["g2p.spar.change.form"]
        values = {
            "way": way,
            "fields": fields,
            "place": form.place_of(way, Step.NUMBER),
            "back": self._before(way, Step.NUMBER),
            "frame_path": path_of(way, Step.NUMBER),
        }
        return render("change_number", values, status)

    def _show_review(self, person, way):
        change = request.env["g2p.spar.change"]
        review = change.review(person, way)
        if review is None:
            return see_other(path_of(way, Step.NUMBER))
        if review.present.is_closed:
            return self._blocked(person)
        account = request.env["g2p.spar.own.account"]
        mapping = account.mapping(person)
        live = review.present.is_live and mapping
        foresee = request.env["g2p.spar.own.waiting"].foresee
        values = {
            "way": way,
            "review": review,
            "wait": foresee(mapping, review.address),
            "present": account.tell_address(live) if live else None,
            "new": change.tell_new(way),
            "consent": say_consent(request.env),
            "place": request.env["g2p.spar.change.form"].place_of(way, Step.REVIEW),
            "paths": {step: path_of(way, step) for step in way.steps},
            "person": person,
        }
        return render("change_review", values)

    def _is_too_often(self, person):
        """Count a change, and tell whether there were too many."""
        throttle = request.env["g2p.spar.throttle"]
        network = network_of(request.httprequest.remote_addr)
        limits = {
            f"person {person.identity_id}": _PERSON_LIMIT,
            f"address {network}": _ADDRESS_LIMIT,
        }
        # All of them are counted, also when the first is used up already.
        waits = [
            throttle.hit("change", who, most, _HOUR) for who, most in limits.items()
        ]
        return any(waits)

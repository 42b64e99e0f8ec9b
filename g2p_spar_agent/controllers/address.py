"""The pages on which the account is chosen: those of the portal, for a capture."""

from functools import wraps

from odoo.http import Controller, request, route

from odoo.addons.g2p_spar_portal.controllers import page as portal_page
from odoo.addons.g2p_spar_portal.controllers.page import ACTION, PAGE, see_other
from odoo.addons.g2p_spar_portal.core.change import Step

from ..const import HOME
from .page import capture_page, path_of, refuse, render

#: Searches of one agent in ten minutes.
_SEARCHES = (600, 600)
_STEP_PATHS = [f"{HOME}/<string:token>/provider", f"{HOME}/<string:token>/branch"]


def way_page(endpoint):
    """Give the page where a proved capture is in the choice of its account."""

    @wraps(endpoint)
    def with_way(controller, capture, /, *args, **kwargs):
        kwargs.pop("way", None)
        way = None
        if capture.state == "proved" and capture.fa_type_id:
            way = _form().resume(capture)
        if way is None:
            return see_other(path_of(capture))
        return endpoint(controller, way, *args, **kwargs)

    return capture_page(with_way)


class G2PSparAgentAddressController(Controller):
    @route(f"{HOME}/<string:token>/kind", methods=["GET", "POST"], **PAGE)
    @capture_page
    def agent_kind(self, capture, fa_type="", **_form_fields):
        """Choose the kind of account."""
        if capture.state != "proved":
            return see_other(path_of(capture))
        if request.httprequest.method == "POST":
            chosen = _form().find_type(fa_type)
            if chosen:
                capture._choose_type(chosen)
                return see_other(path_of(capture, _form().resume(capture).step))
        values = {
            "frame_path": path_of(capture, "kind"),
            "types": _form().types(),
            "capture": capture,
        }
        return render("kind", values)

    @route(_STEP_PATHS, methods=["GET", "POST"], **PAGE)
    @way_page
    def agent_choose(self, way, q="", code=None, **_kw):
        """Find and choose the provider, or its branch."""
        step = Step(request.httprequest.path.rpartition("/")[2])
        if not way.may_show(step):
            return _to(way, way.step)
        problem = None
        if request.httprequest.method == "POST":
            if _form().choose(way, step, code or ""):
                way = _form().resume(way.draft_sudo)
                following = way.steps[way.steps.index(step) + 1]
                return _to(way, following if way.may_show(following) else way.step)
            problem = request.env._("Choose one of the list first.")
        return self._show_choice(way, step, q, problem)

    @route(f"{HOME}/<string:token>/number", methods=["GET", "POST"], **PAGE)
    @way_page
    def agent_number(self, way, **post):
        """Type the number twice, and whatever else the kind of account has."""
        if not way.may_show(Step.NUMBER):
            return _to(way, way.step)
        if request.httprequest.method == "GET":
            return self._show_numbers(way, _form().fields_of(way))
        problems = _form().type_in(way, post)
        if not problems:
            return _to(way, Step.REVIEW)
        return self._show_numbers(way, _form().fields_of(way, post, problems), 422)

    # === WHILE THE AGENT TYPES === #

    @route(f"{HOME}/<string:token>/<any(providers, branches):found>", **ACTION)
    @way_page
    def agent_search(self, way, found="", q="", **_kw):
        """Find providers or branches by a few letters."""
        step = Step.BRANCH if found == "branches" else Step.PROVIDER
        if not way.may_show(step):
            return request.make_json_response({}, status=404)
        if _searches_too_often():
            return request.make_json_response({}, status=429)
        told = _form().tell_found(*_form().search(way, step, q))
        return request.make_json_response(told)

    @route(f"{HOME}/<string:token>/<string:draft>/check", methods=["POST"], **ACTION)
    @way_page
    def agent_check(self, way, name="", text="", **_kw):
        """Say what is wrong with a part while it is typed. Nothing is kept."""
        if not way.may_show(Step.NUMBER):
            return request.make_json_response({}, status=404)
        return request.make_json_response({"problem": _form().check(way, name, text)})

    # === HELP FOR THE ROUTES === #

    def _show_choice(self, way, step, query, problem):
        if _searches_too_often():
            return refuse("too_many")
        rows, has_more = _form().search(way, step, query)
        chosen = way.choice.branch if step == Step.BRANCH else way.choice.provider
        values = {
            **_values(way, step),
            "step": step,
            "label": _form().label_of(way, step),
            "query": query,
            "rows": rows,
            "has_more": has_more,
            "chosen": chosen,
            "problem": problem,
        }
        status = 422 if problem else 200
        return portal_page.render("change_choose", values, status)

    def _show_numbers(self, way, fields, status=200):
        values = {**_values(way, Step.NUMBER), "fields": fields}
        return portal_page.render("change_number", values, status)


def _form():
    return request.env["g2p.spar.change.form"]


def _to(way, step):
    return see_other(path_of(way.draft_sudo, step))


def _searches_too_often():
    throttle = request.env["g2p.spar.throttle"]
    return throttle.hit("agent_search", f"user {request.env.uid}", *_SEARCHES)


def _values(way, step):
    """Return what the pages of the portal show around a choice."""
    capture, steps = way.draft_sudo, way.steps
    at = steps.index(step)
    return {
        "way": way,
        "base": path_of(capture),
        "place": _form().place_of(way, step),
        "back": path_of(capture, steps[at - 1] if at else "kind"),
        "frame_path": path_of(capture, step),
    }

"""What the pages of a change ask for while a person types. They work without it."""

from odoo.http import Controller, request, route

from ..core.change import Step
from .change import CHANGE, searches_too_often
from .page import ACTION, person_page


class G2PSparChangeSearchController(Controller):
    @route(f"{CHANGE}/providers", methods=["GET"], **ACTION)
    @person_page
    def change_providers(self, person, draft="", q="", **_kw):
        """Find providers by a few letters."""
        return self._search(person, draft, Step.PROVIDER, q)

    @route(f"{CHANGE}/branches", methods=["GET"], **ACTION)
    @person_page
    def change_branches(self, person, draft="", q="", **_kw):
        """Find branches of the chosen provider by a few letters."""
        return self._search(person, draft, Step.BRANCH, q)

    @route(f"{CHANGE}/<string:token>/check", methods=["POST"], **ACTION)
    @person_page
    def change_check(self, person, token, name="", text="", **_kw):
        """Say what is wrong with a part while it is typed. Nothing is kept."""
        form = request.env["g2p.spar.change.form"]
        way = form.open(person, token, is_typing=True)
        if way is None or not way.may_show(Step.NUMBER):
            return self._answer({}, 404)
        if searches_too_often(person):
            return self._answer({}, 429)
        return self._answer({"problem": form.check(way, name, text)})

    def _search(self, person, token, step, query):
        form = request.env["g2p.spar.change.form"]
        way = form.open(person, token, is_typing=True)
        if way is None or not way.may_show(step):
            return self._answer({}, 404)
        if searches_too_often(person):
            return self._answer({}, 429)
        return self._answer(form.tell_found(*form.search(way, step, query)))

    def _answer(self, data, status=200):
        return request.make_json_response(data, status=status)

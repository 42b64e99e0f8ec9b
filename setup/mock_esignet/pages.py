"""The pages a person sees: who are you, prove it, may they know."""

import time

from flask import Blueprint, abort, make_response, redirect, render_template, request

from . import people, trouble, words
from .authorization import BadRequest, open_login, requested_acrs, requested_claims
from .clients import ACR
from .grants import Server, answer
from .profiles import PATHS, PATHS_2
from .store import CONSENT_SECONDS, Login

ONE_TIME_CODE = "111111"
PIN = "545411"


def make_blueprint(server: Server) -> Blueprint:
    """The pages of a server."""
    pages, part = Pages(server), Blueprint("pages", __name__)
    for paths in (PATHS, PATHS_2):
        part.get(paths["authorization_endpoint"])(pages.authorize)
    part.route("/login/<key>", methods=["GET", "POST"])(pages.who)
    part.route("/login/<key>/prove", methods=["GET", "POST"])(pages.prove)
    part.route("/login/<key>/consent", methods=["GET", "POST"])(pages.consent)
    part.post("/login/<key>/wallet")(pages.wallet)
    part.post("/login/<key>/cancel")(pages.cancel)
    return part


class Pages:
    """One method for each page; a login goes through them in order."""

    def __init__(self, server: Server):
        self.server, self.store = server, server.store

    def authorize(self):
        """Check the request; a wrong one is told here and never sent back."""
        if bad := trouble.answer(self.store, "authorize"):
            return bad
        try:
            values, pushed = self._values()
            login = open_login(self.server, values, pushed=pushed)
        except BadRequest as error:
            return self._refused(str(error))
        if self.store.behaviour.error:
            return self._back_with(login, self.store.behaviour.error)
        return redirect(f"/login/{login.id}")

    def _values(self) -> tuple[dict, bool]:
        """The request's parameters, and whether they were pushed beforehand."""
        doubled = [k for k, v in request.args.lists() if len(v) > 1]
        if doubled:
            raise BadRequest("invalid_request")
        name = request.args.get("request_uri")
        if name is None:
            return request.args.to_dict(), False
        values, expires = self.store.pushed.pop(name, ({}, 0))
        same = values.get("client_id") == request.args.get("client_id")
        if expires < time.monotonic() or not same:
            raise BadRequest("invalid_request_uri")
        return values, True

    def who(self, key: str):
        """Choose a person or type an ID."""
        login, problem = self._login(key), ""
        if request.method == "POST":
            login.person = people.find(request.form.get("number", ""))
            if login.person:
                return redirect(f"/login/{key}/prove", 303)
            problem = "bad_number"
        acrs = requested_acrs(login, self.store.behaviour.ignore_acr)
        return self._page(
            "who.html",
            login,
            people=people.PEOPLE.values(),
            wallet=f"{ACR}linked-wallet" in acrs,
            problem=problem,
        )

    def prove(self, key: str):
        """Take a one-time code and, where it was asked for, a finger."""
        login, problem = self._login(key), ""
        if login.person is None:
            return redirect(f"/login/{key}", 303)
        acrs = requested_acrs(login, self.store.behaviour.ignore_acr)
        if request.method == "POST":
            problem = self._prove(login, acrs)
            if not problem:
                return self._proven(login)
        return self._page("prove.html", login, acrs=acrs, problem=problem)

    def _prove(self, login: Login, acrs: tuple[str, ...]) -> str:
        """Note what was proven; the name of what is wrong, "" for nothing."""
        code, form = request.form.get("code", "").strip(), request.form
        satisfied = {
            f"{ACR}generated-code": code == ONE_TIME_CODE,
            f"{ACR}static-code": code == PIN,
            f"{ACR}biometrics": form.get("finger") == "on",
        }
        login.factors = tuple(acr for acr in acrs if satisfied.get(acr))
        if code and code not in (ONE_TIME_CODE, PIN):
            return "bad_code"
        return "" if login.factors else "need_factor"

    def wallet(self, key: str):
        """Pretend that a wallet answered for the first person of the list."""
        login = self._login(key)
        login.person = people.find(request.form.get("number", "")) or (
            next(iter(people.PEOPLE.values()))
        )
        login.factors, login.wallet = (f"{ACR}linked-wallet",), True
        return self._proven(login)

    def _proven(self, login: Login):
        login.auth_time = self.store.now()
        login.expires = time.monotonic() + CONSENT_SECONDS
        claims = requested_claims(login)
        kept = self.store.consents.get(self._consent_key(login))
        again = login.request.get("prompt") == "consent"
        if not claims or (
            kept and kept[0] == tuple(sorted(claims.items())) and not again
        ):
            login.consented = kept[1] if kept and claims else ()
            return self._finish(login, granted=True)
        return redirect(f"/login/{login.id}/consent", 303)

    def consent(self, key: str):
        """Ask what may be told; voluntary claims can be left out."""
        login = self._login(key)
        if not login.auth_time:
            return redirect(f"/login/{key}", 303)
        claims = requested_claims(login)
        if request.method == "GET":
            return self._page("consent.html", login, claims=claims)
        allowed = set(request.form.getlist("claim"))
        login.consented = tuple(n for n, must in claims.items() if must or n in allowed)
        kept = tuple(sorted(claims.items())), login.consented
        self.store.consents[self._consent_key(login)] = kept
        return self._finish(login, granted=True)

    def cancel(self, key: str):
        """The person does not want to."""
        return self._finish(self._login(key), granted=False)

    def _finish(self, login: Login, *, granted: bool):
        if not self.store.close_login(login):
            return self._refused("invalid_transaction")
        return redirect(answer(self.server, login, granted=granted), 303)

    def _back_with(self, login: Login, error: str):
        """Send the browser back with an error of the test's choice."""
        self.store.close_login(login)
        location = answer(self.server, login, granted=False)
        return redirect(location.replace("access_denied", error), 303)

    def _login(self, key: str) -> Login:
        login = self.store.logins.get(key)
        if login is None or login.expires < time.monotonic():
            abort(make_response(self._refused("transaction_timeout")))
        return login

    def _consent_key(self, login: Login) -> tuple[str, str]:
        return login.client.client_id, login.person.id

    def _page(self, template: str, login: Login, **values):
        language = words.language_of(login.request.get("ui_locales", ""))
        return render_template(
            template,
            login=login,
            client=login.client.name(language),
            language=language,
            words=words.WORDS[language],
            claim_words=words.CLAIMS[language],
            acr=ACR,
            **values,
        )

    def _refused(self, code: str):
        language = words.language_of(request.args.get("ui_locales", ""))
        page = render_template(
            "refused.html", code=code, language=language, words=words.WORDS[language]
        )
        return page, 400

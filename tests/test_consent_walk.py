"""A person lets an application ask, and stops it again: with a browser, a login at the
provider, a real application behind the way back, and its calls of the API."""

import json
import time
import uuid
from contextlib import contextmanager
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from clients.esignet import id_of, new_number
from clients.looks import Looks
from clients.portal import Visitor
from clients.words import item
from clients.words import new_number as new_account_number

pytestmark = pytest.mark.usefixtures("quiet_log")

CONSENTS = "/my/benefit-account/consents"


class Application:
    """A program of somebody else's: it signs requests, takes people back and asks.

    :param partner: with its web server
    :param code: what stands behind the @ of its names
    """

    def __init__(self, partner, code: str, purpose: str, key: ECKey):
        self.partner, self.code, self.purpose, self.key = partner, code, purpose, key
        self.back = f"{partner.receiver.url}/back"

    def request(self, token: str, **claims) -> str:
        """The part of an address with which it sends a person."""
        said = {
            "iss": self.partner.api.client_id,
            "aud": "g2p-spar-consent",
            "jti": uuid.uuid4().hex,
            "exp": int(time.time()) + 300,
            "purpose": self.purpose,
            "period": 90,
            "app_token": token,
            "redirect_uri": self.back,
            "state": "of-this-browser",
            **claims,
        }
        header = {"alg": "ES256", "kid": self.key.kid}
        return f"/spar/consent?request={jwt.encode(header, said, self.key)}"

    def ask(self, token: str, scope: str = "details") -> dict:
        """What it is told about the person whom it calls so."""
        [result] = self.partner.api.results(
            "resolve",
            [item(id=f"token:{token}@{self.code}", scope=scope)],
            meta={"purpose": self.purpose},
        )
        return result

    def told_of_ends(self) -> list[dict]:
        """The ends of consents that came to its callback address."""
        posted = self.partner.receiver.at("/on-consent")
        return [one for said in posted for one in said.message["message"]["consents"]]


@pytest.fixture
def application(new_listener, admin):
    """Factory of applications. :return: function of how much it is told"""

    def make(disclosure: str) -> Application:
        code = f"app-{uuid.uuid4().hex[:12]}"
        words = {"consent_text": "To try it out", "disclosure": disclosure}
        values = {"name": code, "code": code, **words}
        [purpose] = admin.call("g2p.spar.purpose", "create", [values])
        rights = dict.fromkeys(("may_link", "may_update", "may_unlink"), False)
        partner = new_listener(
            all_id_types=False, purpose_ids=[[6, 0, [purpose]]], **rights
        )
        key = ECKey.generate_key("P-256", auto_kid=True)
        public = key.as_dict(private=False) | {"use": "sig", "kid": key.kid}
        admin.register_key(partner.record, public)
        made = Application(partner, code, code, key)
        profile = {
            "may_ask_consent": True,
            "consent_name": "School Fees Online",
            "consent_code": code,
            "consent_redirects": made.back,
        }
        admin.call("g2p.spar.sender", "write", [partner.record], profile)
        return made

    return make


@pytest.fixture
def browser(chromium, spar, esignet):
    """Factory of persons whose browser may go to the application, too."""

    @contextmanager
    def opened():
        context = chromium.new_context(viewport={"width": 360, "height": 740})
        page, faults = context.new_page(), []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda said: faults.extend(
                [said.text] if "Content Security Policy" in said.text else []
            ),
        )
        yield Visitor(page, spar.base_url)
        context.close()
        assert faults == []

    return opened


def answered(person: Visitor, application: Application, button: str) -> dict:
    """Press a button of the page. :return: what the browser brings back"""
    person.page.click(f"main button:has-text('{button}')")
    person.page.wait_for_url(f"{application.back}?**")
    query = parse_qs(urlsplit(person.page.url).query)
    return {name: value for name, [value] in query.items()}


def arrive(person: Visitor, address: str, number: str) -> None:
    """Come from the application and log in."""
    person.open(address)
    person.submit("main form.buttons")
    person.pass_provider(number)
    person.sees("/spar/consent/")


def test_linking_and_withdrawal(application, browser, api, spar, axe):
    app, number, account = application("address"), new_number(), new_account_number()
    fa = f"account:{account}@indigo.dfsp1.bank_acc"
    assert api.one("link", id=id_of(number), fa=fa)["status"] == "succ"
    assert app.ask("u-17")["status_reason_code"] == "succ.id.not_found"

    with browser() as person:
        looks = Looks(person, spar.settings.run / "pictures" / "consent", True, axe)
        arrive(person, app.request("u-17"), number)
        assert "request=" not in person.page.url
        looks.at("consent-ask")
        told = answered(person, app, "Yes, I allow this")
        assert told["result"] == "agreed"
        assert told["state"] == "of-this-browser"

        found = app.ask("u-17")
        assert found["fa"] == fa
        assert found["id"] == f"token:u-17@{app.code}"
        assert id_of(number) not in json.dumps(found)

        person.open(CONSENTS)
        assert told["consent"] in person.page.content()
        looks.at("consent-list")
        receipt = person.page.request.get(
            f"{spar.base_url}{CONSENTS}/{told['consent']}.json"
        ).json()
        assert receipt["purpose"] == app.purpose
        person.page.click("main button:has-text('Stop this')")
        person.sees(CONSENTS)

    gone = app.ask("u-17")
    assert gone["fa"] is None
    assert gone["status_reason_code"] == "succ.id.not_found"
    [end] = app.partner.receiver.wait(
        lambda _receiver: app.told_of_ends(), "the end of the consent"
    )
    assert (end["consent"], end["status"]) == (told["consent"], "withdrawn")


def test_no_is_an_answer_too(application, browser):
    app, number = application("payable"), new_number()
    with browser() as person:
        arrive(person, app.request("u-18"), number)
        told = answered(person, app, "No, I do not allow this")
    assert told == {"result": "refused", "state": "of-this-browser"}
    assert app.ask("u-18", "yes_no")["status_reason_code"] == "succ.id.not_found"


def test_a_request_that_is_not_the_applications_leads_nowhere(application, browser):
    app, other = application("payable"), application("payable")
    stolen = Application(app.partner, app.code, app.purpose, other.key)
    with browser() as person:
        for address in (
            stolen.request("u-19"),
            app.request("u-19", redirect_uri="https://evil.example"),
            app.request("u-19", exp=int(time.time()) - 1),
        ):
            answer = person.open(address)
            assert answer.status == HTTPStatus.BAD_REQUEST
            assert "This link does not work" in person.page.content()
            assert person.page.url.startswith(person.base_url)

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
from clients.keyboard import Keyboard
from clients.looks import Looks
from clients.portal import HOME, Visitor
from clients.running import wait_until
from clients.words import item, new_phone
from clients.words import new_number as new_account_number

pytestmark = pytest.mark.usefixtures("quiet_log")

CONSENTS = f"{HOME}/consents"
YES, NO = "main form:has(input[value=yes])", "main form:has(input[value=no])"
STOP = "main form[action$='/withdraw']"
#: A scheduled action, and the message that it leaves to be sent.
SOON_SECONDS = 120
WALKS = pytest.mark.parametrize(
    ("language", "scripts"),
    [("en", True), ("en", False), ("ar", True), ("ar", False)],
    ids=["english", "english-no-scripts", "arabic", "arabic-no-scripts"],
)


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
    def opened(language: str = "en", scripts: bool = True):
        context = chromium.new_context(
            viewport={"width": 360, "height": 740},
            locale=language,
            java_script_enabled=scripts,
        )
        page, faults = context.new_page(), []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda said: faults.extend(
                [said.text] if "Content Security Policy" in said.text else []
            ),
        )
        yield Visitor(page, spar.base_url, language)
        context.close()
        assert faults == []

    return opened


def answered(person: Visitor, application: Application, form: str) -> dict:
    """Press a button of the page. :return: what the browser brings back"""
    person.submit(form)
    return brought_back(person, application)


def brought_back(person: Visitor, application: Application) -> dict:
    """What the browser brings back to the application."""
    person.page.wait_for_url(f"{application.back}?**")
    query = parse_qs(urlsplit(person.page.url).query)
    return {name: value for name, [value] in query.items()}


def arrive(person: Visitor, address: str, number: str) -> None:
    """Come from the application, which knows of no languages, and log in."""
    person.page.goto(f"{person.base_url}{address}")
    person.submit("main form.buttons")
    person.pass_provider(number)
    person.sees("/spar/consent/")


def nobody(application: Application, token: str, scope: str = "details") -> bool:
    """Whether the application is told no more than of an ID that nobody linked."""
    told, of_nobody = application.ask(token, scope), application.ask("nobody", scope)
    assert of_nobody["status_reason_code"] == "succ.id.not_found"
    names = set(told) - {"id", "reference_id", "timestamp"}
    return all(told[name] == of_nobody[name] for name in names)


@WALKS
def test_linking_and_withdrawal(
    application, browser, api, spar, axe, language, scripts
):
    """The page of the question, what follows from yes, and the end with one tap."""
    app, number, account = application("address"), new_number(), new_account_number()
    fa = f"account:{account}@indigo.dfsp1.bank_acc"
    assert api.one("link", id=id_of(number), fa=fa)["status"] == "succ"
    assert nobody(app, "u-17")

    with browser(language, scripts) as person:
        folder = spar.settings.run / "pictures" / "consent"
        looks = Looks(person, folder, scripts, axe if scripts else None)
        arrive(person, app.request("u-17"), number)
        assert "request=" not in person.page.url
        looks.at("consent-ask")
        told = answered(person, app, YES)
        assert told["result"] == "agreed"
        assert told["state"] == "of-this-browser"

        found = app.ask("u-17")
        assert found["fa"] == fa
        assert found["id"] == f"token:u-17@{app.code}"
        assert id_of(number) not in json.dumps(found)

        person.open(CONSENTS)
        assert told["consent"] in person.page.content()
        looks.at("consent-list")
        address = f"{spar.base_url}{CONSENTS}/{told['consent']}"
        receipt = person.page.request.get(f"{address}.json").json()
        assert receipt["purpose"] == app.purpose
        assert told["consent"] in person.page.request.get(f"{address}.txt").text()
        person.submit(STOP)
        person.page.locator(STOP).wait_for(state="detached")
        looks.at("consent-stopped")

    assert nobody(app, "u-17")
    assert ended(app, told) == "withdrawn"


def ended(application: Application, told: dict) -> str:
    """Wait until the application is told of an end. :return: how it came"""
    [end] = application.partner.receiver.wait(
        lambda _receiver: application.told_of_ends(), "the end of the consent"
    )
    assert end["consent"] == told["consent"]
    return end["status"]


def test_its_time_ends_it(application, browser, api, spar, esignet):
    """The clock ends it at once; a job deletes the link and tells both."""
    app, number, phone = application("masked"), new_number(), new_phone()
    fa = f"account:{new_account_number()}@indigo.dfsp1.bank_acc"
    linked = api.one("link", id=id_of(number), fa=fa, phone_number=phone)
    assert linked["status"] == "succ"
    with browser() as person:
        arrive(person, app.request("u-20"), number)
        told = answered(person, app, YES)
        assert app.ask("u-20")["additional_info"]

        spar.rows(
            "UPDATE g2p_spar_consent SET until = date_trunc('second', now()"
            " AT TIME ZONE 'utc')"
            " WHERE reference = %s RETURNING id",
            told["consent"],
        )
        assert nobody(app, "u-20")
        assert not app.told_of_ends()
        spar.run_actions(["g2p_spar_consent.ir_cron_expire"])

        assert ended(app, told) == "expired"
        wait_until(
            lambda: [
                message
                for message in esignet.messages(phone)
                if told["consent"] in message["text"]
                and "The time is over" in message["text"]
            ],
            "the person is told",
            SOON_SECONDS,
        )
        [row] = spar.rows(
            "SELECT state, token_key FROM g2p_spar_consent WHERE reference = %s",
            told["consent"],
        )
        assert row == {"state": "expired", "token_key": None}
        person.open(CONSENTS)
        assert person.page.locator(STOP).count() == 0
        assert told["consent"] in person.page.content()


def test_by_keyboard_alone(application, browser):
    """Yes and the end of it with Tab and Enter."""
    app, number = application("payable"), new_number()
    with browser() as person:
        keys = Keyboard(person)
        arrive(person, app.request("u-21"), number)
        keys.go_to(f"{YES} button")
        keys.press("Enter")
        assert brought_back(person, app)["result"] == "agreed"
        person.open()
        keys.go_to(f"nav.tabs a[href$='{CONSENTS}']")
        keys.press("Enter")
        person.sees(CONSENTS)
        keys.go_to(f"{STOP} button")
        keys.press("Enter")
        person.page.locator(STOP).wait_for(state="detached")


def test_no_is_an_answer_too(application, browser):
    app, number = application("payable"), new_number()
    with browser() as person:
        arrive(person, app.request("u-18"), number)
        told = answered(person, app, NO)
    assert told == {"result": "refused", "state": "of-this-browser"}
    assert nobody(app, "u-18", "yes_no")


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

"""A really running system for the black-box tests, and clients of it.

One server with two workers and one PostgreSQL of their own, below the run folder, for
the whole session; ended at its end.
"""

import os
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from clients.api import Api
from clients.desk import WIDE, Desk, log_in
from clients.esignet import MockEsignet
from clients.logbook import assert_no_complaint, assert_no_private_data
from clients.partner import Partner
from clients.portal import Visitor
from clients.portal_http import Browser as PortalBrowser
from clients.providers import Providers
from clients.receiver import Receiver
from clients.running import Running
from clients.staff import Staff
from spar_env import node
from spar_env.browser import VARIABLE, ensure
from spar_env.server import free_port
from spar_env.settings import Settings

SHORTEST_LIFE_SECONDS = 60
# A page may be slow beside other work; only a test that fails waits as long.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def spar():
    """The running system."""
    usual = Settings.from_environment()
    running = Running(
        replace(
            usual,
            run=usual.run / "blackbox",
            db="spar_blackbox",
            port=free_port(),
            esignet_port=free_port(),
            mail_port=free_port(),
            workers=2,
        )
    )
    running.up()
    yield running
    running.down()


@pytest.fixture(scope="session")
def api(spar) -> Api:
    """The demonstration's partner, who may do everything but find persons."""
    return Api(spar.base_url, *spar.credentials())


@pytest.fixture(scope="session")
def login(spar):
    """Factory of logged-in staff; of the demonstration's, password and log-in agree."""

    def log_in(name: str) -> Staff:
        return Staff(spar.base_url, spar.settings.db, name, name)

    return log_in


@pytest.fixture(scope="session")
def admin(login) -> Staff:
    """The administrator."""
    return login("spar_admin")


@pytest.fixture(scope="session")
def officer(login) -> Staff:
    """A registry officer."""
    return login("spar_officer")


@pytest.fixture(scope="session")
def new_partner(spar, admin):
    """Factory of partners, made by the administrator as in the form.

    :return: function of field values -> (record id, Api)
    """

    def make(**values) -> tuple[int, Api]:
        name = f"bb-{uuid.uuid4().hex[:12]}"
        rights = dict.fromkeys(("may_link", "may_update", "may_unlink"), True)
        values = {"name": name, "mnemonic": name, "all_id_types": True, **rights} | (
            values
        )
        [record] = admin.call("g2p.spar.sender", "create", [values])
        shown = admin.call("g2p.spar.sender", "action_new_secret", [record])["context"]
        client = shown["default_client_id"], shown["default_secret"]
        return record, Api(spar.base_url, *client)

    return make


@pytest.fixture
def recovering(spar):
    """Leave a system that serves; whatever it logged names nobody."""
    begin = spar.log_size()
    yield
    assert_no_private_data(spar.log_since(begin))
    spar.bring_back()


@pytest.fixture
def new_listener(new_partner, admin):
    """Factory of partners with a web server, which the registry may call.

    The server listens on loopback; the administrator allows that one port.

    :return: function of field values -> Partner
    """
    with ExitStack() as open_servers:

        def make(**values) -> Partner:
            receiver = open_servers.enter_context(Receiver())
            admin.allow_loopback(receiver.port)
            record, api = new_partner(callback_url=receiver.url, **values)
            return Partner(api, receiver, record)

        yield make


@pytest.fixture(scope="session")
def aging_token(new_partner) -> tuple[str, float]:
    """A token with the shortest life there is, and when it is over (monotonic).

    It is issued once and ages while other tests run.
    """
    _record, partner = new_partner(token_lifetime=SHORTEST_LIFE_SECONDS)
    issued = time.monotonic()
    return partner.new_token(), issued + SHORTEST_LIFE_SECONDS


@pytest.fixture
def quiet_log(spar, aging_token):
    """Fail a test during which the server complained or logged somebody's data.

    Every test uses it, so the token that must age begins to with the first.
    """
    begin = spar.log_size()
    yield
    text = spar.log_since(begin)
    assert_no_complaint(text)
    assert_no_private_data(text)


# === THE PORTAL === #


@pytest.fixture(scope="session")
def chromium(spar):
    """A Chromium: the one that is named, the installed one, or one installed now."""
    program = os.environ.get(VARIABLE) or ensure(spar.settings)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"]
        )
        yield started
        started.close()


@pytest.fixture(scope="module")
def logged_in(chromium, spar):
    """Factory of browsers by member of staff; each logs in once."""
    return cache(lambda who: log_in(chromium, spar.base_url, who))


@pytest.fixture
def desk(logged_in, spar):
    """Factory of windows of a member of staff; no screen may have failed at the end.

    :return: function of the log-in, and of size and kind of :class:`Desk`
    """
    desks = []

    def sit_down(who: str, size=WIDE, kind=Desk, folder: str = "") -> Desk:
        pictures = spar.settings.run / "pictures" / folder
        desks.append(kind(logged_in(who), spar.base_url, size, pictures))
        return desks[-1]

    yield sit_down
    for one in desks:
        assert one.errors == []
        assert one.page.locator(".o_error_dialog").count() == 0
        one.page.close()


@pytest.fixture(scope="session")
def node_modules(spar) -> Path:
    """The npm packages that tests use."""
    return node.packages(spar.settings)


@pytest.fixture(scope="session")
def axe(node_modules) -> str:
    """The source of axe-core."""
    return (node_modules / "axe-core" / "axe.min.js").read_text()


@pytest.fixture
def esignet(spar):
    """The provider of the demonstration, in good health before and after the test."""
    mock = MockEsignet(spar.settings.esignet_url)
    mock.reset()
    yield mock
    mock.reset()


@pytest.fixture
def browser(spar) -> PortalBrowser:
    """A browser that was never here."""
    return PortalBrowser(spar.base_url)


@pytest.fixture
def providers(login, esignet, spar) -> Iterator[Providers]:
    """Factory of provider records; none is offered after the test."""
    made = Providers(login("admin"), esignet, spar.base_url)
    yield made
    made.close()


@pytest.fixture
def visitor(chromium, spar, esignet):
    """Factory of persons, each with a browser of his or her own.

    Nothing may have failed in them, and nothing but portal and provider was called.

    :return: function of language, width, address of another provider than the
        demonstration's and options of the browser -> Visitor
    """
    opened = []

    def visit(language="en", width=360, provider="", **options) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": 740}, **options
        )
        page, faults = context.new_page(), []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.extend(_violations(said.text)))
        own = (spar.base_url, provider or esignet.url, "data:")
        page.on(
            "request",
            lambda request: faults.extend(
                [] if request.url.startswith(own) else [request.url]
            ),
        )
        opened.append((context, faults))
        return Visitor(page, spar.base_url, language)

    yield visit
    for context, faults in opened:
        context.close()
        assert faults == []


def _violations(text: str) -> list[str]:
    return [text] if "Content Security Policy" in text else []

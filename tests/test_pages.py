"""The partner console and the contract, in a browser that reaches nobody else.

Every test saves pictures below the run folder (``blackbox/pictures``) to be looked at.
"""

import json
import re
import uuid

import pytest
from playwright.sync_api import expect

from clients.desk import SIZES, WIDE
from clients.receiver import Receiver
from clients.words import new_account, new_person

pytestmark = pytest.mark.usefixtures("quiet_log")

CONTACT = "spar_contact"
ANSWER_MS = 20_000


@pytest.fixture
def window(chromium, spar):
    """Factory of windows; nothing may have failed in them, nothing left the server."""
    opened = []

    def open_window(size=WIDE, language="en-US"):
        width, height = size
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale=language
        )
        page, faults = context.new_page(), []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: faults.extend(_foreign(spar, request.url)))
        page.route("**/*", lambda route: _let_through(spar, route))
        opened.append((context, faults))
        return page

    yield open_window
    for context, faults in opened:
        context.close()
        assert faults == []


def _foreign(spar, url: str) -> list[str]:
    return [] if url.startswith((spar.base_url, "data:")) else [url]


def _let_through(spar, route):
    if _foreign(spar, route.request.url):
        route.abort()
    else:
        route.continue_()


@pytest.fixture(scope="module")
def change_sandbox(admin):
    """Change the demonstration's sandboxed partner, as its administrator would."""
    domain = [("mnemonic", "=", "demo.sandbox")]
    ids = admin.call("g2p.spar.sender", "search", domain)
    return lambda **values: admin.call("g2p.spar.sender", "write", ids, values)


@pytest.fixture
def callbacks(admin, change_sandbox):
    """The web server of the demonstration's sandbox, while the test runs."""
    with Receiver() as receiver:
        admin.allow_loopback(receiver.port)
        change_sandbox(callback_url=receiver.url)
        yield receiver
    change_sandbox(callback_url=False)


def open_console(page, spar):
    """Log the person of the partner in, with the keyboard alone."""
    page.goto(f"{spar.base_url}/spar/v1/console")
    page.fill("input#login", CONTACT)
    page.fill("input#password", CONTACT)
    page.press("input#password", "Enter")
    expect(page.locator("#limits dt").first).to_be_visible(timeout=ANSWER_MS)


def send(page, operation: str, mode: str = "sync", **fields) -> dict:
    """Fill an example in, send it, and return the answer as it is shown."""
    page.select_option("#operation", operation)
    page.check(f"input[name=mode][value={mode}]")
    message = json.loads(page.input_value("#message"))
    message["header"]["message_id"] = f"console-{uuid.uuid4().hex}"
    message["message"][f"{operation}_request"][0] |= fields
    page.fill("#message", json.dumps(message))
    with page.expect_response("**/console/send"):
        page.get_by_role("button", name=re.compile("Send|Envoyer")).press("Enter")
    expect(page.locator("#send")).to_be_enabled()
    return json.loads(page.locator("#answer").inner_text())


def picture(page, spar, name: str):
    """Save what the window shows, whole."""
    folder = spar.settings.run / "pictures"
    folder.mkdir(exist_ok=True)
    width = page.viewport_size["width"]
    page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@SIZES
def test_console_tries_operations_out(window, spar, api, change_sandbox, size):
    """What was linked is found in the console, and nowhere else."""
    change_sandbox(sign_answers="ES256")
    page, person, account = window(size), new_person(), new_account()
    open_console(page, spar)
    answer = send(page, "link", id=person, fa=account)
    assert answer["header"]["status"] == "succ"
    found = send(page, "resolve", id=person)
    assert found["message"]["resolve_response"][0]["fa"] == account
    expect(page.locator("#headers")).to_contain_text("Signature")
    expect(page.locator("#answer-title")).to_be_focused()
    picture(page, spar, "console")
    assert not api.one("resolve", id=person, scope="details").get("fa")


def test_console_shows_callbacks_as_they_arrive(window, spar, callbacks):
    page, person = window(), new_person()
    open_console(page, spar)
    answer = send(page, "link", "async", id=person, fa=new_account())
    assert answer["message"]["ack_status"] == "ACK"
    name = answer["message"]["correlation_id"]
    button = page.locator(f"button[aria-label*='{name}']")
    line = page.locator("#callbacks tr", has=button)
    expect(line).to_contain_text("Delivered", timeout=ANSWER_MS)
    button.press("Enter")
    expect(page.locator("#callback-body")).to_contain_text(person)
    expect(page.locator("#callback-title")).to_be_focused()
    picture(page, spar, "console-callback")


def test_console_shows_refusals_as_programs_get_them(window, spar):
    page = window()
    open_console(page, spar)
    page.fill("#message", "no JSON")
    page.get_by_role("button", name="Send").press("Enter")
    expect(page.locator("#status")).to_contain_text("HTTP 400")
    expect(page.locator("#answer")).to_contain_text("err.request.bad")


def test_console_refuses_staff_without_a_partner(window, spar):
    page = window()
    page.goto(f"{spar.base_url}/spar/v1/console")
    page.fill("input#login", "spar_officer")
    page.fill("input#password", "spar_officer")
    page.press("input#password", "Enter")
    expect(page.locator("#none-title")).to_be_visible(timeout=ANSWER_MS)
    assert page.locator("#message").count() == 0


@SIZES
def test_contract_is_drawn_without_the_internet(window, spar, api, size):
    """And a call from it carries the token that was typed."""
    page = window(size)
    page.goto(f"{spar.base_url}/spar/v1/docs")
    expect(page.locator(".opblock").first).to_be_visible(timeout=ANSWER_MS)
    picture(page, spar, "contract")
    page.fill("#token", api.new_token())
    path = "/spar/v1/mapper/sync/resolve"
    block = page.locator(".opblock", has=page.locator(f'[data-path="{path}"]'))
    block.locator(".opblock-summary-control").press("Enter")
    block.get_by_role("button", name="Try it out").press("Enter")
    block.get_by_role("button", name="Execute").press("Enter")
    status = block.locator(".live-responses-table .response-col_status").nth(1)
    expect(status).to_contain_text(re.compile("200|400"), timeout=ANSWER_MS)

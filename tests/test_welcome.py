"""What the demonstration prints is true: done as it stands, word for word."""

import json
import re
import subprocess

import pytest
from playwright.sync_api import Page, expect

from clients.words import new_number

pytestmark = pytest.mark.usefixtures("quiet_log")

SECONDS = 60
TIMEOUT_MS = 40_000
#: What is printed of a person -> what the person's own page says first.
TOLD = {
    "has no account yet": "You have not chosen an account yet",
    "has a bank account": "Your money goes to this account",
    "has a mobile wallet": "Your money goes to this account",
    "waits: the payments are on hold": "Your money is waiting",
    "said that a change was not theirs: payments are stopped": "Payments are stopped",
    "has an account that is no longer good": "No money goes to this account any more",
}
PAIRING_CODE = re.compile(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b")
SECTION = r"^{}.*?(?=^$)"


class Beneficiary:
    """The section for beneficiaries, done in a browser by its words alone.

    :param text: all that was printed
    """

    def __init__(self, text: str):
        said = section(text, "Log in as a beneficiary")
        [(self.address, self.button)] = re.findall(
            r'1\. Open (\S+)\s+and click "(.+?)"', said
        )
        listed = said.partition("2. Click a person:")[2].partition("  3.")[0]
        self.people = dict(re.findall(r"^ +(\w+ \w+) +(.+)$", listed, re.MULTILINE))
        [(self.code, self.go_on, self.allow)] = re.findall(
            r'3\. Type the code (\d+) and click "(.+?)"\.\s+The first time .*?'
            r'click "(.+?)"',
            said,
            re.DOTALL,
        )
        [(self.finger, self.go_on_again)] = re.findall(
            r'asks once more: click the same person, tick\s+"(.+?)" and click "(.+?)"',
            said,
        )
        [self.inbox] = re.findall(r"Text messages and mails .*: (\S+)$", said, re.M)

    def log_in(self, page: Page, person: str, *, first: bool) -> None:
        """Take the three clicks."""
        page.goto(self.address)
        click(page, self.button)
        self.choose(page, person)
        page.get_by_role("textbox").fill(self.code)
        click(page, self.go_on)
        if first:
            click(page, self.allow)
        page.wait_for_url(self.address)

    def choose(self, page: Page, person: str) -> None:
        """Click a person."""
        page.get_by_role("button", name=person).click()

    def prove(self, page: Page, person: str) -> None:
        """Prove it once more."""
        self.choose(page, person)
        page.get_by_label(self.finger, exact=True).check()
        click(page, self.go_on_again)


def section(text: str, begin: str) -> str:
    """The lines from one that begins so to the next empty one."""
    return re.search(SECTION.format(re.escape(begin)), text, re.M | re.S)[0]


def click(page: Page, words: str) -> None:
    """Click the button with these words."""
    page.get_by_role("button", name=words, exact=True).click()


def enter(page: Page, address: str, login: str) -> None:
    """Log in as a member of staff; the password is the log-in."""
    page.goto(address, wait_until="domcontentloaded")
    page.fill("input#login", login)
    page.fill("input#password", login)
    page.press("input#password", "Enter")
    page.wait_for_selector(".o_main_navbar", timeout=1000 * SECONDS)


@pytest.fixture(scope="module")
def printed(spar) -> str:
    """What the demonstration printed when it was brought up."""
    return spar.printed


@pytest.fixture
def window(chromium):
    """Factory of windows, each of somebody else."""
    opened = []

    def open_window() -> Page:
        context = chromium.new_context(locale="en-US")
        context.set_default_timeout(TIMEOUT_MS)
        opened.append(context)
        return context.new_page()

    yield open_window
    for context in opened:
        context.close()


def test_three_clicks_for_each_person(printed, window, esignet):
    """Everybody gets in, and is what was printed of them."""
    beneficiary = Beneficiary(printed)
    seen = {}
    for person, told in beneficiary.people.items():
        page = window()
        beneficiary.log_in(page, person, first=True)
        said = page.locator("#state").inner_text()
        seen[told] = next((one for one in TOLD.values() if said.startswith(one)), said)
        expect(page.get_by_text(person).first).to_be_visible()
    assert seen == TOLD


def test_the_second_time_and_a_change(printed, window, esignet, visitor):
    """Nobody asks twice what may be told; a change wants a proof, and is told of."""
    beneficiary = Beneficiary(printed)
    person = next(name for name, told in beneficiary.people.items() if "wallet" in told)
    beneficiary.log_in(window(), person, first=True)
    one = visitor()
    beneficiary.log_in(one.page, person, first=False)
    one.open("/my/benefit-account/change")
    one.choose_bank()
    one.type_number(new_number())
    one.agree()
    beneficiary.prove(one.page, person)
    reference = one.reference()
    page = window()
    page.goto(beneficiary.inbox)
    # The page looks again by itself.
    told = page.get_by_text(reference).first
    expect(told).to_be_visible(timeout=1000 * SECONDS)


def test_staff(printed, window):
    """Each log-in of staff opens the back office with itself as the password."""
    said = section(printed, "Log in as a member of staff")
    address = re.search(r"staff at (\S+)", said)[1]
    logins = re.findall(r"^  (\w+) +\w", said, re.M)
    assert len(logins) == 6
    for login in logins:
        enter(window(), address, login)


def test_field_agent(printed, window):
    """A device is paired as it is told, and then the agent is at work."""
    said = section(printed, "Log in as a field agent")
    [staff, agents] = re.findall(r"https?://\S+?(?=,?\s)", said)
    manager, agent = re.findall(r"as (spar_\w+)", said)
    device, button = re.findall(r'"(.+?)"', said)
    page = window()
    enter(page, staff, manager)
    page.get_by_role("cell", name=device, exact=True).click()
    click(page, button)
    shown = page.locator(".o_notification").get_by_text(PAIRING_CODE).inner_text()
    [code] = PAIRING_CODE.findall(shown)
    page = window()
    page.goto(agents)
    page.fill("input#login", agent)
    page.fill("input#password", agent)
    page.press("input#password", "Enter")
    page.fill("#code", code)
    page.locator("main button[type=submit]").click()
    expect(page.locator("#number")).to_be_visible()


def test_curl_lines(printed):
    """The lines, pasted into a shell, link somebody and ask where to pay."""
    lines = printed.partition("Paste these three lines")[2].splitlines()[1:]
    commands = [line for line in lines if line.startswith(("TOKEN=", "curl "))]
    assert len(commands) == 3
    done = subprocess.run(
        ["bash", "-c", "\n".join(commands)],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    _person, linked, resolved = done.stdout.splitlines()
    assert json.loads(linked)["header"]["status"] == "succ"
    [result] = json.loads(resolved)["message"]["resolve_response"]
    assert result["status"] == "succ"
    assert result["fa"] in "\n".join(commands)

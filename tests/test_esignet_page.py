"""The page on connecting an eSignet is true: done as it stands, by its words.

Its commands are typed in a shell, what it says of screens is done in a browser; names
of fields, tabs and buttons are taken from the page.
"""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from clients.desk import log_in
from clients.esignet import id_of, number_of
from clients.portal import HOME
from clients.providers import MODEL

pytestmark = pytest.mark.usefixtures("quiet_log")

PAGE = Path(__file__).resolve().parents[1] / "docs" / "connect-your-esignet.md"
TEXT = PAGE.read_text()
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| \*\*(.+?)\*\* \| `(\w+)` \|$", re.MULTILINE)
PROFILE = "eSignet 1.8"
SECONDS = 60
TIMEOUT_MS = 20_000


class Shell:
    """Types the page's commands, each section's in a shell of its own.

    :param folder: where they are typed
    :param programs: folder of the Python that the page needs
    """

    def __init__(self, folder: Path, programs: Path):
        self.folder, self.programs = folder, programs

    def type(self, section: int) -> str:
        """Type a section's commands, after those that set the addresses."""
        commands = BLOCK.findall(part(1)) if section > 1 else []
        commands += BLOCK.findall(part(section))
        done = subprocess.run(
            ["bash", "-c", "\n".join(["set -e", *commands])],
            cwd=self.folder,
            env={**os.environ, "PATH": f"{self.programs}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


class Screen:
    """The form of a provider, used by the words of the page."""

    def __init__(self, page: Page, base_url: str):
        self.page, self.base_url = page, base_url
        page.set_default_timeout(TIMEOUT_MS)

    def open(self, profile: str) -> None:
        """Go through the menu to the profile of a release."""
        self.page.goto(f"{self.base_url}/odoo/spar-mappings")
        self.page.wait_for_selector(".o_view_controller")
        root, *path = re.search(r"\*(Payment .*?)\*", part(3))[1].split(" → ")
        assert root == "Payment Accounts"
        for words in path:
            found = self.page.get_by_text(words, exact=True)
            found.locator("visible=true").first.click()
        self.page.get_by_role("cell", name=profile, exact=True).click()
        self.page.wait_for_selector(".o_form_view")

    def tab(self, words: str) -> None:
        """Open a tab."""
        self.page.get_by_role("tab", name=bold(words)).click()

    def field(self, words: str) -> Locator:
        """A field by its label; one with a help has a question mark there."""
        label = self.page.locator(
            "label.o_form_label", has_text=re.compile(rf"^{re.escape(bold(words))}\??$")
        ).locator("visible=true")
        return self.page.locator(f"[id='{label.first.get_attribute('for')}']")

    def press(self, words: str) -> None:
        """Press a button."""
        button = self.page.get_by_role("button", name=bold(words), exact=True)
        button.locator("visible=true").last.click()

    def save(self) -> None:
        """Save the record, which the form may be about to do by itself."""
        self.page.locator(".o_form_button_save").first.dispatch_event("click")
        expect(self.page.locator(".o_form_status_indicator_buttons")).to_be_hidden()

    def add_key(self) -> None:
        """Add a key that is made here, and put it in use."""
        keys = self.page.locator("[name='spar_key_ids']")
        keys.locator(".o_field_x2many_list_row_add a").click()
        dialog = self.page.locator(".modal")
        source = dialog.locator("[name='source'] input")
        expect(source).to_have_value(bold("Made Here"))
        dialog.locator(".o_form_button_save").click()
        expect(dialog).to_have_count(0)
        self.save()
        keys.locator(".o_data_row .o_data_cell").first.click()
        self.press("Use")
        confirmation = self.page.locator(".modal", has_text="Is the public key")
        confirmation.locator(".btn-primary").click()
        expect(confirmation).to_have_count(0)
        if dialog.count():
            dialog.locator(".btn-close").first.click()
        expect(dialog).to_have_count(0)

    def to_register(self, words: str) -> str:
        """What the test of the provider shows below its checks."""
        label = self.page.locator(".modal label", has_text=bold(words)).first
        name = label.get_attribute("for").rpartition("_")[0]
        return self.page.locator(f".modal [name='{name}']").inner_text().strip()


def part(number: int) -> str:
    """The text of a section."""
    return re.search(rf"^## {number}\. .*?(?=^## |\Z)", TEXT, re.M | re.S)[0]


def bold(words: str) -> str:
    """Words that the page prints in bold: it names what is used."""
    assert f"**{words}**" in " ".join(TEXT.split()), words
    return words


@pytest.fixture
def shell(spar, tmp_path) -> Shell:
    """Where the page's commands are typed."""
    (tmp_path / ".run").symlink_to(spar.settings.run)
    return Shell(tmp_path, spar.settings.venv / "bin")


@pytest.fixture
def screen(chromium, spar, admin):
    """The administrator's window; afterwards the profile is as it was."""
    plain = ("boolean", "char", "integer", "selection", "text")
    facts = admin.call(MODEL, "fields_get", [], ["type", "readonly", "store"])
    names = [
        name
        for name, fact in facts.items()
        if fact["type"] in plain and fact["store"] and not fact["readonly"]
    ]
    [before] = admin.call(MODEL, "search_read", [("name", "=", PROFILE)], names)
    context = log_in(chromium, spar.base_url, "spar_admin")
    yield Screen(context.new_page(), spar.base_url)
    context.close()
    admin.call(MODEL, "write", [before.pop("id")], before)


def test_from_the_discovery_to_a_login(shell, screen, visitor, esignet, spar):
    """All sections in their order; a person is the other party's own to the portal."""
    esignet.release("1.8")
    assert shell.type(1).strip().endswith(esignet.url)
    shell.type(2)
    told = json.loads((shell.folder / "esignet.json").read_text())

    screen.open(PROFILE)
    screen.tab("1. The Provider")
    screen.page.get_by_label(bold("Push Requests")).first.check()
    for words, name in ROW.findall(part(3)):
        screen.field(words).fill(told[name])
    address = f"{esignet.url}/.well-known/openid-configuration"
    screen.field("Discovery Address").fill(address)
    screen.tab("2. How We Prove Who We Are")
    screen.field("Client ID").fill("my-portal")
    screen.save()

    screen.add_key()
    screen.press("Test This Provider")
    expect(screen.page.locator(".modal .alert-danger")).to_be_visible()
    assert screen.to_register("Redirect Address to Register") == (
        f"{spar.base_url}/spar/oidc/callback"
    )
    key = screen.to_register("Public Key to Register")
    (shell.folder / "public-key.json").write_text(key)
    shell.type(5)

    screen.press("Test Again")
    expect(screen.page.locator(".modal .alert-danger")).to_be_hidden()
    screen.page.locator(".modal .btn-close").first.click()
    screen.field("Offered on the Portal").check()
    screen.save()

    person = visitor()
    person.open()
    button = person.page.get_by_role("button", name="Log in with the national ID")
    button.click()
    expect(person.page.get_by_text("My ministry").first).to_be_visible()
    person.pass_provider(number_of("bank"))
    person.sees(HOME)
    # Another relying party: the same person is somebody else.
    assert spar.mapping(id_of(number_of("bank")))["state"] == "active"
    expect(person.page.locator("#state")).to_contain_text("not chosen an account")


def test_nothing_is_left_that_nobody_typed():
    """Each block of commands stands in a section that is typed."""
    typed = sum((BLOCK.findall(part(number)) for number in (1, 2, 5)), [])
    assert typed == BLOCK.findall(TEXT)
    assert set(re.findall(r"^```(\w+)$", TEXT, re.MULTILINE)) == {"sh"}

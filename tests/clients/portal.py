"""A person in front of the portal, with a browser.

Everything is found by what does not depend on the language: names of fields,
addresses of links, order on the page.
"""

from pathlib import Path

from playwright.sync_api import Page, expect

HOME = "/my/benefit-account"
TIMEOUT_MS = 15_000
CODE = "111111"
#: Path prefix of a language, the tag its pages carry, and their direction.
LANGUAGES = {"en": ("", "en-US", "ltr"), "ar": ("/ar", "ar-001", "rtl")}


class Visitor:
    """One window of one person.

    :param Page page: a window of a context of the person's own
    :param base_url: address of the portal, without a trailing slash
    :param language: a key of ``LANGUAGES``
    """

    def __init__(self, page: Page, base_url: str, language: str = "en"):
        self.page, self.base_url, self.language = page, base_url, language
        page.set_default_timeout(TIMEOUT_MS)

    # === GETTING AROUND === #

    def open(self, path: str = HOME):
        """Open a page of the portal in the person's language."""
        prefix = LANGUAGES[self.language][0]
        return self.page.goto(f"{self.base_url}{prefix}{path}")

    def follow(self, address: str) -> None:
        """Click the first link of the page that leads to an address."""
        self.page.locator(f"main a[href*='{address}']").first.click()

    def submit(self, form: str = "main form") -> None:
        """Press the last button of a form that sends it."""
        self.page.locator(f"{form} button[type=submit]:visible").last.click()

    @property
    def path(self) -> str:
        """Where the window is: path without language and query."""
        path = self.page.url.removeprefix(self.base_url).split("?")[0]
        return path.removeprefix(LANGUAGES[self.language][0])

    def sees(self, path: str) -> None:
        """Wait until the window shows a page whose path contains this."""
        self.page.wait_for_url(lambda url: path in url)

    # === LOGIN === #

    def log_in(self, number: str, path: str = HOME) -> None:
        """Log in by the first button and come to a page."""
        self.open(path)
        self.submit("main form.buttons")
        self.pass_provider(number)
        self.sees(path)

    def pass_provider(self, number: str, *, finger: bool = False) -> None:
        """Go through the provider's pages.

        :param finger: whether to put a finger on the reader too
        """
        page = self.page
        page.wait_for_url("**/login/*")
        page.fill("#number", number)
        page.press("#number", "Enter")
        page.wait_for_url("**/prove")
        if page.locator("#code").count():
            page.fill("#code", CODE)
        if finger:
            page.check("#finger")
        page.click("#go-on")
        if page.url.endswith("/consent"):
            page.click("#allow")

    # === THE CHANGE === #

    def choose_bank(self) -> None:
        """From the first page of a change to the page of the number."""
        self._choose("BANK_ACCOUNT", "/provider", "/branch")

    def choose_wallet(self) -> None:
        """The same for a wallet on a phone, which has no branches."""
        self._choose("MOBILE_WALLET", "/provider")

    def _choose(self, kind: str, *steps: str) -> None:
        self.page.click(f"button[name=fa_type][value={kind}]")
        for step in steps:
            self.sees(step)
            self.page.locator("#choose label.choice").first.click()
            self.submit("#choose")
        self.sees("/number")

    def type_number(self, number: str, part: str = "account_number") -> None:
        """Type the number twice and go on.

        :param part: name of the part of the address that is typed
        """
        for prefix in ("part", "again"):
            self.page.fill(f"input[name={prefix}_{part}]", number)
        self.submit("#numbers")

    def agree(self) -> None:
        """Agree on the page that shows both accounts."""
        self.sees("/review")
        self.submit()

    def change(self, number: str, person: str | None = None) -> str:
        """Choose an account with its number, from the overview on.

        :param person: who proves it once more; None for the first account
        :return: the reference number
        """
        self.open(f"{HOME}/change")
        self.choose_bank()
        self.type_number(number)
        self.agree()
        if person:
            self.pass_provider(person, finger=True)
        return self.reference()

    def reference(self) -> str:
        """The reference number on the page of a result."""
        place = self.page.locator(".reference bdi, bdi.reference").first
        expect(place).to_be_visible()
        return place.inner_text()

    def kept_receipt(self) -> str:
        """The receipt as it is kept on the phone."""
        with self.page.expect_download() as download:
            self.follow("/text")
        return download.value.path().read_text()

    # === WHAT IS SHOWN === #

    def picture(self, folder: Path, name: str) -> None:
        """Save what the window shows, whole."""
        folder.mkdir(parents=True, exist_ok=True)
        width = self.page.viewport_size["width"]
        self.page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)

"""A member of staff in front of a browser, with mouse and keyboard."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

WIDE, NARROW = (1280, 800), (360, 740)
#: For a test that is done in a window of either size.
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
TIMEOUT_MS = 30_000
# The first who logs in waits until the server has put the back office together.
FIRST_MS = 120_000


def log_in(browser: Browser, base_url: str, login: str) -> BrowserContext:
    """A browser in which a user is logged in; it keeps what it has loaded.

    Of the demonstration's staff, password and log-in agree.
    """
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(FIRST_MS)
    page.goto(f"{base_url}/web/login")
    page.fill("input#login", login)
    page.fill("input#password", login)
    page.press("input#password", "Enter")
    page.wait_for_selector(".o_main_navbar")
    page.close()
    return context


class Desk:
    """One window of a logged-in user.

    :param base_url: address of the server, without a trailing slash
    :param size: width and height of the window
    :param pictures: folder for screenshots
    """

    def __init__(self, context: BrowserContext, base_url: str, size, pictures: Path):
        width, height = size
        self.narrow = width < 768
        self.base_url, self.pictures = base_url, pictures
        self.page: Page = context.new_page()
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.set_default_timeout(TIMEOUT_MS)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    # === GETTING AROUND === #

    def open(self, path: str) -> None:
        """Open a list by its address."""
        self.page.goto(f"{self.base_url}/odoo/{path}")
        self.page.wait_for_selector(".o_view_controller")
        self.page.wait_for_selector(".o_list_renderer, .o_kanban_renderer")

    def go(self, *words: str) -> None:
        """Go through the menu to a screen or a dialog."""
        self.page.goto(f"{self.base_url}/odoo/spar-mappings")
        self.page.wait_for_selector(".o_view_controller")
        if self.narrow:
            # On a telephone the whole menu lies open at the side.
            self.page.locator(".o_menu_toggle").click()
            words = words[-1:]
        for word in words:
            found = self.page.get_by_text(word, exact=True)
            found.locator("visible=true").first.click()

    def look_up(self, text: str, by: str) -> None:
        """Search for a text by one of the fields that the search offers."""
        if self.narrow:
            self.page.locator(".o_control_panel button:has(.fa-search)").click()
        self.page.locator(".o_searchview_input").press_sequentially(text)
        offered = self.page.locator(".o_searchview_autocomplete [role='menuitem']")
        offered.filter(has_text=by).first.click()
        self.page.wait_for_selector(".o_searchview_facet")

    def open_only_record(self) -> None:
        """Open the one record that was found; fail when it is not one."""
        rows = self.page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)")
        expect(rows).to_have_count(1)
        first = rows.first
        (first if self.narrow else first.locator(".o_data_cell").first).click()
        self.page.wait_for_selector(".o_form_view")

    # === READING === #

    def field(self, name: str) -> Locator:
        """A field of the form or dialog in front."""
        found = self.page.locator(f".o_field_widget[name='{name}']")
        return found.locator("visible=true")

    def text(self) -> str:
        """All that can be read on the screen now."""
        return self.page.locator("body").inner_text()

    def content(self) -> str:
        """All that the browser has got for this screen, seen or not."""
        return self.page.content()

    def picture(self, name: str) -> None:
        """Save a screenshot, for a person to look at."""
        self.pictures.mkdir(parents=True, exist_ok=True)
        size = "narrow" if self.narrow else "wide"
        self.page.screenshot(path=self.pictures / f"{name}-{size}.png")

    def fits(self) -> bool:
        """Whether nothing sticks out of the window sideways."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth <= window.innerWidth"
        )

    # === WRITING === #

    def type(self, name: str, text: str) -> None:
        """Type into a field."""
        self.field(name).locator("input, textarea").first.fill(text)

    def type_part(self, text: str, row: int = 0) -> None:
        """Type into a row of the list of an address's parts."""
        rows = self.page.locator("[name='part_ids'] .o_data_row")
        rows.nth(row).locator("[name='value']").click()
        self.page.locator(".o_selected_row [name='value'] input").fill(text)
        self.page.keyboard.press("Tab")

    def choose(self, name: str, text: str) -> None:
        """Choose one of the first records that a field offers."""
        box = self.field(name).locator("input").first
        box.click()
        offered = self.page.locator(".o-autocomplete--dropdown-item", has_text=text)
        offered.first.click()
        expect(box).to_have_value(re.compile(re.escape(text)))

    def press(self, label: str) -> None:
        """Press a button by its words."""
        button = self.page.get_by_role("button", name=label, exact=True)
        button.locator("visible=true").first.click()

"""What every page must be for everybody: checked on each page of a walk."""

import re
from pathlib import Path

from playwright.sync_api import expect

from .portal import LANGUAGES, Visitor

PHONE, SMALLEST, DESK = 360, 320, 1280
#: What is left of a window as wide as a desk's at 200 % zoom.
ZOOMED = DESK // 2
#: A browser's usual size of letters in pixels, and twice that.
LETTERS, BIG_LETTERS = 16, 32
#: Languages that are not written with the digits and letters of English.
OWN_SIGNS = {"ar"}
FOREIGN = re.compile("[0-9]|[A-Za-z]{2}")
#: What axe checks: WCAG 2.2 A and AA.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = """async rules => {
    const found = await window.axe.run(document, {
        runOnly: {type: "tag", values: rules}, resultTypes: ["violations"],
    });
    return found.violations.flatMap(v => v.nodes.map(n =>
        `${v.id}: ${n.target.join(" ")}: ${n.failureSummary}`));
}"""
#: What stands beyond the sides of the window, however it is cut or scrolled.
BEYOND = """() => [...document.querySelectorAll("body *")].filter(e => {
    const box = e.getBoundingClientRect();
    const shown = box.width > 1 && !e.closest(".skip, .visually-hidden");
    return shown && (box.left < -1 || box.right > innerWidth + 1);
}).map(e => `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 40)}`)"""

#: Text of the page, but for names and numbers of accounts, which stay as they are.
OWN_WORDS = """() => {
    const copy = document.body.cloneNode(true);
    copy.querySelectorAll("bdi, code, noscript, script, select, .languages")
        .forEach(one => one.remove());
    return copy.textContent;
}"""


class Looks:
    """The eyes of a visitor.

    :param Path folder: for pictures
    :param bool scripts: whether the browser runs scripts
    :param str axe: source of axe-core; None: it cannot run
    """

    def __init__(self, visitor: Visitor, folder: Path, scripts: bool, axe: str | None):
        self.visitor, self.axe = visitor, axe
        name = visitor.language if scripts else f"{visitor.language}-no-scripts"
        self.folder = folder / name

    def at(self, name: str, *, language_known: bool = True) -> None:
        """Check the page in front of the person, on a phone and on a desk."""
        page = self.visitor.page
        expect(page.locator("main h1")).to_have_count(1)
        assert page.title().strip()
        _prefix, tag, direction = LANGUAGES[self.visitor.language]
        if language_known:
            html = page.locator("html")
            expect(html).to_have_attribute("lang", tag)
            expect(html).to_have_attribute("dir", direction)
            self._speaks(name)
        for width in (SMALLEST, ZOOMED, DESK, PHONE):
            self._open_to(width)
            self._fits(name, width)
            if width in (DESK, PHONE):
                self.visitor.picture(self.folder, name)
                self._is_accessible(name)
        self._grows(name)

    def _speaks(self, name: str) -> None:
        """Words and digits are those of the language, nothing is left in English."""
        if self.visitor.language in OWN_SIGNS:
            said = self.visitor.page.evaluate(OWN_WORDS)
            assert not FOREIGN.search(said), f"{name}: {said}"

    def _open_to(self, width: int) -> None:
        self.visitor.page.set_viewport_size({"width": width, "height": 740})

    def _fits(self, name: str, width: int) -> None:
        """No scrolling sideways, and nothing beyond the sides."""
        page = self.visitor.page
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is {wide} wide at {width}"
        assert page.evaluate(BEYOND) == [], f"{name} at {width}"

    def _grows(self, name: str) -> None:
        """Letters twice as big, as set in the phone, still fit."""
        self._set_letters(BIG_LETTERS)
        self._fits(f"{name} in big letters", PHONE)
        self._set_letters(LETTERS)

    def _set_letters(self, pixels: int) -> None:
        page = self.visitor.page
        inspector = page.context.new_cdp_session(page)
        sizes = {"standard": pixels, "fixed": pixels}
        inspector.send("Page.setFontSizes", {"fontSizes": sizes})
        inspector.detach()
        expect(page.locator("html")).to_have_css("font-size", f"{pixels}px")

    def _is_accessible(self, name: str) -> None:
        if self.axe is not None:
            page = self.visitor.page
            if not page.evaluate("'axe' in window"):
                # By the inspector's way, which the page's policy does not bind.
                page.evaluate(self.axe)
            assert page.evaluate(RUN_AXE, RULES) == [], name

"""What every page must be for everybody: checked on each page of a walk."""

from pathlib import Path

from playwright.sync_api import expect

from .portal import LANGUAGES, Visitor

PHONE, SMALLEST, DESK = 360, 320, 1280
#: What axe checks: WCAG 2.2 A and AA.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = """async rules => {
    const found = await window.axe.run(document, {
        runOnly: {type: "tag", values: rules}, resultTypes: ["violations"],
    });
    return found.violations.flatMap(v => v.nodes.map(n =>
        `${v.id}: ${n.target.join(" ")}: ${n.failureSummary}`));
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
        for width in (SMALLEST, DESK, PHONE):
            page.set_viewport_size({"width": width, "height": 740})
            self._fits(name, width)
            if width != SMALLEST:
                self.visitor.picture(self.folder, name)
                self._is_accessible(name)

    def _fits(self, name: str, width: int) -> None:
        """No scrolling sideways; without scripts the browser cannot be asked."""
        if self.axe is not None:
            wide = self.visitor.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{name} is {wide} wide at {width}"

    def _is_accessible(self, name: str) -> None:
        if self.axe is not None:
            page = self.visitor.page
            if not page.evaluate("'axe' in window"):
                # By the inspector's way, which the page's policy does not bind.
                page.evaluate(self.axe)
            assert page.evaluate(RUN_AXE, RULES) == [], name

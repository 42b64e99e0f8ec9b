"""The keyboard of a person who has no mouse, or cannot use it."""

from playwright.sync_api import expect

from .portal import Visitor

#: More stops than any page has.
STOPS = 60
IN_WINDOW = """one => {
    const box = one.getBoundingClientRect();
    return box.height > 0 && box.top >= -1 && box.bottom <= innerHeight + 1;
}"""


class Keyboard:
    """Keys, pressed in the window of a visitor.

    :param Visitor person: whose window it is
    """

    def __init__(self, person: Visitor):
        self.page = person.page

    def go_to(self, selector: str) -> None:
        """Press Tab until something has the focus; each stop must be seen."""
        for _stop in range(STOPS):
            self.page.keyboard.press("Tab")
            focus = self.page.locator(":focus")
            if not focus.count():
                continue  # the browser's own frame, between end and beginning
            expect(focus).to_have_css("outline-style", "solid")
            expect(focus).to_have_css("outline-width", "3px")
            if focus.evaluate("(one, wanted) => one.matches(wanted)", selector):
                assert focus.evaluate(IN_WINDOW), selector
                return
        raise AssertionError(f"Tab never comes to {selector}")

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, selector: str, text: str) -> None:
        """Go to a field and type."""
        self.go_to(selector)
        self.page.keyboard.type(text)

"""How much a browser loads for a page, counted by Chromium's own protocol.

Cold is a browser that was never here; warm is the same one when it opens the page
again. What comes out of the browser's cache is no request and no byte.
"""

from typing import NamedTuple

from playwright.sync_api import sync_playwright

from spar_env import browser
from spar_env.settings import Settings

#: The most that the first page may weigh.
MOST_BYTES = 150_000
#: Of Chromium: no calls of its own, no sandbox, which root cannot have.
OPTIONS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
#: After the page has loaded: scripts may ask for more.
_SETTLE_MS = 300


class Weight(NamedTuple):
    """What one visit loaded.

    :param bytes: over the wire, headers included
    :param requests: that were sent
    :param kinds: bytes by kind, such as Document and Stylesheet
    """

    bytes: int
    requests: int
    kinds: dict[str, int]


class Counter:
    """Counts what a page loads, out of events of the DevTools protocol."""

    def __init__(self):
        self._kinds: dict[str, str] = {}
        self._kept: set[str] = set()
        self._sizes: dict[str, int] = {}

    def listen(self, protocol) -> None:
        """Hear of every request of a page."""
        protocol.on("Network.responseReceived", self.responded)
        protocol.on("Network.requestServedFromCache", self.kept)
        protocol.on("Network.loadingFinished", self.finished)
        protocol.send("Network.enable")

    def responded(self, event: dict) -> None:
        """An answer has begun."""
        self._kinds[event["requestId"]] = event["type"]
        response = event["response"]
        if response.get("fromDiskCache") or response.get("fromPrefetchCache"):
            self._kept.add(event["requestId"])

    def kept(self, event: dict) -> None:
        """The browser has it already."""
        self._kept.add(event["requestId"])

    def finished(self, event: dict) -> None:
        """An answer is complete."""
        self._sizes[event["requestId"]] = round(event["encodedDataLength"])

    def take(self) -> Weight:
        """What was loaded since the last call."""
        sizes = {k: size for k, size in self._sizes.items() if k not in self._kept}
        kinds: dict[str, int] = {}
        for key, size in sizes.items():
            kind = self._kinds.get(key, "Other")
            kinds[kind] = kinds.get(kind, 0) + size
        self.__init__()
        return Weight(sum(sizes.values()), len(sizes), kinds)


def weigh(settings: Settings, path: str, headers: dict[str, str]) -> dict:
    """Open a page in a new Chromium, twice.

    :param headers: with the cookie of who is logged in
    :return: facts for the record of a cell
    """
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser.ensure(settings), args=list(OPTIONS)
        )
        context = chromium.new_context()
        if headers:
            name, _equals, value = headers["Cookie"].partition("=")
            cookie = {"name": name, "value": value, "url": settings.base_url}
            context.add_cookies([cookie])
        page, counter = context.new_page(), Counter()
        counter.listen(context.new_cdp_session(page))
        cold = _visit(page, settings.base_url + path, counter)
        warm = _visit(page, settings.base_url + path, counter)
        chromium.close()
    return {"cold": cold._asdict(), "warm": warm._asdict()}


def _visit(page, url: str, counter: Counter) -> Weight:
    page.goto(url, wait_until="networkidle")
    page.wait_for_timeout(_SETTLE_MS)
    return counter.take()

"""The line between a browser and the portal: measured, and slowed down."""

from playwright.sync_api import Page

WAITED = """() => {
    const [page] = performance.getEntriesByType("navigation");
    return page.loadEventStart - page.startTime;
}"""


class Line:
    """The line of one window, seen through the browser's inspector.

    The browser keeps nothing while it is watched: every page comes cold.

    :param Page page: the window
    """

    def __init__(self, page: Page):
        self._page = page
        self._inspector = page.context.new_cdp_session(page)
        self._urls: list[str] = []
        self._bytes = 0.0
        self._inspector.on("Network.requestWillBeSent", self._sent)
        self._inspector.on("Network.loadingFinished", self._finished)
        self._inspector.send("Network.enable")
        self._inspector.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def _sent(self, event: dict) -> None:
        self._urls.append(event["request"]["url"])
        # An answer that leads elsewhere came over the wire too.
        self._bytes += event.get("redirectResponse", {}).get("encodedDataLength", 0)

    def _finished(self, event: dict) -> None:
        self._bytes += event["encodedDataLength"]

    def forget(self) -> None:
        """Begin to count anew."""
        self._urls.clear()
        self._bytes = 0.0

    def bytes(self) -> float:
        """How much came over the wire since, heads and bodies as they were sent."""
        return self._bytes

    def loaded(self, part: str) -> bool:
        """Whether an address that contains this was asked for since."""
        return any(part in url for url in self._urls)

    def slow_down(self, latency_ms: int, kilobits: int) -> None:
        """Be as slow as this from now on.

        :param latency_ms: from a request to the first byte of its answer, at least
        :param kilobits: a second, in each direction
        """
        rate = kilobits * 1000 / 8
        conditions = {
            "offline": False,
            "latency": latency_ms,
            "downloadThroughput": rate,
            "uploadThroughput": rate,
        }
        self._inspector.send("Network.emulateNetworkConditions", conditions)

    def waited_ms(self) -> float:
        """How long the page that is shown took, until all of it was there."""
        self._page.wait_for_load_state("load")
        return self._page.evaluate(WAITED)

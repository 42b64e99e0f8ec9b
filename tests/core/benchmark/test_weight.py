"""Bytes and requests of a page, out of what Chromium says of them."""

from weight import Counter, Weight


class Protocol:
    """Chromium's DevTools protocol, as far as it is listened to."""

    def __init__(self):
        self.heard, self.sent = {}, []

    def on(self, name, listener):
        self.heard[name] = listener

    def send(self, name):
        self.sent.append(name)

    def load(self, key, kind, size, **response):
        event = {"requestId": key, "type": kind, "response": response}
        self.heard["Network.responseReceived"](event)
        self.heard["Network.loadingFinished"](
            {"requestId": key, "encodedDataLength": size}
        )


def listening():
    counter, protocol = Counter(), Protocol()
    counter.listen(protocol)
    assert protocol.sent == ["Network.enable"]
    return counter, protocol


def test_what_comes_over_the_wire_counts_by_kind():
    counter, protocol = listening()
    protocol.load("1", "Document", 5000.4)
    protocol.load("2", "Script", 1000)
    protocol.load("3", "Script", 500)

    found = counter.take()

    assert found == Weight(6500, 3, {"Document": 5000, "Script": 1500})


def test_what_the_browser_has_is_no_request():
    counter, protocol = listening()
    protocol.load("1", "Document", 5000)
    protocol.load("2", "Stylesheet", 0, fromDiskCache=True)
    protocol.load("3", "Script", 900, fromPrefetchCache=True)
    protocol.heard["Network.requestServedFromCache"]({"requestId": "4"})
    protocol.load("4", "Image", 700)

    assert counter.take() == Weight(5000, 1, {"Document": 5000})


def test_a_page_that_never_answered_has_a_kind_too():
    counter, protocol = listening()
    protocol.heard["Network.loadingFinished"](
        {"requestId": "1", "encodedDataLength": 12}
    )

    assert counter.take() == Weight(12, 1, {"Other": 12})


def test_each_visit_is_counted_from_nothing():
    counter, protocol = listening()
    protocol.load("1", "Document", 5000)
    counter.take()

    assert counter.take() == Weight(0, 0, {})
    protocol.load("2", "Document", 70)
    assert counter.take().bytes == 70

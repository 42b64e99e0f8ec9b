"""Cells of the portal: its pages, the search for a branch, and whole journeys."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import branches
import load
import plain_site
import weight
from figures import BARE_PAGE as BARE
from figures import BARE_ROUTE as ROUTE
from figures import SEARCHES, Summary
from messages import Body, Verdict
from portal import WALKERS, Guest, Portal, searches
from visitor import HOME, Visitor
from wire import Target

JOURNEY = "journey"
#: What Odoo does for a page and a route of who is logged in, in our database.
_FRAME_PATH = "/test_g2p_spar_bench/page"
_ROUTE_PATH = "/test_g2p_spar_bench/route"
_MOST_JOURNEYS = 10


class Page(NamedTuple):
    """One page.

    :param path: with ``{way}`` for the change that a person has begun
    :param sign: what stands on it and on no other; ``{ending}`` for the last digits
        of the person's account
    :param is_own: whether it is for who is logged in
    """

    path: str
    sign: str
    is_own: bool = True


PAGES = {
    BARE: Page(plain_site.PATH, plain_site.SIGN),
    "page-frame": Page(_FRAME_PATH, '<h1 id="bare">'),
    "page-login": Page("/spar/login", 'action="/spar/login/', is_own=False),
    "page-overview": Page(HOME, "{ending}"),
    "page-change": Page(f"{HOME}/change", 'name="fa_type"'),
    "page-provider": Page("{way}/provider", f'data-url="{HOME}/change/providers"'),
    "page-branch": Page("{way}/branch", f'data-url="{HOME}/change/branches"'),
    "page-number": Page("{way}/number", 'id="numbers"'),
    "page-review": Page("{way}/review", 'name="seen"'),
    "page-history": Page(f"{HOME}/history", "{ending}"),
    "page-profile": Page(f"{HOME}/profile", f'action="{HOME}/profile/'),
}
#: In the order of measuring.
WHATS = (*PAGES, ROUTE, *SEARCHES, JOURNEY)
#: Odoo's own, which ours are compared with.
BASES = (BARE, "page-frame", ROUTE)
USERS = 20
JOURNEY_USERS = 4


class Site(Target):
    """Takes requests of browsers.

    :param url: of the portal
    """

    def __init__(self, url: str):
        super().__init__("portal", url, "/")
        self._host = f"{self.host}:{self.port}"

    def request(self, operation, content, headers=None):
        """The bytes of one request; its content is the path."""
        lines = {"Host": self._host, "Accept": "text/html"} | (headers or {})
        head = "".join(f"{name}: {text}\r\n" for name, text in lines.items())
        return b"GET %s HTTP/1.1\r\n%s\r\n" % (content, head.encode())


class Walk:
    """One user's way to the portal: each message is a whole journey."""

    def __init__(self, doors: Portal):
        self._doors = doors

    def send(self, request: bytes) -> tuple[int, bytes]:
        """Log in, change the account, log out.

        :param request: number of the person's ID
        :return: 200 and the path of the receipt
        :raise ValueError: a page did not come
        """
        visitor = self._doors.enter(request.decode())
        try:
            return 200, self._walk(visitor, request).encode()
        finally:
            visitor.close()

    def _walk(self, visitor: Visitor, request: bytes) -> str:
        visitor.log_in()
        way = self._doors.begin(visitor, int(request[-6:]))
        receipt = visitor.make_change(way)
        visitor.log_out()
        return receipt

    def close(self) -> None:
        """Nothing stays open between two journeys."""


class Journeys:
    """The portal, as somewhere to go."""

    def __init__(self, doors: Portal):
        self._doors = doors

    def connect(self) -> Walk:
        """The way of one user."""
        return Walk(self._doors)

    def request(self, _operation, content, _headers=None) -> bytes:
        """What names a journey."""
        return content


def measure(doors: Portal, cell, times) -> tuple[Summary, dict]:
    """Run one cell of the portal.

    :param cell: a ``grid.Cell``
    :param times: a ``grid.Times``
    :return: and how much a browser loads, of a page
    """
    if cell.what == JOURNEY:
        return _walk(doors, cell.users, times), {}
    if cell.what == BARE:
        return _measure_bare(doors, cell.users, times), {}
    guests = doors.guests(cell.users)
    doors.forget_tries()
    if cell.what == ROUTE:
        pool = bodies(Page(_ROUTE_PATH, '"rows"'), guests)
        return _load(doors, pool, cell.users, times), {}
    if cell.what in SEARCHES:
        pool = branches.bodies(cell.what, cell.batch, searches(guests))
        return _load(doors, pool, cell.users, times), {}
    page = PAGES[cell.what]
    summary = _load(doors, bodies(page, guests), cell.users, times)
    return summary, weight.weigh(doors.place.server.settings, *_seen(page, guests[0]))


def _measure_bare(doors: Portal, users: int, times) -> Summary:
    """Open the bare page as twenty people who are logged in at the bare website."""
    plain = doors.plain
    pool = bodies(PAGES[BARE], [Guest(one, "", "") for one in plain.cookies(users)])
    users_ = load.Load(Site(plain.url), pool, users)
    watched = plain.watched(doors.place)
    return load.measure(users_, times.seconds, times.warmup, watched)


def bodies(page: Page, guests: Sequence[Guest]) -> list[Body]:
    """Requests of a page, one by each person."""
    return [_body(page, guest) for guest in guests]


def judge(sign: str, raw: bytes) -> Verdict:
    """Whether an answer is the page that has a sign."""
    if sign.encode() in raw:
        return Verdict(1, 0, "")
    return Verdict(0, 1, f"no {sign!r} in {raw[:200]!r}")


def _body(page: Page, guest: Guest) -> Body:
    path, headers = _seen(page, guest)
    sign = page.sign.format(ending=guest.ending)
    make: Callable[[bytes], Verdict] = partial(judge, sign)
    return Body("get", (path.encode(),), [path], None, headers=headers, judge=make)


def _seen(page: Page, guest: Guest) -> tuple[str, dict[str, str]]:
    """Path and headers with which a person asks for a page."""
    headers = {"Cookie": guest.cookie} if page.is_own else {}
    return page.path.format(way=guest.way), headers


def _load(doors: Portal, pool: list[Body], users: int, times) -> Summary:
    target = Site(doors.place.spar.url)
    users_ = load.Load(target, pool, users)
    return load.measure(users_, times.seconds, times.warmup, doors.place.watched)


def _walk(doors: Portal, users: int, times) -> Summary:
    doors.forget_tries()
    count = int(_MOST_JOURNEYS * (times.seconds + times.warmup)) + users
    numbers = doors.linked(WALKERS, range(count))
    is_receipt = partial(judge, f"{HOME}/change/receipt/")
    pool = [
        Body("walk", (number.encode(),), [number], None, judge=is_receipt)
        for number in numbers
    ]
    users_ = load.Load(Journeys(doors), pool, users, once=True)
    return load.measure(users_, times.seconds, times.warmup, doors.watched)

"""The portal of the system that is measured: its provider, branches and people.

People log in by the pages of the mock eSignet before the clock starts, and go
through the first pages of a change, so that every page has its real content.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import branches
import orjson
import plain_site
import rows
from place import Place
from plain_site import PlainSite
from visitor import HOME, Visitor

from clients.words import item, message
from mock_esignet import people
from spar_env import portal
from spar_env.console import SetupError, step
from spar_env.esignet import Esignet

FA_TYPE = "BANK_ACCOUNT"
#: Of those who look at pages, and of those who go the whole way.
GUESTS, WALKERS = "page", "walk"
#: Accounts each person had, so that the history has lines.
ACCOUNTS = 6
#: A session ends after ten minutes, a begun change after thirty.
FRESH_SECONDS = 240
#: The limits on tries are for people; the benchmark's are many in few minutes.
_FORGET = "TRUNCATE g2p_spar_throttle"
_PEOPLE = 1_000_000


class Guest(NamedTuple):
    """Somebody who is logged in and has begun a change.

    :param cookie: what the browser sends
    :param way: path of the change
    :param ending: last digits of the present account, which pages show
    """

    cookie: str
    way: str
    ending: str


class Portal:
    """The portal of a place.

    :param place: the running system
    :param esignet: its provider
    :param plain: a website without it
    """

    def __init__(self, place: Place, esignet: Esignet, plain: PlainSite):
        self.place = place
        self.plain = plain
        self.esignet = esignet
        self._guests: list[Guest] = []
        self._since = 0.0
        self._run = int(time.time()) % _PEOPLE

    @property
    def watched(self) -> dict[str, int]:
        """Process trees whose processor time is accounted for."""
        return self.place.watched | {"esignet": self.esignet.pid()}

    def forget_tries(self) -> None:
        """Let nobody be refused because of an earlier cell."""
        with self.place.connection() as connection, connection:
            connection.cursor().execute(_FORGET)

    def guests(self, count: int) -> list[Guest]:
        """People who are logged in and have begun a change, by their own browsers."""
        fresh = time.monotonic() - self._since < FRESH_SECONDS
        if not fresh or len(self._guests) < count:
            self.forget_tries()
            with step(f"{count} people log in and begin a change"):
                numbers = self.linked(GUESTS, range(count))
                self._guests = [self._enter(n, i) for i, n in enumerate(numbers)]
            self._since = time.monotonic()
        return self._guests[:count]

    def linked(self, kind: str, numbers: range) -> list[str]:
        """Give people an account each, which they had others before.

        :return: numbers of their IDs
        """
        ids = [f"{kind}{self._run:06}{n:06}" for n in numbers]
        for salt in range(ACCOUNTS):
            self._write("update" if salt else "link", ids, salt)
        return ids

    def enter(self, number: str) -> Visitor:
        """Somebody's browser, not logged in yet."""
        return Visitor(self.place.spar.url, number)

    def begin(self, visitor: Visitor, i: int) -> str:
        """Go through the first pages of a change; return its path."""
        account = f"{i + rows.LINK_FROM:012}"
        return visitor.begin_change(
            FA_TYPE, branches.PROVIDER, branches.code_of(i), account
        )

    def _enter(self, number: str, i: int) -> Guest:
        visitor = self.enter(number)
        visitor.log_in()
        way = self.begin(visitor, i)
        address = rows.fa_of(i, ACCOUNTS - 1)
        visitor.close()
        return Guest(visitor.cookie, way, address.partition("@")[0][-4:])

    def _write(self, operation: str, numbers: list[str], salt: int) -> None:
        """Link or update people, as a partner does."""
        items = [
            item(id=id_of(number), fa=rows.fa_of(i, salt), name=f"Person {number}")
            for i, number in enumerate(numbers)
        ]
        spar = self.place.spar
        raw = orjson.dumps(message(operation, items))
        status, answer = spar.connect().send(spar.request(operation, raw))
        if status != 200:
            raise SetupError(
                f"The benchmark's people got no account: {answer[:300]!r}.",
                "Look at the server's log, .run/bench/odoo.log.",
            )


def id_of(number: str) -> str:
    """The ID under which the registry knows the owner of a number."""
    subject = people.subject(number, portal.RELYING_PARTY)
    return f"token:{subject}@nationalId"


@contextmanager
def opened(place: Place) -> Iterator[Portal]:
    """Make the portal known to a mock eSignet, and run that while the block lasts.

    :raise SetupError: it cannot be set up
    """
    settings = place.server.settings
    portal.ensure(settings)
    with place.connection() as connection, step(f"{branches.COUNT:,} branches"):
        branches.ensure(connection)
    esignet = Esignet(settings)
    esignet.stop()
    with step("mock eSignet"):
        esignet.start()
    try:
        with plain_site.opened(place) as plain:
            yield Portal(place, esignet, plain)
    finally:
        esignet.stop()


def searches(guests: list[Guest]) -> list[tuple[str, dict]]:
    """For each person the address that looks for branches, and the headers."""
    return [
        (
            f"{HOME}/change/branches?draft={guest.way.rpartition('/')[2]}&q=",
            {"Cookie": guest.cookie},
        )
        for guest in guests
    ]

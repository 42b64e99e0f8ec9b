"""Whoever can be reached is told of a change, whatever happens to the server."""

import os
import signal
import uuid
from contextlib import closing

import psutil
import pytest

from clients.esignet import new_number
from clients.portal import HOME
from clients.portal_http import Browser
from clients.running import wait_until
from clients.words import new_number as new_account_number
from spar_env.esignet import Esignet

STORING = "INSERT INTO g2p_spar_notice"
#: The first look of scheduled actions after a start, and one more.
SOON_SECONDS = 120


class Person:
    """Somebody with two phones and two mailboxes, the older ones replaced.

    :param visitor: a browser with an engine, for the change
    """

    def __init__(self, visitor, spar, esignet):
        self.visitor, self.esignet, self.number = visitor, esignet, new_number()
        self.browser = Browser(spar.base_url)
        self.browser.log_in(self.number)
        name = uuid.uuid4().hex
        digits = f"{uuid.uuid4().int % 10**6:06}"
        self.phones = [f"+25471{at}{digits}" for at in (1, 2)]
        self.mailboxes = [f"bbx{name}-{at}@example.org" for at in (1, 2)]
        for kind, values in (("phone", self.phones), ("email", self.mailboxes)):
            for value in values:
                self._confirm(kind, value)
        self.visitor.log_in(self.number)

    @property
    def contacts(self) -> list[str]:
        """All four."""
        return self.phones + self.mailboxes

    def told(self, reference: str) -> dict[str, list[str]]:
        """The messages about a change, by contact."""
        return {
            contact: [
                message["text"]
                for message in self.esignet.messages(contact)
                if reference in message["text"]
            ]
            for contact in self.contacts
        }

    def wait_until_told(self, reference: str) -> dict[str, list[str]]:
        """Wait until every contact was told of a change."""
        wait_until(
            lambda: all(self.told(reference).values()),
            f"everybody is told of {reference}",
            SOON_SECONDS,
        )
        return self.told(reference)

    def _confirm(self, kind: str, value: str) -> None:
        page = f"{HOME}/profile/{kind}"
        token = self.browser.csrf(self.browser.get(page))
        asked = self.browser.post(f"{page}/set", csrf_token=token, value=value)
        assert asked.status_code == 303, asked.text
        code = self.esignet.wait_for_code(value)
        done = self.browser.post(f"{page}/confirm", csrf_token=token, code=code)
        assert done.status_code == 303, done.text


@pytest.fixture
def person(visitor, spar, esignet):
    return Person(visitor(), spar, esignet)


@pytest.mark.usefixtures("quiet_log")
def test_old_and_new_contacts_are_told_of_a_change(person):
    """Once each, with a masked number; what is masked cannot be guessed from them."""
    account = new_account_number()
    reference = person.visitor.change(account)

    told = person.wait_until_told(reference)

    assert {len(texts) for texts in told.values()} == {1}
    for [text] in told.values():
        assert account[-3:] in text
        assert account[:-3] not in text
        assert account[4:-3] not in text
    other = new_account_number()
    second = person.visitor.change(other, person.number)
    for texts in person.wait_until_told(second).values():
        assert len(texts) == 1
        assert other[-3:] in texts[0]


@pytest.mark.usefixtures("recovering")
def test_server_killed_before_a_notice_was_written(person, spar):
    """The change stands; after the start everybody is told, exactly once."""
    with closing(spar.connect()) as holder:
        holder.cursor().execute("LOCK TABLE g2p_spar_notice IN SHARE MODE")
        reference = person.visitor.change(new_account_number())
        spar.wait_for_statement(STORING)
        kill(spar)
    assert not any(person.told(reference).values())

    spar.bring_back()

    told = person.wait_until_told(reference)
    assert {len(texts) for texts in told.values()} == {1}
    assert states(spar, reference) == {"sent"}


@pytest.mark.usefixtures("recovering")
def test_server_killed_while_it_was_sending(person, spar):
    """At least once, and what comes twice is the same: one reference, one text."""
    gateway = Esignet(spar.settings).pid()
    os.kill(gateway, signal.SIGSTOP)
    try:
        reference = person.visitor.change(new_account_number())
        wait_until(lambda: sending(spar), "a message is on its way")
        kill(spar)
    finally:
        os.kill(gateway, signal.SIGCONT)

    spar.bring_back()

    told = person.wait_until_told(reference)
    assert {len(set(texts)) for texts in told.values()} == {1}
    wait_until(lambda: states(spar, reference) == {"sent"}, "all are noted as sent")
    [count] = spar.rows(
        "SELECT count(*) FROM g2p_spar_notice WHERE reference = %s", reference
    )
    assert count["count"] == len(person.contacts)


def kill(spar) -> None:
    """End Odoo with all its processes, at once."""
    os.killpg(spar.server.pid(), signal.SIGKILL)
    wait_until(lambda: spar.server.pid() is None, "the server is gone")


def states(spar, reference: str) -> set[str]:
    """What is known of the notices of a change."""
    found = spar.rows(
        "SELECT state FROM g2p_spar_notice WHERE reference = %s", reference
    )
    return {row["state"] for row in found}


def sending(spar) -> bool:
    """Whether one of the server's processes is connected to the gateway."""
    return any(
        one.raddr and one.raddr.port == spar.settings.esignet_port
        for pid in spar.workers()
        for one in psutil.Process(pid).connections("tcp")
    )

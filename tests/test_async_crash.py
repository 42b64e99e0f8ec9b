"""What was acknowledged is done once and called back, whatever is killed meanwhile.

As in :mod:`test_crash`, a lock on the history table makes the moment certain: the
message has written its mappings, in an open transaction, when the kill comes.
"""

import os
import signal
from contextlib import closing, contextmanager

import pytest

from clients.crashes import kill_database, kill_server, kill_worker
from clients.partner import Partner
from clients.receiver import acknowledge, hang
from clients.running import FOUND_AGAIN_SECONDS, WRITING_HISTORY, wait_until
from clients.words import link_item, new_account, new_person, outcome

pytestmark = pytest.mark.usefixtures("recovering")


@pytest.fixture
def partner(new_listener) -> Partner:
    """A partner that is called back."""
    return new_listener()


@contextmanager
def history_locked(spar):
    """Nothing that changes a mapping can end while the block lasts."""
    with closing(spar.connect()) as holder:
        holder.cursor().execute("LOCK TABLE g2p_spar_mapping_version IN SHARE MODE")
        yield


def assert_done_once(spar, partner, ack: dict, items: list) -> None:
    """Each item has one effect, and the result came at least once, always the same."""
    told = partner.called_back(ack, FOUND_AGAIN_SECONDS).message["message"]
    assert {outcome(one) for one in told["link_response"]} == {("succ", None)}
    [stored] = spar.rows(
        "SELECT count(DISTINCT m.id) AS mappings, count(v.id) AS versions"
        " FROM g2p_spar_mapping m"
        " JOIN g2p_spar_mapping_version v ON v.mapping_id = m.id"
        " WHERE m.id_value = ANY(%s)",
        [item["id"] for item in items],
    )
    assert (stored["mappings"], stored["versions"]) == (len(items), len(items))
    again = partner.receiver.about(ack["correlation_id"])
    assert [one.message["message"] for one in again] == [told] * len(again)


def test_worker_killed_in_the_middle_of_the_work(spar, partner):
    """Nobody looks for the lost message here but the system itself."""
    items = [link_item() for _ in range(1000)]
    with history_locked(spar):
        ack = partner.send("link", items)
        kill_worker(spar)
    assert_done_once(spar, partner, ack, items)


@pytest.mark.parametrize("kill", [kill_server, kill_database])
def test_killed_in_the_middle_of_the_work(spar, partner, kill):
    items = [link_item() for _ in range(1000)]
    with history_locked(spar):
        ack = partner.send("link", items)
        kill(spar)
    spar.look_for_lost_work()
    assert_done_once(spar, partner, ack, items)


def test_killed_right_after_the_acknowledgement(spar, partner):
    """Before anybody has begun with the message."""
    with history_locked(spar):
        blocking = [link_item() for _ in range(10)]
        first = partner.send("link", blocking)
        spar.wait_for_statement(WRITING_HISTORY)
        items = [link_item() for _ in range(10)]
        ack = partner.send("link", items)
        kill_server(spar)
    spar.look_for_lost_work()
    assert_done_once(spar, partner, ack, items)
    assert_done_once(spar, partner, first, blocking)


def test_database_killed_right_after_the_acknowledgement(spar, partner):
    """ACK means: it is on the disk."""
    items = [link_item() for _ in range(10)]
    ack = partner.send("link", items)
    spar.kill_database()
    spar.bring_back()
    spar.look_for_lost_work()
    assert_done_once(spar, partner, ack, items)


def test_runner_killed(spar, partner):
    """The process that hands out jobs is replaced and finds what was left."""
    runner = spar.process_of("WorkerJobRunner")
    os.kill(runner, signal.SIGKILL)
    items = [link_item() for _ in range(10)]
    ack = partner.send("link", items)
    assert_done_once(spar, partner, ack, items)
    assert spar.process_of("WorkerJobRunner") != runner


def test_killed_while_it_calls_back(spar, partner):
    """The partner has got the result, the registry does not know: it comes again."""
    partner.receiver.behave(hang)
    items = [link_item() for _ in range(10)]
    ack = partner.send("link", items)
    partner.receiver.wait_for(ack["correlation_id"])
    partner.receiver.behave(acknowledge)
    spar.kill()
    partner.receiver.wait(
        lambda r: len(r.about(ack["correlation_id"])) > 1,
        "the same result again",
        FOUND_AGAIN_SECONDS,
    )
    assert_done_once(spar, partner, ack, items)


def test_kills_at_any_moment(spar, partner):
    """Workers die one after the other while messages of one person come in.

    Each message is done once, and in the order in which they were sent.
    """
    person, accounts = new_person(), [new_account() for _ in range(12)]
    acks = [partner.send("link", [link_item(person, accounts[0])])]
    for number, account in enumerate(accounts[1:]):
        acks.append(partner.send("update", [link_item(person, account)]))
        if number % 3 == 0:
            victims = spar.workers() - {spar.process_of("WorkerJobRunner")}
            os.kill(min(victims), signal.SIGKILL)
            wait_until(spar.server.healthy, "the server serves")
    spar.look_for_lost_work()
    for ack in acks:
        partner.called_back(ack, FOUND_AGAIN_SECONDS)
    history = spar.history(person)
    assert [one["after"]["fa_value"] for one in history] == accounts

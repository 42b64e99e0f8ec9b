"""The server or its database is killed in the middle: all of it or nothing.

The moment is made certain by a lock: the test holds the history table, so that a link
has written its mappings and waits, in its open transaction, to write their history.
"""

import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http import HTTPStatus

import pytest
import requests

from clients.logbook import assert_no_private_data
from clients.refusals import assert_refused, assert_sentence
from clients.running import wait_until
from clients.wire import Wire, request_bytes
from clients.words import item, link_item, message, new_person, outcome

pytestmark = pytest.mark.usefixtures("recovering")
WAITING = """
    SELECT query FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


class Call:
    """A message that was sent and whose answer is read later, or never."""

    def __init__(self, spar, api, body: bytes):
        self.wire = Wire(spar.base_url)
        self.port = self.wire.socket.getsockname()[1]
        self.wire.send(request_bytes(api, "link", body))

    def answer(self) -> tuple[int, dict | None]:
        """Status and body; (0, None) when the connection broke."""
        with self.wire as wire:
            status, raw = wire.answer()
        return status, json.loads(raw) if status else None


@contextmanager
def link_held_half_way(spar, api, body: bytes):
    """A link that has written its mappings and cannot go on, as a :class:`Call`.

    It may go on, if it still lives, when the block ends.
    """
    with closing(spar.connect()) as holder:
        holder.cursor().execute("LOCK TABLE g2p_spar_mapping_version IN SHARE MODE")
        call = Call(spar, api, body)
        [waiting] = wait_until(lambda: spar.rows(WAITING), "the link waits")
        assert "INSERT INTO g2p_spar_mapping_version" in waiting["query"]
        yield call


@pytest.fixture
def body() -> bytes:
    """A message that links 1,000 people."""
    return json.dumps(message("link", [link_item() for _ in range(1000)])).encode()


def people_of(body: bytes) -> list[str]:
    """The IDs in a message of links."""
    return [one["id"] for one in json.loads(body)["message"]["link_request"]]


def stored(spar, body: bytes) -> tuple[int, int]:
    """How many mappings and how many versions there are of the people of a message."""
    [counts] = spar.rows(
        "SELECT count(DISTINCT m.id) AS mappings, count(v.id) AS versions"
        " FROM g2p_spar_mapping m"
        " LEFT JOIN g2p_spar_mapping_version v ON v.mapping_id = m.id"
        " WHERE m.id_value = ANY(%s)",
        people_of(body),
    )
    return counts["mappings"], counts["versions"]


def assert_all_linked(answer: dict) -> None:
    """Fail when an answer does not grant all of the 1,000."""
    results = answer["message"]["link_response"]
    assert len(results) == 1000
    assert {outcome(r) for r in results} == {("succ", None)}


def assert_retry_succeeds(spar, api, body: bytes) -> None:
    """The same message again does everything, once; a further repeat does nothing."""
    first = answer_at_last(api, body)
    assert_all_linked(first.json())
    assert stored(spar, body) == (1000, 1000)
    effects = spar.effects()
    assert api.post("link", body).content == first.content
    assert spar.effects() == effects


def answer_at_last(api, body: bytes) -> requests.Response:
    """Send a message again until it is answered, as a client does."""
    found = []

    def answered() -> bool:
        found.append(api.post("link", body))
        return found[-1].ok

    wait_until(answered, "the server takes messages again")
    return found[-1]


def nobody_works(spar) -> bool:
    """Whether the database has nothing to do for the killed any more."""
    return not spar.rows(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND state <> 'idle' AND xact_start IS NOT NULL"
    )


# === A WORKER IS KILLED === #


def test_worker_killed_in_the_middle_of_a_link(spar, api, body):
    """kill -9: nothing of the 1,000 is stored, the retry stores all of them."""
    before, workers = spar.effects(), spar.workers()
    with link_held_half_way(spar, api, body) as call:
        worker = spar.worker_of(call.port)
        os.kill(worker, signal.SIGKILL)
        assert call.answer() == (0, None)
        # The other worker serves on while the half-done link still holds its locks.
        assert outcome(api.one("resolve", id=people_of(body)[0])) == (
            "succ",
            "succ.id.not_found",
        )
    wait_until(lambda: nobody_works(spar), "the transaction is rolled back")
    assert spar.effects() == before
    assert stored(spar, body) == (0, 0)
    assert_retry_succeeds(spar, api, body)
    wait_until(
        lambda: len(spar.workers()) == len(workers), "a new worker takes its place"
    )
    assert worker not in spar.workers()


def test_held_but_not_killed_is_done_as_a_whole(spar, api, body):
    """The counter-check: the same link, let go on, stores all of it."""
    with link_held_half_way(spar, api, body) as call:
        assert stored(spar, body) == (0, 0)
    status, answer = call.answer()
    assert status == HTTPStatus.OK
    assert_all_linked(answer)
    assert stored(spar, body) == (1000, 1000)


def test_caller_gone_in_the_middle_is_answered_when_it_asks_again(spar, api, body):
    """The answer nobody read is the one the retry gets, and it has one effect."""
    before = spar.effects()
    with link_held_half_way(spar, api, body) as call:
        call.wire.hang_up()
        retry = Call(spar, api, body)
        wait_until(lambda: len(spar.rows(WAITING)) == 2, "the retry waits, too")
    status, answer = retry.answer()
    assert status == HTTPStatus.OK
    assert_all_linked(answer)
    assert spar.effects() - before == (1000, 1000, 1)
    assert api.post("link", body).json() == answer


# === THE DATABASE IS KILLED === #


def test_database_killed_in_the_middle_of_a_link(spar, api, body):
    """The caller hears to come again; all or nothing when the database is back."""
    before, sent = spar.effects(), message("resolve", [item(id=new_person())])
    token = api.token
    with ThreadPoolExecutor(4) as callers:
        # Each worker is to have connections that the kill takes from it.
        list(callers.map(lambda _: api.post("resolve", sent, token=token), range(40)))
    with link_held_half_way(spar, api, body) as call:
        spar.kill_database()
        status, answer = call.answer()
    assert status == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer["errors"][0]["code"] == "err.service.unavailable"
    assert_sentence(answer["errors"][0]["message"])
    # Odoo logs the statement that failed; a new start begins a new log.
    assert_no_private_data(spar.log_since(0))
    told = [status_while_down(api, sent, token) for _ in range(6)]
    assert set(told) <= {None, 503}
    assert not spar.server.healthy()
    spar.bring_back()
    assert spar.effects() == before
    assert_retry_succeeds(spar, api, body)


def status_while_down(api, sent: dict, token: str) -> int | None:
    """What a client is told while the database is away; none: no connection.

    It is told when to come again, with one exception that is Odoo's own: it ends when
    it must replace a worker, so that nobody answers until a supervisor has started it
    again.
    """
    try:
        answer = api.post("resolve", sent, token=token)
    except requests.ConnectionError:
        return None
    assert "Traceback" not in answer.text
    assert_refused(answer, 503, "err.service.unavailable")
    assert int(answer.headers["Retry-After"]) >= 1
    return answer.status_code


def test_acknowledged_work_survives_the_database(spar, api, body):
    """What was acknowledged is there after a kill, and is answered as before."""
    first = api.post("link", body)
    assert_all_linked(first.json())
    spar.kill_database()
    spar.bring_back()
    assert stored(spar, body) == (1000, 1000)
    assert answer_at_last(api, body).content == first.content
    assert stored(spar, body) == (1000, 1000)


# === THE WHOLE SERVER IS RESTARTED === #


def test_restart_of_the_server(spar, api, body):
    """Tokens, keys and answers given before are good after it."""
    token, first = api.token, api.post("link", body)
    keys = requests.get(f"{spar.base_url}/spar/v1/oauth2/jwks.json", timeout=30).json()
    assert spar.server.stop()
    with pytest.raises(requests.ConnectionError):
        api.post("link", body, token=token)
    spar.server.start()
    again = api.post("link", body, token=token)
    assert again.content == first.content
    assert stored(spar, body) == (1000, 1000)
    url = f"{spar.base_url}/spar/v1/oauth2/jwks.json"
    assert requests.get(url, timeout=30).json() == keys


def test_server_killed_with_all_its_workers(spar, api, body):
    """kill -9 of the whole group in the middle of a link, then a new start."""
    before = spar.effects()
    with link_held_half_way(spar, api, body) as call:
        os.killpg(spar.server.pid(), signal.SIGKILL)
        assert call.answer() == (0, None)
    wait_until(lambda: spar.server.pid() is None, "the server is gone")
    wait_until(lambda: nobody_works(spar), "the transaction is rolled back")
    spar.bring_back()
    assert spar.effects() == before
    assert_retry_succeeds(spar, api, body)

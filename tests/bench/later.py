"""Cells of what is acknowledged at once and done later: intake, drain, callback."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import figures
import load
import machine
import messages
from figures import Summary
from messages import Body
from place import Place

from clients.receiver import Receiver
from clients.staff import Staff
from spar_env.console import SetupError

#: What waits when working off begins, for each second of a cell.
ITEMS_A_SECOND, MESSAGES_A_SECOND = 10_000, 100
#: Between two looks at how far it is.
POLL_SECONDS = 0.02
#: The slowest that is still measured.
MOST_SECONDS = 900
_LAST = "SELECT last_value FROM g2p_spar_mapping_id_seq"
_DONE = "SELECT count(*) FROM g2p_spar_mapping WHERE id > %s"
#: Messages, with what hangs on them: contents, callbacks, files.
_FORGET = """
    TRUNCATE g2p_spar_message CASCADE;
    DELETE FROM queue_job WHERE channel LIKE 'root.g2p_spar%';
"""


@contextmanager
def partner(place: Place) -> Iterator[Receiver]:
    """Let the benchmark's partner be called back, while the block lasts."""
    with Receiver() as receiver:
        staff = Staff(place.spar.url, place.database, "spar_admin", "spar_admin")
        note = {"ip": "127.0.0.1", "port": receiver.port, "note": "benchmark"}
        allowed = staff.call("g2p.spar.outgoing.address", "create", [note])
        sender = staff.call("g2p.spar.sender", "search", [["mnemonic", "=", "demo"]])
        staff.call("g2p.spar.sender", "write", sender, {"callback_url": receiver.url})
        try:
            yield receiver
        finally:
            staff.call("g2p.spar.outgoing.address", "unlink", allowed)


def intake(place: Place, pool: list[Body], users: int, times) -> Summary:
    """How fast messages are acknowledged, while nobody works them off."""
    place.restart(jobs=False)
    with partner(place):
        load_ = load.Load(place.later, pool, users, once=True)
        summary = load.measure(load_, times.seconds, times.warmup, place.watched)
    forget(place)
    return summary


def drain(place: Place, pool: list[Body], users: int) -> Summary:
    """How fast waiting messages are worked off and their results delivered.

    The clock starts with the first mapping that is written and stops with the last.
    """
    place.restart(jobs=False)
    with partner(place) as receiver:
        waiting = _acknowledged(place, pool, users)
        with place.connection() as connection, connection.cursor() as cursor:
            connection.autocommit = True
            begin = _read(cursor, _LAST)
            place.restart(jobs=True)
            _wait(lambda: _read(cursor, _LAST) > begin, "the work begins")
            before, seen = machine.snapshot(place.watched), _read(cursor, _DONE, begin)
            _wait(lambda: _read(cursor, _LAST) >= begin + waiting, "it is nearly done")
            _wait(lambda: _read(cursor, _DONE, begin) == waiting, "it is done")
            after = machine.snapshot(place.watched)
        receiver.wait(
            lambda r: len(_told(r)) == len(pool), "every callback", MOST_SECONDS
        )
        wrong = _count_wrong(receiver, pool)
    forget(place)
    return _summary(waiting - seen, len(pool), wrong, before, after)


def callback(place: Place, pool: list[Body], times) -> Summary:
    """From sending a message to having its result, one message after the other."""
    place.restart(jobs=True)
    samples = []
    with partner(place) as receiver:
        # The first one fills caches.
        _sent_and_told(place, receiver, pool[0])
        before = machine.snapshot(place.watched)
        for body in pool[1:]:
            samples.append(_sent_and_told(place, receiver, body))
            if samples[-1].ended > before.at + times.seconds:
                break
        after = machine.snapshot(place.watched)
    forget(place)
    return figures.summarize(samples, after.at - before.at, before, after)


def forget(place: Place) -> None:
    """Take away messages, results and jobs, done or not."""
    place.restart(jobs=False)
    with place.connection() as connection, connection, connection.cursor() as cursor:
        cursor.execute(_FORGET)


def pool_of(count: int, batch: int, first: int) -> list[Body]:
    """Messages that link new people and are to be acknowledged.

    :param first: number of the first row
    """
    blocks = messages.blocks(first, count, batch)
    return [messages.make_link(block)._replace(is_later=True) for block in blocks]


def drained(seconds: float, batch: int) -> int:
    """How many messages wait when working off begins."""
    return max(2, round(seconds * min(MESSAGES_A_SECOND, ITEMS_A_SECOND / batch)))


def _acknowledged(place: Place, pool: list[Body], users: int) -> int:
    """Send all messages and return how many items were acknowledged.

    :raise SetupError: one was not
    """
    senders = load.Load(place.later, pool, users, once=True)
    senders.start()
    senders.wait(MOST_SECONDS)
    senders.stop()
    verdicts = [sample.judged().verdict for sample in senders.samples]
    problem = next((v.problem for v in verdicts if v.problem), "")
    if problem or len(verdicts) != len(pool):
        raise SetupError(
            f"Messages were not acknowledged: {problem}.",
            "Look at the server's log, .run/bench/odoo.log.",
        )
    return sum(verdict.right for verdict in verdicts)


def _sent_and_told(place: Place, receiver: Receiver, body: Body) -> load.Sample:
    """Send one message and wait for its result."""
    seen = len(receiver.requests)
    raw = uuid.uuid4().hex.encode().join(body.pieces)
    request = place.later.request(body.operation, raw)
    started = time.perf_counter()
    status, answer = place.later.connect().send(request)
    verdict = messages.check(body, status, answer)
    if verdict.problem:
        return load.Sample(time.perf_counter(), 0.0, body, status, b"", verdict)
    told = receiver.wait(
        lambda r: r.requests[seen:], "a callback", seconds=MOST_SECONDS
    )[0]
    ended = time.perf_counter()
    verdict = messages.check(body._replace(is_later=False), 200, told.body)
    return load.Sample(ended, ended - started, body, status, b"", verdict)


def _told(receiver: Receiver) -> dict[str, bytes]:
    """The results that came, each once."""
    return {one.correlation_id: one.body for one in list(receiver.requests)}


def _count_wrong(receiver: Receiver, pool: list[Body]) -> int:
    """Items whose result is not the right one; results come in any order."""
    [batch] = {len(body.ids) for body in pool}
    at_once = pool[0]._replace(is_later=False)
    told = _told(receiver).values()
    verdicts = [messages.check(at_once, 200, body) for body in told]
    missing = (len(pool) - len(told)) * batch
    return missing + sum(verdict.wrong for verdict in verdicts)


def _summary(done: int, requests: int, wrong: int, before, after) -> Summary:
    seconds = after.at - before.at
    return Summary(
        seconds=round(seconds, 2),
        requests=requests,
        records_per_s=round(figures.rate(done, seconds), 1),
        requests_per_s=round(figures.rate(requests, seconds), 2),
        p50_ms=0.0,
        p95_ms=0.0,
        p99_ms=0.0,
        wrong=wrong,
        first_problem="a result was wrong or missing" if wrong else "",
        cores=machine.cores(before, after),
        worked=machine.busiest(before, after, set()),
    )


def _read(cursor, statement: str, *values) -> int:
    cursor.execute(statement, values)
    return cursor.fetchone()[0]


def _wait(condition, what: str) -> None:
    """Look again and again until something is so.

    :raise SetupError: it never becomes so
    """
    deadline = time.perf_counter() + MOST_SECONDS
    while not condition():
        if time.perf_counter() > deadline:
            raise SetupError(
                f"Not within {MOST_SECONDS} s: {what}.",
                "Look at the server's log, .run/bench/odoo.log.",
            )
        time.sleep(POLL_SECONDS)

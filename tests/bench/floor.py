"""The ceiling of a resolve: the one indexed query and the one JSON document.

Two processes, each with a bare psycopg2 connection, read the columns that the
service reads, by the statement it reads them with, and write an answer of the same
content with orjson. No HTTP, no parsing, no checks, no rights: nothing that answers
the same question through the same driver can be faster by much.
"""

import gc
import multiprocessing
import random
import time
import uuid
from datetime import datetime, timezone
from typing import NamedTuple

import machine
import orjson
import psycopg2
import rows
from figures import Summary, milliseconds, rate

PROCESSES = 2
_POOL_ITEMS = 300_000
_POOL_BODIES = 20_000
_CHECKED = 20
_PREPARE_SECONDS = 120
SEPARATOR = "\x1f"
#: A test holds it against ``read_for_resolve`` of the service.
QUERY = """
    SELECT id_key, fa_value, state, hold_until, valid_until, strategy_id, provider_id,
        branch_code, additional_info::text, version, id
    FROM (SELECT k FROM unnest(string_to_array(%s, %s)) AS k ORDER BY k) AS asked
    JOIN g2p_spar_mapping ON id_key = k
"""


class Share(NamedTuple):
    """What one process did inside the window.

    :param latencies: seconds for each batch
    :param size: bytes of one answer
    """

    latencies: list[float]
    seconds: float
    size: int


def measure(
    dsn: str, stored: int, batch: int, seconds: float, warmup: float, postmaster: int
) -> Summary:
    """Run the bare loop in two processes.

    :param stored: number of rows in the registry
    :param postmaster: process id of PostgreSQL, for the accounts
    """
    context = multiprocessing.get_context("spawn")
    barrier, queue = context.Barrier(PROCESSES + 1), context.Queue()
    processes = [
        context.Process(
            target=_work,
            args=(number, dsn, stored, batch, seconds, warmup, barrier, queue),
            daemon=True,
        )
        for number in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    # A process that fails does not arrive; the others must not wait for ever.
    barrier.wait(_PREPARE_SECONDS)
    time.sleep(warmup)
    watched = {"db": postmaster} | {f"loop {p.pid}": p.pid for p in processes}
    before = machine.snapshot(watched)
    time.sleep(seconds)
    after = machine.snapshot(watched)
    shares = [queue.get(timeout=_PREPARE_SECONDS) for _ in processes]
    for process in processes:
        process.join()
    return _summary(shares, batch, seconds, _cores(before, after))


def answer(cursor, ids: list[str], keys: list[str]) -> tuple[list[dict], bytes]:
    """Read one batch and write its answer.

    :return: the entries, and the document
    """
    cursor.execute(QUERY, (SEPARATOR.join(keys), SEPARATOR))
    found = {row[0]: row for row in cursor.fetchall()}
    now = datetime.now(timezone.utc).isoformat()
    entries = [
        _entry(str(n), id_, found[key], now)
        for n, (id_, key) in enumerate(zip(ids, keys, strict=True))
    ]
    header = {
        "version": "1.0.0",
        "message_id": uuid.uuid4().hex,
        "message_ts": now,
        "action": "resolve",
        "status": "succ",
        "status_reason_code": None,
        "status_reason_message": None,
        "total_count": len(ids),
        "completed_count": len(entries),
        "sender_id": "mapper",
        "receiver_id": "bench",
        "is_msg_encrypted": False,
        "meta": {},
    }
    message = {
        "transaction_id": uuid.uuid4().hex,
        "correlation_id": uuid.uuid4().hex,
        "resolve_response": entries,
    }
    return entries, orjson.dumps({"header": header, "message": message})


def _entry(reference: str, id_: str, row: tuple, now: str) -> dict:
    return {
        "reference_id": reference,
        "timestamp": now,
        "id": id_,
        "fa": row[1],
        "account_provider_info": {
            "name": "",
            "code": row[6],
            "subcode": row[7],
            "additional_info": None,
        },
        "status": "succ",
        "status_reason_code": "succ.id.active",
        "status_reason_message": None,
        "additional_info": [{"strategy_id": row[5]}],
        "locale": "en",
    }


def _work(number, dsn, stored, batch, seconds, warmup, barrier, queue) -> None:
    """One process: prepare, check some answers, loop, report."""
    draw = random.Random(number)
    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    cursor = connection.cursor()
    count = max(1, min(_POOL_BODIES, _POOL_ITEMS // batch))
    numbers = [draw.sample(range(stored), batch) for _ in range(count)]
    pool = [
        ([rows.id_of(i) for i in chosen], [rows.id_key_of(i) for i in chosen])
        for chosen in numbers
    ]
    for chosen, (ids, keys) in list(zip(numbers, pool, strict=True))[:_CHECKED]:
        entries, _raw = answer(cursor, ids, keys)
        if [entry["fa"] for entry in entries] != [rows.fa_of(i) for i in chosen]:
            raise SystemExit("The database does not hold the benchmark's rows.")
    gc.disable()
    barrier.wait()
    queue.put(_loop(cursor, pool, seconds, warmup))


def _loop(cursor, pool, seconds: float, warmup: float) -> Share:
    begin = time.perf_counter() + warmup
    end = begin + seconds
    latencies, size, turn = [], 0, 0
    while (started := time.perf_counter()) < end:
        _entries, raw = answer(cursor, *pool[turn % len(pool)])
        turn += 1
        if started >= begin:
            latencies.append(time.perf_counter() - started)
            size = len(raw)
    return Share(latencies, time.perf_counter() - begin, size)


def _cores(before, after) -> dict[str, float]:
    """The loops are the client here: there is no server."""
    spent = machine.cores(before, after)
    loops = [spent.pop(name) for name in list(spent) if name.startswith("loop ")]
    return spent | {"client": round(spent["client"] + sum(loops), 2)}


def _summary(
    shares: list[Share], batch: int, seconds: float, spent: dict[str, float]
) -> Summary:
    latencies = sorted(latency for share in shares for latency in share.latencies)
    batches = sum(rate(len(share.latencies), share.seconds) for share in shares)
    return Summary(
        seconds=seconds,
        requests=len(latencies),
        records_per_s=round(batches * batch, 1),
        requests_per_s=round(batches, 2),
        p50_ms=milliseconds(latencies, 0.50),
        p95_ms=milliseconds(latencies, 0.95),
        p99_ms=milliseconds(latencies, 0.99),
        cores=spent,
        bytes_per_answer=shares[0].size,
    )

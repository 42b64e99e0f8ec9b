"""A constant mixed load for a long time: does a worker's memory grow?

Three users resolve as fast as they are answered; two write at a fixed pace, over
the same rows again and again, so that the registry itself stays about as large.
"""

import statistics
import time
from collections.abc import Iterator

import machine
import messages
import rows
import seed
from load import Load
from place import Place

from spar_env.console import say

_ROWS = 20_000
_BATCH = 100
_PACE_SECONDS = 0.5
_STEP_SECONDS = 60
#: More memory in the last third than in the one before is growth from here on.
TOLERANCE = 0.05
#: Below this, a difference between two averages is what one large answer leaves.
TOLERANCE_MB = 8.0


def run(place: Place, minutes: int) -> dict:
    """Load the system for ``minutes`` and say what became of its memory.

    :return: errors, wrong items, requests, megabytes by worker and minute, ``flat``
    """
    loads = list(_loads(place))
    for one in loads:
        one.start()
    history: dict[int, list[float]] = {}
    totals = {"requests": 0, "errors": 0, "wrong": 0}
    before = machine.snapshot(place.watched)
    for minute in range(1, minutes + 1):
        time.sleep(_STEP_SECONDS)
        after = machine.snapshot(place.watched)
        _note_memory(history, place, before, after)
        line = _collect(loads, totals)
        sizes = ", ".join(f"{pid} {mb[-1]:.1f} MB" for pid, mb in history.items())
        say(f"minute {minute}: {line}; workers: {sizes}")
        before = after
    for one in loads:
        one.stop()
    with place.connection() as connection:
        seed.ensure(connection, place.stored)
    flat = all(is_flat(sizes) for sizes in history.values())
    say(f"Memory of the workers: {'flat' if flat else 'NOT flat'}")
    return {"minutes": minutes, **totals, "flat": flat, "megabytes": history}


def is_flat(sizes: list[float]) -> bool:
    """Whether the last third of a series lies not above the one before.

    The first third is left out: caches fill, and memory once used is kept.

    :param sizes: megabytes, minute by minute
    """
    third = len(sizes) // 3
    if not third:
        return True
    middle = statistics.fmean(sizes[-2 * third : -third])
    last = statistics.fmean(sizes[-third:])
    return last - middle <= max(TOLERANCE_MB, TOLERANCE * middle)


def _loads(place: Place) -> Iterator[Load]:
    with place.connection() as connection:
        with connection, connection.cursor() as cursor:
            reference = seed.read_reference(cursor)
            seed.insert(cursor, reference, rows.UPDATE_FROM, _ROWS)
        seed.tidy(connection)
    single = messages.random_resolves(5_000, 1, place.stored, 1)
    large = messages.random_resolves(200, 1000, place.stored, 2)
    # Nothing is kept: an hour's answers would fill the memory.
    yield Load(place.spar, single, 1, keep_bytes=0)
    yield Load(place.spar, large, 2, keep_bytes=0)
    blocks = list(messages.blocks(rows.UPDATE_FROM, _ROWS // _BATCH, _BATCH))
    updates = [messages.make_update(block, salt) for salt in (1, 2) for block in blocks]
    yield Load(place.spar, updates, 1, pace=_PACE_SECONDS, keep_bytes=0)
    fresh = messages.blocks(rows.LINK_FROM, _ROWS // _BATCH, _BATCH)
    pairs = [
        make(block)
        for block in fresh
        for make in (messages.make_link, messages.make_unlink)
    ]
    yield Load(place.spar, pairs, 1, pace=_PACE_SECONDS, keep_bytes=0)


def _note_memory(history: dict[int, list[float]], place: Place, before, after) -> None:
    ours = set(machine.tree(place.server_pid)) - {place.server_pid}
    for pid in machine.busiest(before, after, {place.server_pid}):
        if pid in ours:
            history.setdefault(pid, []).append(machine.resident_megabytes(pid))


def _collect(loads: list[Load], totals: dict[str, int]) -> str:
    """Count the requests of the last minute and forget them."""
    samples = [sample for one in loads for sample in one.take()]
    errors = sum(sample.status != 200 for sample in samples)
    wrong = sum(sample.verdict.wrong for sample in samples)
    totals["requests"] += len(samples)
    totals["errors"] += errors
    totals["wrong"] += wrong
    problems = (s.verdict.problem for s in samples if s.verdict.problem)
    first = next(problems, "")
    return f"{len(samples)} requests, {errors} errors, {wrong} wrong {first}".rstrip()

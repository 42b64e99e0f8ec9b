"""Closed-loop load: each user sends the next message when it has its last answer.

Messages were serialised beforehand. Latency is taken around sending and reading;
answers are kept and checked when the clock has stopped, so that checking takes no
processor time from the server, which runs on the same machine.
"""

import gc
import itertools
import sys
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import machine
from figures import Summary, summarize
from messages import Body, Verdict, check
from wire import Target

#: Answers kept for later; beyond, they are checked at once.
KEPT_BYTES = 1 << 30
#: Waiting users take over from each other faster than by default (5 ms).
SWITCH_SECONDS = 0.0005
#: After a request without an answer, so that a dead server is not stormed.
PAUSE_SECONDS = 0.05


class Sample(NamedTuple):
    """One request.

    :param ended: when the answer was complete, on ``time.perf_counter``
    :param latency: seconds
    :param body: the message
    :param status: HTTP status, 0 without an answer
    :param raw: body of the answer, or the reason why there is none
    :param verdict: already known, when the answer was not kept
    """

    ended: float
    latency: float
    body: Body
    status: int
    raw: bytes
    verdict: Verdict | None = None

    def judged(self) -> "Sample":
        """The same with its verdict and without its bytes."""
        if self.verdict:
            return self
        verdict = check(self.body, self.status, self.raw)
        return self._replace(verdict=verdict, raw=b"")


class Load:
    """Users of one target that share a list of messages.

    :param target: the server
    :param pool: messages; taken in order
    :param users: how many send at the same time
    :param once: whether each message may be sent only once; else the list starts
        again at its end
    :param pace: least seconds between two messages of a user
    :param keep_bytes: answers kept unchecked
    """

    def __init__(
        self,
        target: Target,
        pool: Sequence[Body],
        users: int,
        *,
        once: bool = False,
        pace: float = 0.0,
        keep_bytes: int = KEPT_BYTES,
    ):
        self.samples: list[Sample] = []
        self.exhausted = False
        self._target = target
        self._pool = pool
        self._once = once
        self._pace = pace
        self._keep = keep_bytes
        self._numbers = itertools.count()
        self._run = uuid.uuid4().hex[:20]
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._use, daemon=True) for _ in range(users)
        ]

    def start(self) -> None:
        """Let the users begin."""
        for thread in self._threads:
            thread.start()

    def wait(self, seconds: float) -> None:
        """Stay for some seconds, or until there is nothing more to send."""
        end = time.perf_counter() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.perf_counter()))

    def stop(self) -> None:
        """Let the users finish their last request and go."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def take(self) -> list[Sample]:
        """The requests since the last call, which are then forgotten."""
        taken, self.samples = self.samples, []
        return taken

    def _use(self) -> None:
        connection = self._target.connect()
        while not self._stop.is_set():
            number = next(self._numbers)
            if self._once and number >= len(self._pool):
                self.exhausted = True
                break
            sample = self._ask(connection, number)
            if sample.status == 0:
                self._stop.wait(PAUSE_SECONDS)
            self._note(sample)
            if self._pace > sample.latency:
                self._stop.wait(self._pace - sample.latency)
        connection.close()

    def _ask(self, connection, number: int) -> Sample:
        body = self._pool[number % len(self._pool)]
        name = f"{self._run}{number:012x}".encode()
        started = time.perf_counter()
        try:
            raw = name.join(body.pieces)
            request = self._target.request(body.operation, raw, body.headers)
            started = time.perf_counter()
            status, raw = connection.send(request)
        except (OSError, ValueError) as error:
            status, raw = 0, repr(error).encode()
        ended = time.perf_counter()
        return Sample(ended, ended - started, body, status, raw)

    def _note(self, sample: Sample) -> None:
        self._keep -= len(sample.raw)
        self.samples.append(sample if self._keep > 0 else sample.judged())


def measure(
    load: Load, seconds: float, warmup: float, watched: dict[str, int]
) -> Summary:
    """Run a load and say what came of it.

    :param warmup: seconds before the clock starts
    :param watched: process ids by name, whose processor time is accounted for
    """
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.collect()
    gc.disable()
    try:
        load.start()
        load.wait(warmup)
        before = machine.snapshot(watched)
        load.wait(seconds)
        after = machine.snapshot(watched)
        load.stop()
    finally:
        gc.enable()
        sys.setswitchinterval(interval)
    inside = [s for s in load.samples if before.at <= s.ended <= after.at]
    judged = [sample.judged() for sample in inside]
    window = _window(load, judged, before, after)
    summary = summarize(judged, window, before, after)
    return replace(summary, exhausted=load.exhausted)


def _window(load: Load, samples: list[Sample], before, after) -> float:
    """Seconds that count: to the last answer, when the messages ran out."""
    if load.exhausted and samples:
        return max(sample.ended for sample in samples) - before.at
    return after.at - before.at

"""Whether a server that keeps failing is asked at all (circuit breaker).

After some failures in a row it is left alone for a while: whoever waits for it
gets an answer at once, and it gets time to recover. Then one call tries it, and
the others go on as that one ends.
"""

from typing import NamedTuple

#: Why a call failed; a number in a table stands for each. Append only.
ERRORS = (
    "",
    "address_invalid",
    "address_forbidden",
    "name_unknown",
    "unreachable",
    "tls_failed",
    "timeout",
    "broken",
    "redirected",
    "answer_encoded",
    "answer_too_large",
    "answer_unreadable",
    "request_refused",
    "access_refused",
    "server_failed",
)


class Rules(NamedTuple):
    """When a server is left alone.

    :param failure_limit: failures in a row
    :param pause_seconds: how long then
    """

    failure_limit: int
    pause_seconds: float


class Health(NamedTuple):
    """What is known of a server. Moments are seconds since the epoch, 0: never.

    :param failures: in a row
    :param opened_at: since when it is left alone
    :param trial_at: when somebody began to try it again
    :param calls: all, since the server began to count
    :param failed: those of them that failed
    :param last_error: place in ``ERRORS`` of the last failure
    """

    failures: int = 0
    opened_at: float = 0.0
    trial_at: float = 0.0
    calls: int = 0
    failed: int = 0
    last_call_at: float = 0.0
    last_failure_at: float = 0.0
    last_error: int = 0


def state_of(health: Health, rules: Rules, now: float) -> str:
    """Return ``closed`` (asked), ``open`` (left alone) or ``half_open`` (tried)."""
    if not health.opened_at:
        return "closed"
    return "open" if now < health.opened_at + rules.pause_seconds else "half_open"


def begin(health: Health, rules: Rules, now: float) -> tuple[bool, Health]:
    """Say whether a call may be made now, and note that it is.

    Of a server that is tried again only one call is made at a time; when its end
    is never told, the next one may try after another pause.
    """
    state = state_of(health, rules, now)
    if state == "closed":
        return True, health
    is_tried = health.trial_at and now < health.trial_at + rules.pause_seconds
    if state == "open" or is_tried:
        return False, health
    return True, health._replace(trial_at=now)


def succeed(health: Health, now: float) -> Health:
    """Note that a call brought an answer."""
    return health._replace(
        failures=0,
        opened_at=0.0,
        trial_at=0.0,
        calls=health.calls + 1,
        last_call_at=now,
    )


def fail(health: Health, rules: Rules, now: float, code: str) -> Health:
    """Note that a call failed.

    :param code: one of ``ERRORS``; any other is noted as the unnamed one
    """
    failures = health.failures + 1
    is_open = bool(health.opened_at) or failures >= rules.failure_limit
    return Health(
        failures=failures,
        opened_at=now if is_open else 0.0,
        trial_at=0.0,
        calls=health.calls + 1,
        failed=health.failed + 1,
        last_call_at=now,
        last_failure_at=now,
        last_error=ERRORS.index(code) if code in ERRORS else 0,
    )

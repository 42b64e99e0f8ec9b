"""A server that keeps failing is left alone, tried again, and believed again."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_connect_api.core.outgoing.breaker import (
    ERRORS,
    Health,
    Rules,
    begin,
    fail,
    state_of,
    succeed,
)
from odoo.addons.g2p_spar_connect_api.core.outgoing.health import SLOTS, HealthTable

RULES = Rules(failure_limit=3, pause_seconds=30)


def failed(times: int, now: float = 100.0) -> Health:
    health = Health()
    for _ in range(times):
        health = fail(health, RULES, now, "timeout")
    return health


def test_it_is_called_until_it_failed_too_often():
    assert begin(failed(2), RULES, 101)[0]
    may_call, health = begin(failed(3), RULES, 101)
    assert not may_call
    assert state_of(health, RULES, 101) == "open"


def test_a_success_forgives():
    health = succeed(failed(2), 101)
    assert (health.failures, health.calls, health.failed) == (0, 3, 2)
    assert begin(fail(health, RULES, 102, "timeout"), RULES, 103)[0]


def test_after_the_pause_one_call_tries_it():
    may_call, health = begin(failed(3), RULES, 130)
    assert may_call and state_of(health, RULES, 130) == "half_open"
    assert not begin(health, RULES, 131)[0]
    assert begin(succeed(health, 132), RULES, 132)[0]
    again = fail(health, RULES, 132, "broken")
    assert not begin(again, RULES, 161)[0]
    assert begin(again, RULES, 162)[0]


def test_a_trial_whose_end_is_never_told_ends_too():
    _may_call, health = begin(failed(3), RULES, 130)
    assert not begin(health, RULES, 159)[0]
    assert begin(health, RULES, 160)[0]


@pytest.mark.parametrize(("code", "place"), [("timeout", 6), ("unheard of", 0)])
def test_the_last_error_is_kept(code, place):
    health = fail(Health(), RULES, 1, code)
    assert health.last_error == place
    assert ERRORS[6] == "timeout"


_STEPS = st.lists(
    st.tuples(st.sampled_from(["ok", "bad"]), st.floats(0, 100)), max_size=30
)


@given(_STEPS)
def test_it_is_left_alone_only_after_failures_and_never_for_ever(steps):
    health, now, in_row = Health(), 1.0, 0
    for outcome, wait in steps:
        now += wait
        may_call, health = begin(health, RULES, now)
        if not may_call:
            assert in_row >= RULES.failure_limit
            continue
        if outcome == "ok":
            health, in_row = succeed(health, now), 0
        else:
            health, in_row = fail(health, RULES, now, "broken"), in_row + 1
    assert health.failures == in_row
    assert begin(health, RULES, now + 2 * RULES.pause_seconds)[0]


def test_processes_share_what_they_know(tmp_path):
    path = tmp_path / "deep" / "health.bin"
    first, second = HealthTable(path), HealthTable(path)
    first.change(7, lambda health: fail(health, RULES, 5.0, "timeout"))
    assert second.read(7) == fail(Health(), RULES, 5.0, "timeout")
    assert second.read(8) == Health()
    assert second.read(7 + SLOTS) == Health()


def test_no_step_is_lost_between_threads(tmp_path):
    table = HealthTable(tmp_path / "health.bin")
    with ThreadPoolExecutor(8) as pool:
        for _ in range(400):
            pool.submit(table.change, 1, lambda health: succeed(health, 1.0))
    assert table.read(1).calls == 400
    table.close()

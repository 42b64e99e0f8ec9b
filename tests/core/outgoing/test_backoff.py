"""Delays grow, end, and are spread by chance."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_connect_api.core.outgoing.backoff import (
    FIRST,
    LONGEST,
    PERIOD,
    SPREAD,
    delay_after,
    is_given_up,
)

_LUCK = st.floats(0, 1)
_ATTEMPTS = st.integers(1, 10_000)


@given(_ATTEMPTS, _LUCK)
def test_a_delay_stays_within_its_bounds(attempts, luck):
    assert delay_after(attempts, luck) >= FIRST * (1 - SPREAD)
    assert delay_after(attempts, luck) <= LONGEST * (1 + SPREAD)


@given(_ATTEMPTS, _LUCK)
def test_a_later_delay_is_not_shorter(attempts, luck):
    assert delay_after(attempts, luck) <= delay_after(attempts + 1, luck)


def test_chance_spreads_delays():
    assert delay_after(1, 0) == timedelta(seconds=11.25)
    assert delay_after(1, 1) == timedelta(seconds=18.75)
    assert delay_after(50, 0.5) == LONGEST


def test_a_day_of_attempts_is_neither_a_flood_nor_a_silence():
    age, attempts = timedelta(), 0
    while not is_given_up(age):
        attempts += 1
        age += delay_after(attempts, 0.5)
    assert 15 <= attempts <= 25
    assert not is_given_up(PERIOD - timedelta(seconds=1))

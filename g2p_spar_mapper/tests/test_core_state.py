from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..core.state import (
    TRANSITIONS,
    State,
    effective_state,
    is_live,
    is_payable,
    is_protected,
)
from .pure import HOUR, NOW

_DATES = st.none() | st.integers(-5, 5).map(lambda hours: NOW + hours * HOUR)


class TestState(BaseCase):
    def test_effective_state_table(self):
        past, future = NOW - HOUR, NOW + HOUR
        table = [
            # stored, hold until, valid until -> now
            (State.ACTIVE, None, None, State.ACTIVE),
            (State.ACTIVE, None, future, State.ACTIVE),
            (State.ACTIVE, None, NOW, State.EXPIRED),
            (State.ACTIVE, None, past, State.EXPIRED),
            (State.ON_HOLD, None, None, State.ON_HOLD),
            (State.ON_HOLD, future, None, State.ON_HOLD),
            (State.ON_HOLD, past, None, State.ACTIVE),
            (State.ON_HOLD, past, past, State.EXPIRED),
            (State.SUSPENDED, past, None, State.SUSPENDED),
            (State.UNLINKED, past, future, State.UNLINKED),
        ]
        for state, hold_until, valid_until, expected in table:
            with self.subTest(state=state, hold=hold_until, valid=valid_until):
                self.assertEqual(
                    effective_state(state, hold_until, valid_until, NOW), expected
                )

    @given(st.sampled_from(State), _DATES, _DATES)
    def test_only_active_is_payable(self, state, hold_until, valid_until):
        payable = is_payable(state, hold_until, valid_until, NOW)
        now = effective_state(state, hold_until, valid_until, NOW)
        self.assertEqual(payable, now == State.ACTIVE)
        if state in (State.SUSPENDED, State.UNLINKED, State.EXPIRED):
            self.assertFalse(payable)
        if valid_until is not None and valid_until <= NOW:
            self.assertFalse(payable)

    @given(st.sampled_from(State), _DATES, _DATES)
    def test_protected_is_never_payable(self, state, hold_until, valid_until):
        now = effective_state(state, hold_until, valid_until, NOW)
        if is_protected(now):
            self.assertFalse(is_payable(state, hold_until, valid_until, NOW))

    @given(_DATES)
    def test_an_expired_link_stays_expired(self, valid_until):
        expired = effective_state(State.ACTIVE, None, valid_until, NOW)
        later = NOW + timedelta(days=1)
        if expired == State.EXPIRED:
            self.assertEqual(
                effective_state(State.ACTIVE, None, valid_until, later), State.EXPIRED
            )

    def test_live_states(self):
        live = {state for state in State if is_live(state)}
        self.assertEqual(live, {State.ACTIVE, State.ON_HOLD, State.SUSPENDED})

    def test_no_step_leads_back_to_a_state_it_starts_from(self):
        for step, (starts, end) in TRANSITIONS.items():
            with self.subTest(step=step):
                self.assertNotIn(end, starts)

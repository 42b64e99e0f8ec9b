from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.g2p_spar_mapper.core.reason import SUCCESSES, Cause

from ..core.state import ENDS, Event, NotPossible, Proof, State, event_of, follow

_ALLOWED = {
    (State.DRAFT, Event.PROVE, Proof.LOGIN): State.PROVED,
    (State.DRAFT, Event.PROVE, Proof.PHOTO): State.PROVED,
    (State.PROVED, Event.HAND_OVER, Proof.PHOTO): State.APPROVAL,
    (State.PROVED, Event.WRITTEN, Proof.LOGIN): State.DONE,
    (State.PROVED, Event.TOLD_TO_WAIT, Proof.LOGIN): State.WAITS,
    (State.PROVED, Event.REFUSE, Proof.LOGIN): State.REFUSED,
    (State.APPROVAL, Event.WRITTEN, Proof.PHOTO): State.DONE,
    (State.APPROVAL, Event.TOLD_TO_WAIT, Proof.PHOTO): State.WAITS,
    (State.APPROVAL, Event.REFUSE, Proof.PHOTO): State.REFUSED,
}


class TestState(BaseCase):
    def test_nothing_but_the_table(self):
        for state in State:
            for event in Event:
                for proof in (*Proof, None):
                    wanted = _ALLOWED.get((state, event, proof))
                    with self.subTest(state=state, event=event, proof=proof):
                        if wanted:
                            self.assertEqual(follow(state, event, proof), wanted)
                        else:
                            with self.assertRaises(NotPossible):
                                follow(state, event, proof)

    @given(st.lists(st.sampled_from(Event), max_size=8), st.sampled_from(Proof))
    def test_a_photo_alone_never_writes(self, events, proof):
        """Whatever happens: an end with a photo lies behind the officer's desk."""
        state, seen = State.DRAFT, []
        for event in events:
            try:
                state = follow(state, event, proof)
            except NotPossible:
                continue
            seen.append(state)
        if state in ENDS and proof == Proof.PHOTO:
            self.assertIn(State.APPROVAL, seen)
        if state in ENDS:
            self.assertEqual(seen[0], State.PROVED)

    def test_each_answer_of_the_registry_is_understood(self):
        for cause in Cause:
            event = event_of(cause, cause in SUCCESSES)
            with self.subTest(cause=cause):
                if cause == Cause.BUSY:
                    self.assertIsNone(event)
                elif cause == Cause.WAITING:
                    self.assertEqual(event, Event.TOLD_TO_WAIT)
                else:
                    wanted = Event.WRITTEN if cause in SUCCESSES else Event.REFUSE
                    self.assertEqual(event, wanted)

"""What a capture goes through, from an ID to what the registry made of it."""

from enum import StrEnum

from odoo.addons.g2p_spar_mapper.core.reason import Cause


class Proof(StrEnum):
    """How somebody proved to be there."""

    LOGIN = "login"
    PHOTO = "photo"


class State(StrEnum):
    """Where a capture is. The values are stored."""

    DRAFT = "draft"
    PROVED = "proved"
    APPROVAL = "approval"
    DONE = "done"
    WAITS = "waits"
    REFUSED = "refused"


class Event(StrEnum):
    """What happens to a capture."""

    PROVE = "prove"
    #: The address was read back; an officer has to look at the photo.
    HAND_OVER = "hand_over"
    WRITTEN = "written"
    TOLD_TO_WAIT = "told_to_wait"
    REFUSE = "refuse"


#: States in which nothing happens any more, and nothing typed is kept.
ENDS = frozenset({State.DONE, State.WAITS, State.REFUSED})

_ENDINGS = {
    Event.WRITTEN: State.DONE,
    Event.TOLD_TO_WAIT: State.WAITS,
    Event.REFUSE: State.REFUSED,
}
_TABLE = {
    State.DRAFT: {Event.PROVE: State.PROVED},
    State.PROVED: {Event.HAND_OVER: State.APPROVAL, **_ENDINGS},
    State.APPROVAL: _ENDINGS,
}


class NotPossible(ValueError):
    """That cannot happen to a capture in this state."""


def follow(state: str, event: Event, proof: str | None) -> State:
    """Return the state behind an event.

    A photo alone writes nothing: only behind an officer's approval does it end. A
    login needs no approval.

    >>> follow("proved", Event.HAND_OVER, "photo")
    <State.APPROVAL: 'approval'>

    :raise NotPossible: not in this state, or not with this proof
    """
    following = _TABLE.get(State(state), {}).get(event)
    if following is None or not _is_allowed(State(state), event, proof):
        raise NotPossible(f"{event} in state {state} with proof {proof}")
    return following


def _is_allowed(state: State, event: Event, proof: str | None) -> bool:
    if proof not in tuple(Proof):
        return False
    if state == State.PROVED:
        return (proof == Proof.PHOTO) == (event == Event.HAND_OVER)
    return state == State.DRAFT or proof == Proof.PHOTO


def event_of(cause: Cause, is_success: bool) -> Event | None:
    """Return what an answer of the registry means for a capture.

    >>> event_of(Cause.WAITING, True)
    <Event.TOLD_TO_WAIT: 'told_to_wait'>

    :return: none: nothing was decided, the same may be sent again
    """
    if cause == Cause.BUSY:
        return None
    if cause == Cause.WAITING:
        return Event.TOLD_TO_WAIT
    return Event.WRITTEN if is_success else Event.REFUSE

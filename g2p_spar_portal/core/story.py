"""What a line of the history was, as the person would tell it."""

from enum import StrEnum

from odoo.addons.g2p_spar_mapper.core.state import Step

#: Entries on one page: as many as fit a few screens of a small phone.
PAGE_SIZE = 10


class Event(StrEnum):
    """What happened to a person's account."""

    CHOSEN = "chosen"
    CHOSEN_AGAIN = "chosen_again"
    CHANGED = "changed"
    DETAILS = "details"
    REMOVED = "removed"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    RESTORED = "restored"
    ASKED = "asked"
    GIVEN_UP = "given_up"
    RENEWED = "renewed"
    APPLIED = "applied"
    BROUGHT_BACK = "brought_back"
    FAILED = "failed"
    ENDED = "ended"


_OF_STEP = {
    Step.UNLINK: Event.REMOVED,
    Step.HOLD: Event.PAUSED,
    Step.RELEASE: Event.RESUMED,
    Step.SUSPEND: Event.STOPPED,
    Step.REINSTATE: Event.RESTORED,
    Step.PROPOSE: Event.ASKED,
    Step.WITHDRAW: Event.GIVEN_UP,
    Step.RENEW: Event.RENEWED,
    Step.REPORT: Event.FAILED,
    Step.ERASE: Event.REMOVED,
}
_OF_RETURN = {Step.APPLY: Event.APPLIED, Step.ROLLBACK: Event.BROUGHT_BACK}
#: Events which brought the account that is paid.
BROUGHT = frozenset(
    {
        Event.CHOSEN,
        Event.CHOSEN_AGAIN,
        Event.CHANGED,
        Event.APPLIED,
        Event.BROUGHT_BACK,
    }
)


def event_of(
    step: str, before: dict | None, after: dict | None, channel: str = ""
) -> Event:
    """Name what a step was.

    :param channel: "registry" for what happened by itself
    :param before: snapshot of the mapping before it; none: there was no mapping
    :param after: snapshot after it
    """
    if step == Step.LINK:
        return Event.CHOSEN_AGAIN if before else Event.CHOSEN
    if step == Step.UPDATE:
        is_same = address_of(before) == address_of(after)
        return Event.DETAILS if is_same else Event.CHANGED
    if step in (Step.APPLY, Step.ROLLBACK):
        is_same = address_of(before) == address_of(after)
        return Event.RESTORED if is_same else _OF_RETURN[Step(step)]
    if step == Step.UNLINK and channel == "registry":
        return Event.ENDED
    return _OF_STEP[Step(step)]


def address_of(snapshot: dict | None) -> str | None:
    """The account in a snapshot, none when there is none or it was removed."""
    if not snapshot or snapshot.get("state") == "unlinked":
        return None
    return snapshot.get("fa_value")


def page_count(entries: int) -> int:
    """How many pages the history has; at least one.

    >>> page_count(0), page_count(10), page_count(11)
    (1, 1, 2)
    """
    return max(1, -(-entries // PAGE_SIZE))

"""Who is told of a change, and of what: decided from the history alone.

A thief who can log in changes the phone first and the account afterwards. So a
contact that was in use shortly before is told as well, and a change of contact is
itself told to the contact before it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from odoo.addons.g2p_spar_mapper.core.show import changed_names
from odoo.addons.g2p_spar_mapper.core.state import Step, is_payable

from .contact import PHONE, clean_phone
from .situation import Meanwhile


class Topic(StrEnum):
    """What a notice is about."""

    LINK = "link"
    UPDATE = "update"
    DETAILS = "details"
    UNLINK = "unlink"
    HOLD = "hold"
    RELEASE = "release"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    PROPOSED = "proposed"
    APPLIED = "applied"
    WITHDRAWN = "withdrawn"
    ROLLED_BACK = "rolled_back"
    FAILED = "failed"
    EXPIRED = "expired"
    ENDS = "ends"
    ENDED = "ended"
    CONTACT_SET = "contact_set"
    CONTACT_ENDED = "contact_ended"
    LANGUAGE = "language"


class Asked(NamedTuple):
    """The change that waits which a version begins or gives up.

    :param changes: what it brings, by the names of a snapshot's fields
    :param due_at: when it is made, naive UTC; none: when somebody has agreed
    :param held: whether the money waits because of it
    """

    changes: dict
    due_at: datetime | None
    held: bool


class Change(NamedTuple):
    """One version of a mapping, as read from the history; or a reminder of its end.

    :param version_id: database id of the version; none for a reminder
    :param id_key: key of the person's ID
    :param changed_at: naive UTC
    :param before: snapshot before, none for the first version
    :param phones: phones which the mapping had within the last days, and has now
    :param asked: of a version which begins or gives up a change that waits
    :param failure: of a version which stops payments because one failed: why
    :param reminder_id: database id of a reminder, whose step is :data:`REMIND`
    :param days: of a reminder: days to the end; 0: the link has ended
    """

    version_id: int | None
    mapping_id: int
    version: int
    step: str
    channel: str
    changed_at: datetime
    transaction_id: str | None
    before: dict | None
    after: dict
    id_key: str
    phones: tuple[str, ...] = ()
    asked: Asked | None = None
    failure: str | None = None
    reminder_id: int | None = None
    days: int | None = None


#: In the place of the step of a version, for a reminder.
REMIND = "remind"


class Known(NamedTuple):
    """A contact that was confirmed with a code.

    :param ended_at: when it was replaced or removed, naive UTC; none: in use
    """

    id_key: str
    kind: str
    value: str
    lang: str | None
    confirmed_at: datetime
    ended_at: datetime | None = None


class Recipient(NamedTuple):
    """Who is told, and in which language; none: the registry's usual one.

    :param usable: whether a message can be sent to it at all
    """

    kind: str
    value: str
    lang: str | None = None
    usable: bool = True


#: Fields whose change is told as "your details were changed".
_DETAILS = frozenset({"name", "phone"})
#: Steps that are told as a topic of another name.
_TOLD_AS = {
    Step.PROPOSE: Topic.PROPOSED,
    Step.APPLY: Topic.APPLIED,
    Step.WITHDRAW: Topic.WITHDRAWN,
    Step.REPORT: Topic.FAILED,
}


def topic_of(change: Change) -> Topic | None:
    """What a version is told as; none when nothing in it concerns the person."""
    step, changed = change.step, _changed(change)
    if step == REMIND:
        return Topic.ENDS if change.days else Topic.ENDED
    if step in (Step.RENEW, Step.ERASE):
        return None
    if step == Step.ROLLBACK:
        return Topic.ROLLED_BACK if "fa_value" in changed else Topic.REINSTATE
    if step == Step.UNLINK and change.channel == "registry":
        return Topic.EXPIRED
    if step != Step.UPDATE:
        return _TOLD_AS.get(Step(step)) or Topic(step)
    if "fa_value" in changed:
        return Topic.UPDATE
    return Topic.DETAILS if changed & _DETAILS else None


def _changed(change: Change) -> set[str]:
    return set(changed_names(change.before, change.after))


def asked_account(change: Change) -> dict | None:
    """Snapshot of the account which a change that waits would bring; none: no such."""
    return change.asked and change.after | change.asked.changes


def meanwhile_of(change: Change) -> Meanwhile:
    """What is paid after a version, until the change that waits is made."""
    if change.asked and change.asked.held:
        return Meanwhile.HELD
    state, *dates = (change.after.get(name) for name in _STANDING)
    hold_until, valid_until = (text and datetime.fromisoformat(text) for text in dates)
    is_paid = is_payable(state, hold_until, valid_until, change.changed_at)
    return Meanwhile.PAID if is_paid else Meanwhile.NOTHING


_STANDING = ("state", "hold_until", "valid_until")


def day_of(change: Change) -> datetime | None:
    """The day a notice has to tell besides its own, naive UTC; none: there is none.

    It is the end of a hold, of a wait or, for a reminder, of the link.
    """
    if change.asked:
        return change.asked.due_at
    name = "valid_until" if change.step == REMIND else "hold_until"
    text = change.after.get(name)
    return text and datetime.fromisoformat(text)


def is_known_at(contact: Known, moment: datetime, days: int) -> bool:
    """Whether a contact is told of what happens at a moment.

    :param moment: naive UTC
    :param days: how long an ended contact is still told
    """
    if contact.confirmed_at > moment:
        return False
    ended = contact.ended_at
    return ended is None or ended > moment - timedelta(days=days)


def recipients_of(
    change: Change, contacts: Iterable[Known], days: int, region: str | None
) -> list[Recipient]:
    """Everybody who is told of a change, each once.

    :param contacts: confirmed and ended contacts of the person
    :param days: see :func:`is_known_at`
    :param region: country of phones without country code
    """
    known = [one for one in contacts if is_known_at(one, change.changed_at, days)]
    told = [Recipient(one.kind, one.value, one.lang) for one in known]
    lang = settled_lang(known, change.changed_at, days)
    phones = [_phone(text, region, lang) for text in change.phones]
    return distinct([*told, *phones])


def settled_lang(contacts: Iterable[Known], moment: datetime, days: int) -> str | None:
    """The language in which a phone is spoken to that never said its own.

    It is that of the oldest contact, when that one is older than some days. One that
    came with a newer contact may be the choice of a thief, so that the owner of the
    phone cannot read what is told.

    :param moment: naive UTC
    :return: none: the registry's usual one
    """
    oldest = min(contacts, key=lambda one: one.confirmed_at, default=None)
    if oldest is None or oldest.confirmed_at > moment - timedelta(days=days):
        return None
    return oldest.lang


def distinct(recipients: Iterable[Recipient]) -> list[Recipient]:
    """Each phone and mailbox once, the first mention counts."""
    found: dict[tuple[str, str], Recipient] = {}
    for recipient in recipients:
        found.setdefault((recipient.kind, recipient.value), recipient)
    return list(found.values())


def _phone(text: str, region: str | None, lang: str | None) -> Recipient:
    """A phone of the mapping: only its form was checked when it was stored."""
    number = clean_phone(text, region)
    return Recipient(PHONE, number or text, lang, number is not None)


def reference_of(change: Change) -> str:
    """The number by which staff find a change: the person's own, or the version's.

    >>> reference_of(Change(1, 7, 3, "hold", "staff", None, None, None, {}, ""))
    '7-3'
    """
    if change.channel == "portal" and change.transaction_id:
        return change.transaction_id
    return f"{change.mapping_id}-{change.version}"


# === SENDING AGAIN === #

#: Failures that a later try may mend; a wrong number stays wrong.
_PASSING = frozenset(
    {"sms_server", "sms_credit", "sms_acc", "mail_smtp", "unknown", "sms_expired"}
)
MAX_ATTEMPTS = 6
_FIRST_WAIT = timedelta(minutes=5)


def wait_before_retry(attempts: int, failure: str | None) -> timedelta | None:
    """How long to wait before sending again; none: not by itself any more.

    Five minutes, then each time four times as long: a gateway that was down for a
    night does not swallow a warning.

    :param attempts: how often it was sent, at least once
    :param failure: Odoo's ``failure_type`` of a mail or an SMS
    """
    if attempts >= MAX_ATTEMPTS or failure not in _PASSING:
        return None
    return _FIRST_WAIT * 4 ** (attempts - 1)

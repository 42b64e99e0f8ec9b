"""What is asked of the registry, and what it answers: plain tuples.

Named tuples, because a request carries thousands of them: they are immutable
and cost a third of a frozen dataclass to make.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from .reason import SUCCESSES, Cause


class StoredKey(str):
    """The key of a known ID, in the place of an ID.

    For screens that stand on a mapping whose ID is kept only as a hash: nobody
    can type that ID again, but its key is at hand.
    """

    __slots__ = ()


class LinkItem(NamedTuple):
    """Link an ID to an address, or change the address of a linked ID.

    The address is either ``fa``, written out, or ``fa_parts`` with the code of
    its type, for callers that have the parts.

    :param reference_id: the caller's own name of this item, 1 to 99 characters
    :param id: identifier, for example ``token:…@nationalId``
    :param fa: financial address as one text
    :param name: name of the person, at most 200 characters
    :param phone_number: RFC 3966 or E.164
    :param additional_info: list of objects such as ``{"name": …, "value": …}``
    :param fa_parts: named parts of the address, texts
    :param fa_type: code of the address type which ``fa_parts`` belong to
    :param valid_until: end of the link, naive UTC; none: unlimited
    """

    reference_id: str
    id: str
    fa: str | None = None
    name: str | None = None
    phone_number: str | None = None
    additional_info: Sequence | None = None
    fa_parts: dict[str, str] | None = None
    fa_type: str | None = None
    valid_until: datetime | None = None


#: An update has the same fields; what is empty stays as it is.
UpdateItem = LinkItem


class UnlinkItem(NamedTuple):
    """Take the address away from an ID.

    :param fa: when given, it must be the linked one
    """

    reference_id: str
    id: str
    fa: str | None = None


class StepItem(NamedTuple):
    """A step of staff: hold, release, suspend, reinstate.

    :param hold_until: for a hold, its end, naive UTC; none: until released
    """

    reference_id: str
    id: str
    hold_until: datetime | None = None


class WaitingItem(NamedTuple):
    """Decide about the change of an ID that waits: apply or withdraw it.

    :param pending_id: which change is meant; none: the one that waits
    :param is_due: it is to be made because its time has come, not because
        somebody agrees
    """

    reference_id: str
    id: str
    pending_id: int | None = None
    is_due: bool = False


class RollbackItem(NamedTuple):
    """Give an ID the address, name and phone back that it had in a version.

    :param version: number of the version in the history of the mapping
    """

    reference_id: str
    id: str
    version: int


class RenewItem(NamedTuple):
    """Let a link go on, with the same address, for as long as its ID type says."""

    reference_id: str
    id: str


class ReportItem(NamedTuple):
    """Tell that a payment to an ID's address failed.

    :param reason: one of ``core.failure.Failure``
    :param failed_on: the day on which it failed
    :param fa: the address that was paid; when given it must still be the linked one
    """

    reference_id: str
    id: str
    reason: str
    failed_on: date | None = None
    fa: str | None = None


class CheckItem(NamedTuple):
    """Tell how a check of an ID's address ended.

    :param rung: one of ``core.ladder.Rung``, but for the format
    :param result: one of ``core.ladder.Result``
    :param evidence: reference to what was seen, at most 200 characters
    :param fa: the address that was checked; when given it must still be linked
    """

    reference_id: str
    id: str
    rung: int
    result: str
    evidence: str | None = None
    fa: str | None = None


class ResolveItem(NamedTuple):
    """Ask for the address of an ID, for the ID of an address, or for a match.

    :param details: whether the address itself is wanted (scope ``details``)
        or only the answer whether there is one (scope ``yes_no``)
    """

    reference_id: str
    id: str | None = None
    fa: str | None = None
    details: bool = False


class Origin(NamedTuple):
    """Where a call comes from, and what its caller may touch.

    :param channel: api, portal, staff, agent or import
    :param sender: name of the calling partner, for the history
    :param transaction_id: the caller's transaction, for the history
    :param reason: why, in a person's words, for the history
    :param evidence: reference to evidence, for the history
    :param id_type_ids: ids of the ID types that may be used; none: all
    :param may_reverse: whether IDs may be looked up by address
    :param may_prefix: whether ``prefix@`` may stand for one ID or address
    :param sandbox: name of the sandbox in which the call stays (``core.sandbox``);
        none: the registry proper
    :param message_id: the caller's name of its message, so that what is sent on to
        other mappers has the same name when the message is repeated
    :param message_ts: when the caller wrote it, ISO 8601, for the same reason
    :param hops: how many mappers sent the call on before it came here
    """

    channel: str = "api"
    sender: str | None = None
    transaction_id: str | None = None
    reason: str | None = None
    evidence: str | None = None
    id_type_ids: frozenset[int] | None = None
    may_reverse: bool = False
    may_prefix: bool = False
    sandbox: str | None = None
    message_id: str | None = None
    message_ts: str | None = None
    hops: int = 0


class Outcome(NamedTuple):
    """What became of one item.

    :param cause: the exact outcome
    :param payable: whether money may be sent to ``fa``; an ``fa`` that is not
        payable is never set
    :param id: the ID found by its address
    :param fa: the address, where details were asked for
    :param fa_parts: its parts as JSON text
    :param strategy_id: the registry's strategy that wrote it
    :param provider_id: the financial service provider
    :param branch_code: code of the branch
    :param additional_info: what the linking caller said more, as JSON text
    :param state: effective state of the mapping
    :param version: version of the mapping, for a later comparison
    :param mapping_id: database id
    :param detail: a sentence that says more than the cause, or none
    :param due_at: when a change that waits will be made, naive UTC; none: when
        somebody has agreed to it
    """

    cause: Cause
    payable: bool = False
    id: str | None = None
    fa: str | None = None
    fa_parts: str | None = None
    strategy_id: int | None = None
    provider_id: int | None = None
    branch_code: str | None = None
    additional_info: str | None = None
    state: str | None = None
    version: int | None = None
    mapping_id: int | None = None
    valid_until: datetime | None = None
    hold_until: datetime | None = None
    detail: str | None = None
    due_at: datetime | None = None

    @property
    def succeeded(self) -> bool:
        """Whether the item was done or answered."""
        return self.cause in SUCCESSES

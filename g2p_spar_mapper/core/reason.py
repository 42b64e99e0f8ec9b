"""What can become of an item, and how each operation says it on the wire.

A :class:`Cause` is our own, exact word for an outcome. G2P Connect lets every
operation use only its own few reason codes, so one cause may be spoken in
different codes. :data:`_WIRE` is the only place where that is decided.

Sources: G2P Connect mapper API 1.0.0, schemas ``LinkStatusReasonCode``,
``UpdateStatusReasonCode``, ``UnlinkStatusReasonCode``,
``ResolveStatusReasonCode``; the enums of the public client libraries 1.0.0,
1.1.0 and 2.0.0 know every code which is used here.
"""

from enum import IntEnum, StrEnum
from typing import NamedTuple


class Operation(StrEnum):
    """The four verbs of the protocol."""

    LINK = "link"
    UPDATE = "update"
    UNLINK = "unlink"
    RESOLVE = "resolve"


class Notice(StrEnum):
    """What partners tell besides the verbs; this registry's own addition."""

    REPORT = "report"


class Status(StrEnum):
    """Item status of the protocol (schema ``RequestStatus``)."""

    SUCCESS = "succ"
    PENDING = "pdng"
    REJECTED = "rjct"


class Cause(IntEnum):
    """What became of one item. The numbers are stored: never reuse one."""

    DONE = 0
    UNCHANGED = 1
    WAITING = 2
    ID_ACTIVE = 10
    ID_INACTIVE = 11
    ID_NOT_FOUND = 12
    FA_ACTIVE = 13
    FA_INACTIVE = 14
    FA_NOT_FOUND = 15
    FA_NOT_LINKED = 16
    ITEM_INVALID = 20
    REFERENCE_INVALID = 21
    REFERENCE_DUPLICATE = 22
    TIMESTAMP_INVALID = 23
    ID_INVALID = 24
    ID_NOT_ALLOWED = 25
    FA_INVALID = 26
    NAME_INVALID = 27
    PHONE_INVALID = 28
    SCOPE_INVALID = 29
    INFO_INVALID = 30
    NOTHING_ASKED = 31
    ALREADY_LINKED = 40
    ID_UNKNOWN = 41
    ID_EXPIRED = 42
    FA_DIFFERS = 43
    PROTECTED = 44
    BUSY = 45
    NOT_POSSIBLE = 46
    CHANGE_WAITS = 47
    OWN_CHANGE = 48
    FAILURE_INVALID = 49
    CHECK_INVALID = 54
    EVENT_INVALID = 55
    DATE_INVALID = 56
    EVIDENCE_INVALID = 57
    END_PAST = 58
    REMOTE_UNAVAILABLE = 50
    REMOTE_UNCERTAIN = 51
    REMOTE_ID_REFUSED = 52
    REMOTE_REFUSED = 53


SUCCESSES = frozenset(c for c in Cause if c < Cause.ITEM_INVALID)


class Answer(NamedTuple):
    """What is said about an item: protocol status, reason code, sentence."""

    status: str
    code: str | None
    message: str | None


MESSAGES = {
    Cause.DONE: None,
    Cause.UNCHANGED: None,
    Cause.WAITING: (
        "The change was accepted and waits, as this registry protects addresses that "
        "are in use; until it is made, resolve says which address is payable."
    ),
    Cause.ID_ACTIVE: None,
    Cause.ID_INACTIVE: "The ID is linked, but its address must not be paid now.",
    Cause.ID_NOT_FOUND: "No address is linked to this ID.",
    Cause.FA_ACTIVE: None,
    Cause.FA_INACTIVE: "The address is linked, but must not be paid now.",
    Cause.FA_NOT_FOUND: "The address is not linked to any ID.",
    Cause.FA_NOT_LINKED: "The address is not linked to this ID.",
    Cause.ITEM_INVALID: "The item is not an object with the fields of this action.",
    Cause.REFERENCE_INVALID: "reference_id must be a text of 1 to 99 characters.",
    Cause.REFERENCE_DUPLICATE: "The same reference_id occurs earlier in the message.",
    Cause.TIMESTAMP_INVALID: (
        "timestamp must be an ISO 8601 date and time that is not in the future."
    ),
    Cause.ID_INVALID: "id must be a text such as type:value@provider.",
    Cause.ID_NOT_ALLOWED: "The sender may not use this type of ID.",
    Cause.FA_INVALID: "fa is not an address that can be paid.",
    Cause.NAME_INVALID: "name must be a text of at most 200 characters.",
    Cause.PHONE_INVALID: (
        "phone_number must be written like +639171234567 (RFC 3966, E.164)."
    ),
    Cause.SCOPE_INVALID: "scope must be yes_no or details.",
    Cause.INFO_INVALID: "additional_info must be a list of objects.",
    Cause.NOTHING_ASKED: "Send an id, an fa or both.",
    Cause.ALREADY_LINKED: "The ID is linked to another address: use update.",
    Cause.ID_UNKNOWN: "No address is linked to this ID: use link.",
    Cause.ID_EXPIRED: "The link of this ID has expired: use link.",
    Cause.FA_DIFFERS: "The ID is linked to another address than the given one.",
    Cause.PROTECTED: (
        "The link is on hold or disputed and cannot be changed until it is reviewed."
    ),
    Cause.BUSY: "Others are changing this ID at the moment: send the item again.",
    Cause.NOT_POSSIBLE: "The link is not in a state that allows this step.",
    Cause.CHANGE_WAITS: (
        "Another change of this ID waits: it must be made or withdrawn first."
    ),
    Cause.OWN_CHANGE: "Somebody else than who asked for the change must agree to it.",
    Cause.FAILURE_INVALID: (
        "reason must be closed, deceased, invalid, name_mismatch, litigation or "
        "minor_turned_major."
    ),
    Cause.CHECK_INVALID: (
        "rung must be 2 to 5, result passed, failed or unclear, and evidence a text of "
        "at most 200 characters in one line."
    ),
    Cause.EVENT_INVALID: (
        "event must be payment_failed, payment_arrived, test_transfer_failed or "
        "test_transfer_arrived."
    ),
    Cause.DATE_INVALID: (
        "date must be a day such as 2026-03-01, not later than the timestamp."
    ),
    Cause.EVIDENCE_INVALID: (
        "evidence must be a text of at most 200 characters in one line."
    ),
    Cause.END_PAST: "The end that was given has come already.",
    Cause.REMOTE_UNAVAILABLE: (
        "The mapper that keeps this ID cannot be reached; nothing was changed: send "
        "the item again later."
    ),
    Cause.REMOTE_UNCERTAIN: (
        "The mapper that keeps this ID did not answer, so it is not known whether it "
        "has done this: resolve the ID, then send the item again if needed."
    ),
    Cause.REMOTE_ID_REFUSED: (
        "The mapper that keeps this ID refused it: it is not in a state there that "
        "allows this. Resolve the ID to see what is linked."
    ),
    Cause.REMOTE_REFUSED: "The mapper that keeps this ID refused the item.",
}

_ALL = tuple(Operation)
_WRITES = (Operation.LINK, Operation.UPDATE, Operation.UNLINK)

#: cause -> (operations that may answer so, reason code)
_WIRE = {
    Cause.DONE: ((_WRITES, None),),
    Cause.UNCHANGED: ((_WRITES, None),),
    Cause.WAITING: (((Operation.LINK, Operation.UPDATE), None),),
    Cause.ID_ACTIVE: (((Operation.RESOLVE,), "succ.id.active"),),
    Cause.ID_INACTIVE: (((Operation.RESOLVE,), "succ.id.inactive"),),
    Cause.ID_NOT_FOUND: (((Operation.RESOLVE,), "succ.id.not_found"),),
    Cause.FA_ACTIVE: (((Operation.RESOLVE,), "succ.fa.active"),),
    Cause.FA_INACTIVE: (((Operation.RESOLVE,), "succ.fa.inactive"),),
    Cause.FA_NOT_FOUND: (((Operation.RESOLVE,), "succ.fa.not_found"),),
    Cause.FA_NOT_LINKED: (((Operation.RESOLVE,), "succ.fa.not_linked_to_id"),),
    Cause.ITEM_INVALID: ((_ALL, "rjct.reference_id.invalid"),),
    Cause.REFERENCE_INVALID: ((_ALL, "rjct.reference_id.invalid"),),
    Cause.REFERENCE_DUPLICATE: ((_ALL, "rjct.reference_id.duplicate"),),
    Cause.TIMESTAMP_INVALID: ((_ALL, "rjct.timestamp.invalid"),),
    Cause.ID_INVALID: ((_ALL, "rjct.id.invalid"),),
    Cause.ID_NOT_ALLOWED: ((_ALL, "rjct.id.invalid"),),
    Cause.FA_INVALID: ((_ALL, "rjct.fa.invalid"),),
    Cause.NAME_INVALID: (
        ((Operation.LINK,), "rjct.name.invalid"),
        ((Operation.UPDATE, Operation.UNLINK), "rjct.beneficiary_name.invalid"),
        ((Operation.RESOLVE,), "rjct.id.invalid"),
    ),
    Cause.PHONE_INVALID: (
        ((Operation.LINK,), "rjct.mobile_number.invalid"),
        ((Operation.UPDATE, Operation.UNLINK), "rjct.beneficiary_name.invalid"),
    ),
    Cause.SCOPE_INVALID: (((Operation.RESOLVE,), "rjct.resolve_type.not_supported"),),
    Cause.INFO_INVALID: (
        ((Operation.LINK,), "rjct.other.error"),
        (
            (Operation.UPDATE, Operation.UNLINK, Operation.RESOLVE),
            "rjct.reference_id.invalid",
        ),
    ),
    Cause.NOTHING_ASKED: (((Operation.RESOLVE,), "rjct.id.invalid"),),
    Cause.ALREADY_LINKED: (((Operation.LINK,), "rjct.id.invalid"),),
    Cause.ID_UNKNOWN: (((Operation.UPDATE, Operation.UNLINK), "rjct.id.invalid"),),
    Cause.ID_EXPIRED: (((Operation.UPDATE,), "rjct.id.invalid"),),
    Cause.FA_DIFFERS: (((Operation.UNLINK,), "rjct.fa.invalid"),),
    Cause.PROTECTED: (
        ((Operation.LINK,), "rjct.other.error"),
        ((Operation.UPDATE, Operation.UNLINK), "rjct.id.invalid"),
    ),
    Cause.BUSY: (
        ((Operation.LINK,), "rjct.unknown.retry"),
        ((Operation.UPDATE, Operation.UNLINK), "rjct.id.invalid"),
    ),
    Cause.CHANGE_WAITS: (
        ((Operation.LINK,), "rjct.other.error"),
        ((Operation.UPDATE, Operation.UNLINK), "rjct.id.invalid"),
    ),
    Cause.END_PAST: (
        ((Operation.LINK,), "rjct.other.error"),
        ((Operation.UPDATE,), "rjct.id.invalid"),
    ),
    Cause.REMOTE_UNAVAILABLE: (
        ((Operation.LINK,), "rjct.unknown.retry"),
        ((Operation.UPDATE, Operation.UNLINK, Operation.RESOLVE), "rjct.id.invalid"),
    ),
    Cause.REMOTE_UNCERTAIN: (
        ((Operation.LINK,), "rjct.unknown.retry"),
        ((Operation.UPDATE, Operation.UNLINK), "rjct.id.invalid"),
    ),
    Cause.REMOTE_ID_REFUSED: ((_ALL, "rjct.id.invalid"),),
    Cause.REMOTE_REFUSED: (
        ((Operation.LINK,), "rjct.other.error"),
        ((Operation.UPDATE, Operation.UNLINK, Operation.RESOLVE), "rjct.id.invalid"),
    ),
}

#: What is said of a report, which no client library has a list of codes for.
_REPORT_WIRE = {
    Cause.DONE: None,
    Cause.UNCHANGED: None,
    Cause.ITEM_INVALID: "rjct.reference_id.invalid",
    Cause.REFERENCE_INVALID: "rjct.reference_id.invalid",
    Cause.REFERENCE_DUPLICATE: "rjct.reference_id.duplicate",
    Cause.TIMESTAMP_INVALID: "rjct.timestamp.invalid",
    Cause.ID_INVALID: "rjct.id.invalid",
    Cause.ID_NOT_ALLOWED: "rjct.id.invalid",
    Cause.ID_UNKNOWN: "rjct.id.invalid",
    Cause.NOT_POSSIBLE: "rjct.id.invalid",
    Cause.FA_INVALID: "rjct.fa.invalid",
    Cause.FA_DIFFERS: "rjct.fa.invalid",
    Cause.EVENT_INVALID: "rjct.event.invalid",
    Cause.FAILURE_INVALID: "rjct.reason.invalid",
    Cause.DATE_INVALID: "rjct.date.invalid",
    Cause.EVIDENCE_INVALID: "rjct.evidence.invalid",
    Cause.BUSY: "rjct.unknown.retry",
}

#: What a sender of SPAR 1.1 expects where the specification says otherwise.
_LEGACY_1_1 = {
    (Operation.LINK, Cause.ALREADY_LINKED): "rjct.reference_id.duplicate",
    (Operation.UPDATE, Cause.ID_UNKNOWN): "rjct.reference_id.duplicate",
    (Operation.RESOLVE, Cause.ID_NOT_FOUND): "succ.fa.not_linked_to_id",
    (Operation.RESOLVE, Cause.FA_NOT_FOUND): "succ.fa.not_linked_to_id",
}


def _answers() -> dict[tuple[Operation | Notice, Cause], Answer]:
    table = {
        (Notice.REPORT, cause): Answer(_status_of(cause).value, code, MESSAGES[cause])
        for cause, code in _REPORT_WIRE.items()
    }
    for cause, lines in _WIRE.items():
        status = _status_of(cause).value
        for operations, code in lines:
            for operation in operations:
                table[operation, cause] = Answer(status, code, MESSAGES[cause])
    return table


def _status_of(cause: Cause) -> Status:
    if cause == Cause.WAITING:
        return Status.PENDING
    return Status.SUCCESS if cause in SUCCESSES else Status.REJECTED


ANSWERS = _answers()
LEGACY_ANSWERS = ANSWERS | {
    key: ANSWERS[key]._replace(code=code) for key, code in _LEGACY_1_1.items()
}


def answer(operation: Operation | Notice, cause: Cause, legacy: bool = False) -> Answer:
    """Say in the words of one operation what became of an item.

    :param operation: whose reason codes may be used
    :param cause: what became of the item
    :param legacy: use the reason codes of SPAR 1.1 where they differ
    :raise KeyError: the operation can never end with this cause
    """
    return (LEGACY_ANSWERS if legacy else ANSWERS)[operation, cause]

"""What another mapper answered, in the registry's own words.

An address is believed only where the item succeeded with a code that says that it
is payable: whatever else stands beside it is withheld. Mappers differ in what they
say of the same thing; ``facts.DIALECTS`` tells how.
"""

from collections.abc import Sequence
from http import HTTPStatus

import orjson

from odoo.addons.g2p_spar_fa_reference.core.errors import AddressError
from odoo.addons.g2p_spar_fa_reference.core.reference import ParsedAddress, Reference
from odoo.addons.g2p_spar_mapper.core.commands import Outcome, ResolveItem
from odoo.addons.g2p_spar_mapper.core.fields import clean_info, dump_info, dump_json
from odoo.addons.g2p_spar_mapper.core.outgoing.errors import OutgoingError
from odoo.addons.g2p_spar_mapper.core.reason import ANSWERS, Cause, Operation
from odoo.addons.g2p_spar_mapper.core.rows import Entry

from ..openg2p.address import read_address
from .facts import Dialect
from .split import failed_outcome

_REFUSED_LOOKS = {
    HTTPStatus.UNAUTHORIZED: "access_refused",
    HTTPStatus.FORBIDDEN: "access_refused",
}
_UPDATE_OR_UNLINK = (Operation.UPDATE, Operation.UNLINK)
#: (operation, code) of a refused change -> cause. Its references are the registry's
#: own and unique, so a code about them means the ID, as in SPAR 1.1 and Sunbird.
CHANGES = {
    (Operation.LINK, "rjct.reference_id.duplicate"): Cause.ALREADY_LINKED,
    **{
        (one, "rjct.reference_id.duplicate"): Cause.ID_UNKNOWN
        for one in _UPDATE_OR_UNLINK
    },
    **{
        (one, "rjct.reference_id.invalid"): Cause.ID_UNKNOWN
        for one in _UPDATE_OR_UNLINK
    },
    (Operation.LINK, "rjct.fa.invalid"): Cause.FA_INVALID,
    (Operation.UPDATE, "rjct.fa.invalid"): Cause.FA_INVALID,
    (Operation.UNLINK, "rjct.fa.invalid"): Cause.FA_DIFFERS,
    (Operation.LINK, "rjct.name.invalid"): Cause.NAME_INVALID,
    (Operation.UPDATE, "rjct.beneficiary_name.invalid"): Cause.NAME_INVALID,
    (Operation.LINK, "rjct.mobile_number.invalid"): Cause.PHONE_INVALID,
    (Operation.LINK, "rjct.unknown.retry"): Cause.BUSY,
    **{(one, "rjct.id.invalid"): Cause.REMOTE_ID_REFUSED for one in Operation},
}
#: Code of a resolved item -> cause when an address was asked about, cause when not.
_FOUND = {
    "succ.id.active": (Cause.ID_ACTIVE, Cause.ID_ACTIVE),
    "succ.id.inactive": (Cause.ID_INACTIVE, Cause.ID_INACTIVE),
    "succ.id.not_found": (Cause.ID_NOT_FOUND, Cause.ID_NOT_FOUND),
    "succ.fa.active": (Cause.ID_ACTIVE, Cause.REMOTE_REFUSED),
    "succ.fa.inactive": (Cause.ID_INACTIVE, Cause.ID_INACTIVE),
    "succ.fa.not_found": (Cause.FA_NOT_LINKED, Cause.ID_NOT_FOUND),
    "succ.fa.not_linked_to_id": (Cause.FA_NOT_LINKED, Cause.ID_NOT_FOUND),
}


def check_status(status: int) -> None:
    """Refuse an answer whose HTTP status says that the request was not taken.

    :raise OutgoingError: any status but 200
    """
    if status == HTTPStatus.OK:
        return
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise OutgoingError(
            "server_failed", f"The mapper failed (HTTP status {status}).", False
        )
    raise OutgoingError(
        _REFUSED_LOOKS.get(status, "request_refused"),
        f"The mapper refused the request (HTTP status {status}): check its address, "
        "the credentials and what is agreed with its operator.",
        True,
    )


def read_outcomes(
    dialect: Dialect,
    operation: Operation,
    entries: Sequence[Entry],
    raw: bytes,
    reference: Reference,
) -> list[Outcome]:
    """Read what became of the items that were sent.

    :param entries: as sent
    :param raw: body of the answer
    :return: one outcome for each entry
    :raise OutgoingError: the answer is none of the protocol
    """
    results, is_rejected = _open(dialect, operation, raw)
    missing = Outcome(Cause.REMOTE_REFUSED)
    if not is_rejected:
        missing = failed_outcome(operation, is_safe_to_repeat=False)
    outcomes = []
    for entry in entries:
        result = results.get(entry.item.reference_id)
        if result is None:
            outcomes.append(missing)
        elif operation is Operation.RESOLVE:
            outcomes.append(_judge_found(dialect, entry, result, reference))
        else:
            outcomes.append(_judge_change(operation, result))
    return outcomes


def _open(
    dialect: Dialect, operation: Operation, raw: bytes
) -> tuple[dict[str, dict], bool]:
    """Return the results by reference, and whether the whole message is refused.

    A refusal because the name was used before says nothing of the items: what was
    sent under it then may have been done.
    """
    content = _load(raw)
    if dialect.is_openg2p:
        header, body = content.get("response_header"), content.get("response_body")
        message = body.get("response_payload") if isinstance(body, dict) else {}
        status, code = _pick(header, "response_status", "response_error_code")
        is_rejected = status == "ERROR"
    else:
        header, message = content.get("header"), content.get("message")
        status, code = _pick(header, "status", "status_reason_code")
        is_rejected = status == "rjct"
    if not isinstance(header, dict):
        raise _unreadable()
    message = message if isinstance(message, dict) else {}
    results = _index(message.get(f"{operation}_response"))
    return results, is_rejected and code != "rjct.message_id.duplicate"


def _load(raw: bytes) -> dict:
    try:
        content = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise _unreadable() from error
    if not isinstance(content, dict):
        raise _unreadable()
    return content


def _pick(header: object, *names: str) -> tuple:
    values = header if isinstance(header, dict) else {}
    return tuple(values.get(name) for name in names)


def _index(results: object) -> dict[str, dict]:
    """Return results by reference; of two with the same one neither is believed."""
    found: dict[str, dict] = {}
    twice = set()
    for result in results if isinstance(results, list) else ():
        reference = result.get("reference_id") if isinstance(result, dict) else None
        if not isinstance(reference, str):
            continue
        if reference in found:
            twice.add(reference)
        found[reference] = result
    return {name: one for name, one in found.items() if name not in twice}


def _unreadable() -> OutgoingError:
    return OutgoingError(
        "answer_unreadable",
        "The answer is not one of a mapper: check address and dialect.",
        False,
    )


def _judge_change(operation: Operation, result: dict) -> Outcome:
    status, code = result.get("status"), result.get("status_reason_code")
    if status == "succ":
        return Outcome(Cause.DONE)
    if status == "pdng" and (operation, Cause.WAITING) in ANSWERS:
        return Outcome(Cause.WAITING)
    if status != "rjct" or not isinstance(code, str | None):
        return failed_outcome(operation, is_safe_to_repeat=False)
    return Outcome(CHANGES.get((operation, code), Cause.REMOTE_REFUSED))


def _judge_found(
    dialect: Dialect, entry: Entry, result: dict, reference: Reference
) -> Outcome:
    """Say what a resolve found out about an ID."""
    item = entry.item
    cause = _cause_of(dialect, item, result)
    if cause is not Cause.ID_ACTIVE:
        return Outcome(cause)
    if result.get("id") not in (None, "", item.id):
        return Outcome(Cause.REMOTE_REFUSED)
    fa = _read_fa(result.get("fa"), reference)
    if entry.fa and fa and fa.fa_key != entry.fa.fa_key:
        return Outcome(Cause.FA_NOT_LINKED)
    if not item.details:
        return Outcome(Cause.ID_ACTIVE, True, state="active")
    return _tell(fa, result) if fa else Outcome(Cause.REMOTE_REFUSED)


def _cause_of(dialect: Dialect, item: ResolveItem, result: dict) -> Cause:
    status, code = result.get("status"), result.get("status_reason_code") or None
    if status == "succ" and code is None:
        is_found = dialect.takes_no_code and bool(result.get("fa"))
        return Cause.ID_ACTIVE if is_found else Cause.REMOTE_REFUSED
    if status == "succ" and isinstance(code, str):
        with_fa, without = _FOUND.get(code, (Cause.REMOTE_REFUSED,) * 2)
        return with_fa if item.fa else without
    if status == "rjct" and code and code == dialect.unknown_code:
        return Cause.ID_NOT_FOUND
    return Cause.REMOTE_REFUSED


def _read_fa(fa: object, reference: Reference) -> ParsedAddress | None:
    """Return an address that the registry can read, a text or an object of parts."""
    try:
        if isinstance(fa, dict):
            parts, fa_type, number = read_address(fa)
            hint = number if type(number) is int else None
            return reference.build_address(parts, fa_type, hint)
        return reference.read_address(fa) if fa and isinstance(fa, str) else None
    except (AddressError, ValueError, TypeError):
        return None


def _tell(fa: ParsedAddress, result: dict) -> Outcome:
    try:
        info = dump_info(clean_info(result.get("additional_info")))
    except (ValueError, TypeError):
        info = None
    return Outcome(
        Cause.ID_ACTIVE,
        True,
        fa=fa.fa_value,
        fa_parts=dump_json(fa.parts) if fa.parts else None,
        strategy_id=fa.strategy_id,
        provider_id=fa.provider_id,
        branch_code=fa.branch_code,
        additional_info=info,
        state="active",
    )

"""The message by which items are sent on to another mapper.

The same items of the same caller's message make the same bytes, with the same
name: a mapper that knows the name answers as before and does nothing twice.
"""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from odoo.addons.g2p_spar_fa_reference.core.reference import ParsedAddress, Reference
from odoo.addons.g2p_spar_mapper.core.commands import Origin
from odoo.addons.g2p_spar_mapper.core.reason import Operation
from odoo.addons.g2p_spar_mapper.core.rows import Entry

from ..json_body import write_body
from ..moment import write_moment
from ..openg2p.address import STRATEGY, TYPE
from ..reply import PROTOCOL_VERSION
from .facts import RemoteFacts

CONTENT_TYPE = "application/json"
_NAMES = uuid.UUID("6f1d2f0c-6f0e-5f0b-9a5e-0a7d3b5c9e21")


class Frame(NamedTuple):
    """What surrounds the items.

    :param transaction_id: of the caller, where it has one
    :param written_at: ISO 8601
    :param hops: how many mappers have sent the items on, this one included
    """

    transaction_id: str
    written_at: str
    hops: int


def write_message(
    facts: RemoteFacts,
    operation: Operation,
    entries: Sequence[Entry],
    origin: Origin,
    now: datetime,
    reference: Reference,
) -> bytes:
    """Write the message for some items.

    :param origin: of the call; its message gives the new one its name and time
    :param reference: the reference data
    :param now: aware; the time of a message that follows from no other
    """
    is_named = bool(origin.message_id and operation is not Operation.RESOLVE)
    written_at = (is_named and origin.message_ts) or write_moment(now)
    write = _write_openg2p if facts.dialect.is_openg2p else _write_g2p_connect
    codes = {rule.id: rule.fa_type_code for rule in reference.strategies}
    items = [_write_item(operation, entry, written_at) for entry in entries]
    if facts.dialect.is_openg2p and operation is not Operation.RESOLVE:
        for item, entry in zip(items, entries, strict=True):
            item.update(_write_parts(entry.fa, codes))
    frame = Frame(
        origin.transaction_id or str(uuid.uuid4()), written_at, origin.hops + 1
    )
    name = str(uuid.uuid4())
    if is_named:
        name = _derive_name(facts, operation, origin, items)
    return write_body(write(facts, operation, items, frame, name))


def _derive_name(
    facts: RemoteFacts, operation: Operation, origin: Origin, items: list[dict]
) -> str:
    """Return a name that follows from the caller's message and these items."""
    digest = hashlib.sha256(write_body(items)).hexdigest()
    parts = (facts.record_id, operation, origin.sender, origin.message_id, digest)
    return str(uuid.uuid5(_NAMES, "\x1f".join(map(str, parts))))


def _write_g2p_connect(facts, operation, items, frame: Frame, name: str) -> dict:
    return {
        "signature": "",
        "header": {
            "version": PROTOCOL_VERSION,
            "message_id": name,
            "message_ts": frame.written_at,
            "action": operation.value,
            "sender_id": facts.sender_id,
            "sender_uri": "",
            "receiver_id": facts.receiver_id,
            "total_count": len(items),
            "is_msg_encrypted": False,
            "meta": {"forwarded": frame.hops},
        },
        "message": {
            "transaction_id": frame.transaction_id,
            f"{operation}_request": items,
        },
    }


def _write_openg2p(facts, operation, items, frame: Frame, name: str) -> dict:
    payload = {"transaction_id": frame.transaction_id, f"{operation}_request": items}
    return {
        "request_header": {
            "sender_app_mnemonic": facts.sender_id,
            "sender_app_url": "",
            "request_id": name,
            "request_timestamp": frame.written_at,
        },
        "request_body": {"request_payload": payload},
    }


def _write_item(operation: Operation, entry: Entry, written_at: str) -> dict:
    """Write one item; what is empty is left out."""
    item = entry.item
    values = {
        "reference_id": item.reference_id,
        "timestamp": written_at,
        "id": item.id,
        "fa": entry.fa and entry.fa.fa_value,
        "name": entry.name,
        "phone_number": entry.phone,
        "additional_info": entry.info,
    }
    if operation is Operation.RESOLVE:
        values["scope"] = "details" if item.details else "yes_no"
    return {name: value for name, value in values.items() if value}


def _write_parts(fa: ParsedAddress | None, codes: Mapping[int, str]) -> dict:
    """Write an address as the object of its parts, where they are known.

    :param codes: strategy id -> code of its address type
    """
    if fa is None or not fa.parts:
        return {}
    head = {STRATEGY: fa.strategy_number, TYPE: codes.get(fa.strategy_id)}
    return {"fa": head | fa.parts}

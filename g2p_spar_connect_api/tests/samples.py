"""Messages for tests of the pure core."""

import json
from datetime import datetime, timezone

from odoo.addons.g2p_spar_mapper.core.reason import Operation

from ..core.envelope import read_message
from ..core.sender import SenderFacts

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
STAMP = "2026-03-01T11:59:00Z"
ID = "token:abc@nationalId"
FA = "account:123@indigo.dfsp1.bank_acc"


def item(reference="r1", **values):
    """A JSON item that nothing is wrong with; ``values`` replace or add fields."""
    return {"reference_id": reference, "timestamp": STAMP, "id": ID, **values}


def content(operation="link", items=None, **header):
    """A JSON message; ``header`` replaces or adds fields of its header."""
    if items is None:
        items = [item(fa=FA)]
    return {
        "signature": "",
        "header": {
            "version": "1.0.0",
            "message_id": "m1",
            "message_ts": STAMP,
            "action": operation,
            "sender_id": "pbms",
            "total_count": len(items),
            **header,
        },
        "message": {"transaction_id": "t1", f"{operation}_request": items},
    }


def raw(*args, **kw):
    """Bytes of :func:`content`."""
    return json.dumps(content(*args, **kw)).encode()


def message(operation="link", items=None, limit=2000, **header):
    """A message as it is read."""
    body = content(operation, items, **header)
    return read_message(Operation(operation), body, NOW, limit)


def facts(**values):
    """What is known of a sender that may do everything but the further rights."""
    return SenderFacts(
        **{
            "record_id": 1,
            "sender_id": "pbms",
            "client_id": "client",
            "is_active": True,
            "valid_until": None,
            "tokens_from": 0,
            "secrets": (),
            "scopes": frozenset({"mapper.link", "mapper.resolve"}),
            "id_type_ids": None,
            "may_reverse": False,
            "may_prefix": False,
            "purposes": None,
            "item_limit": 2000,
            "body_limit": 2**20,
            "request_limit": 100,
            "token_lifetime": 600,
            "legacy": False,
            "user_id": 1,
        }
        | values
    )

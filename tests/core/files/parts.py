"""Files for tests, whole and in parts."""

import json

from odoo.addons.g2p_spar_mapper.core.reason import Operation

LINK = Operation.LINK


def cut(data: bytes, places) -> list[bytes]:
    """Return ``data`` in parts, cut at some places; no part is empty."""
    stops = sorted({place % (len(data) + 1) for place in places} | {0, len(data)})
    return [data[a:b] for a, b in zip(stops, stops[1:], strict=False)]


def document(items, key="link_request", **message) -> bytes:
    """Return a message with these items as a JSON file."""
    content = {
        "signature": "",
        "header": {"version": "1.0.0", "message_id": "m1"},
        "message": {"transaction_id": "t1", key: items, **message},
    }
    return json.dumps(content).encode()


def csv_file(*rows: str, end="\r\n") -> bytes:
    """Return a CSV file with these rows."""
    return "".join(row + end for row in rows).encode()

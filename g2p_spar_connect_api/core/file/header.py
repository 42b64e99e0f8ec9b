"""The message around the rows of a file.

A JSON file carries its own header. For a CSV file it is put together from the
fields of the form, and what they leave out has defaults.
"""

from datetime import datetime

from odoo.addons.g2p_spar_mapper.core.reason import Operation

from ..errors import MalformedBody
from ..moment import write_moment
from .layout import list_name


def check_action(operation: Operation, fields: dict[str, str]) -> None:
    """Refuse a form that was sent to the wrong address.

    :raise MalformedBody: its action is missing or another one
    """
    action = fields.get("action", "").strip().casefold()
    if action != operation:
        raise MalformedBody(f"The field action must be {operation} at this address.")


def make_content(
    operation: Operation, fields: dict[str, str], name: str, now: datetime
) -> dict:
    """Return the request that the form of a CSV file stands for, without items.

    :param name: message and transaction id where the form has none
    :param now: aware; time of the message where the form has none
    """
    header = {
        "version": fields.get("version") or "1.0.0",
        "message_id": fields.get("message_id") or name,
        "message_ts": fields.get("message_ts") or write_moment(now),
        "action": operation.value,
        "sender_id": fields.get("sender_id", ""),
        "receiver_id": fields.get("receiver_id", ""),
        "total_count": _read_count(fields.get("total_count", "")),
        "meta": {"purpose": fields["purpose"]} if fields.get("purpose") else {},
    }
    if fields.get("sender_uri"):
        header["sender_uri"] = fields["sender_uri"]
    message = {
        "transaction_id": fields.get("transaction_id") or header["message_id"],
        list_name(operation): [],
    }
    return {"header": header, "message": message}


def default_name(operation: Operation, digest: str, fresh: str) -> str:
    """Return the message id of a file that has none.

    What changes links is named by what it does and its content, so that the same
    file sent twice changes them once. A resolve is answered anew each time.

    :param digest: SHA-256 of the file, in hexadecimal digits
    :param fresh: a name that was never used
    """
    return fresh if operation is Operation.RESOLVE else f"{operation}-{digest}"


def _read_count(text: str) -> int:
    """Return the announced number of rows, 0 for none."""
    text = text.strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise MalformedBody("The field total_count must be a number.")
    return int(text)

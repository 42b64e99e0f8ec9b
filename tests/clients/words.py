"""Made-up persons and accounts, and the messages that carry them.

All of them can be recognised: ``PRIVATE`` finds each of them in a log, where none
may stand.
"""

import re
import uuid
from datetime import datetime, timezone

OPERATIONS = ("link", "update", "unlink", "resolve")
#: Strategy, bank and branch are those of the demonstration data (SPAR 1.0).
BANK = "indigo.dfsp1.bank_acc"
PRIVATE = re.compile(r"bbx[0-9a-f]{32}|7700\d{10}|eyJ[\w-]{8,}|Beneficiary-\w+")


def new_person() -> str:
    """An ID that nobody has yet."""
    return f"token:bbx{uuid.uuid4().hex}@nationalId"


def new_account() -> str:
    """A bank account that nobody has yet, as a financial address."""
    return f"account:{new_number()}@{BANK}"


def new_number() -> str:
    """A bank account number that nobody has yet: 14 digits."""
    return f"7700{uuid.uuid4().int % 10**10:010}"


def new_phone() -> str:
    """A mobile phone that nobody has yet, with its country code."""
    return f"+2547{uuid.uuid4().int % 10**8:08}"


def new_name() -> str:
    """The name of a person who does not exist."""
    return f"Beneficiary-{uuid.uuid4().hex[:10]}"


def now() -> str:
    """The present moment as clients write it."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def item(**fields) -> dict:
    """One item; reference and time are filled in."""
    return {"reference_id": str(uuid.uuid4()), "timestamp": now(), **fields}


def link_item(person: str | None = None, account: str | None = None, **fields) -> dict:
    """An item that links; a new person and a new account where none is given."""
    return item(id=person or new_person(), fa=account or new_account(), **fields)


def message(operation: str, items: list, **header) -> dict:
    """A G2P Connect message.

    :param header: header fields to set otherwise
    """
    name = f"m-{uuid.uuid4()}"
    return {
        "signature": "",
        "header": {
            "version": "1.0.0",
            "message_id": name,
            "message_ts": now(),
            "action": operation,
            "sender_id": "",
            "total_count": len(items),
            **header,
        },
        "message": {"transaction_id": f"t-{name}", f"{operation}_request": items},
    }


def outcome(result: dict) -> tuple[str, str | None]:
    """Status and reason code of one result."""
    return result["status"], result["status_reason_code"]

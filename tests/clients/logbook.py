"""What may and what may not stand in the server's log."""

import json
import re

from .words import PRIVATE

_RECORD = re.compile(r"^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ )", re.MULTILINE)
_COMPLAINT = re.compile(r"^\S+ \S+ \d+ (ERROR|CRITICAL) |Traceback \(most recent")
#: A client that sent no HTTP, or nothing at all for two seconds; and a browser's
#: websocket, which in production a proxy leads to a port of its own.
_HARMLESS = re.compile(
    r" werkzeug: .* code [45]\d\d, message "
    r"| werkzeug: .* Request timed out: |Couldn't bind the websocket"
)


def assert_no_complaint(text: str) -> None:
    """Fail when the server reported a fault of its own."""
    for record in _RECORD.split(text):
        if _COMPLAINT.search(record) and not _HARMLESS.search(record):
            raise AssertionError(record[:3000])


def assert_no_private_data(text: str) -> None:
    """Fail when a log names a person, an account or a token."""
    found = PRIVATE.search(text)
    assert not found, text[max(found.start() - 300, 0) : found.end() + 100]


def audit_lines(text: str) -> list[dict]:
    """The audit lines in a piece of the server's log."""
    return [
        json.loads(line[line.index("{") :])
        for line in text.splitlines()
        if "g2p_spar.audit" in line
    ]

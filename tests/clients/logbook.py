"""What may and what may not stand in the server's log."""

import json
import re

from .words import PRIVATE

#: A fault of the server, but not a line in which it says that a client sent no HTTP.
COMPLAINT = re.compile(
    r"^\S+ \S+ \d+ (ERROR|CRITICAL) (?!\S+ werkzeug: .* code [45]\d\d, message )"
    r"|Traceback \(most recent call last\)",
    re.MULTILINE,
)


def assert_no_complaint(text: str) -> None:
    """Fail when the server reported a fault of its own."""
    found = COMPLAINT.search(text)
    assert not found, text[found.start() : found.start() + 3000]


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

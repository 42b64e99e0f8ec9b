"""What may and what may not stand in the server's log."""

import json

from .words import PRIVATE

COMPLAINTS = (" ERROR ", " CRITICAL ", "Traceback (most recent call last)")


def assert_no_complaint(text: str) -> None:
    """Fail when the server reported a fault of its own."""
    for complaint in COMPLAINTS:
        place = text.find(complaint)
        assert place < 0, text[max(place - 500, 0) : place + 3000]


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

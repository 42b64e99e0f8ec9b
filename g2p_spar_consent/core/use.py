"""Notes of the use of consents, as they lie on the disk: one JSON list a line."""

import json
from collections.abc import Iterable


def latest_uses(lines: Iterable[bytes]) -> dict[int, float]:
    """Return when each consent was used last, in seconds since the epoch.

    A line that was cut off when the power failed is left out.

    >>> latest_uses([b"[10, [1, 2]]", b"[20, [2]]", b"[30, [1"])
    {1: 10, 2: 20}
    """
    latest: dict[int, float] = {}
    for line in lines:
        try:
            at, consents = json.loads(line)
        except (ValueError, TypeError):
            continue
        for consent in consents:
            latest[consent] = max(at, latest.get(consent, at))
    return latest

"""Sandboxes: rooms of the registry in which partners try things out.

A sandbox has the same IDs and addresses as the registry proper and never meets
it, because its keys begin with a mark that no real key can contain: the control
character *substitute* (U+001A), which is refused in every ID and address. Whoever
looks for a real key cannot find a key of a sandbox, and the other way round; the
same holds between two sandboxes. No statement has to remember a filter.

>>> key = prefix_of("pbms") + "vid@nid"
>>> is_in_sandbox(key), bare(key)
(True, 'vid@nid')
>>> prefix_of(None), is_in_sandbox("vid@nid"), bare("vid@nid")
('', False, 'vid@nid')
"""

import re

MARK = "\x1a"
#: The first text behind all that begin with the mark, where texts are compared by
#: their bytes.
BEHIND_MARK = "\x1b"

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?")


def is_name(text: str) -> bool:
    """Whether a sandbox may have this name: 1 to 40 small letters, digits, ``._-``.

    >>> is_name("pbms-2"), is_name("PBMS"), is_name("")
    (True, False, False)
    """
    return _NAME.fullmatch(text) is not None


def prefix_of(sandbox: str | None) -> str:
    """What the keys of a sandbox begin with.

    :param sandbox: its name; none: the registry proper
    :raise ValueError: no sandbox can have this name
    """
    if sandbox is None:
        return ""
    if not is_name(sandbox):
        raise ValueError("sandbox")
    return f"{MARK}{sandbox}{MARK}"


def prefix_of_key(key: str) -> str:
    """What the keys of the same sandbox begin with; empty for a real key."""
    return "" if key[:1] != MARK else key[: key.index(MARK, 1) + 1]


def is_in_sandbox(key: str) -> bool:
    """Whether the key of an ID or of an address belongs to a sandbox."""
    return key[:1] == MARK


def bare(key: str) -> str:
    """The key without its sandbox."""
    return key[len(prefix_of_key(key)) :]

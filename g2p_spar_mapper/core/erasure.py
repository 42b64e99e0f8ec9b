"""What is left of a person whose data was erased: pseudonyms, and nothing else.

A pseudonym is a keyed hash, so that whoever holds the key can say that two lines
speak of the same person or account, and nobody can list the accounts that there are
and find out which one it was. It is made out of the mapping too: the same account of
two erased persons has two pseudonyms.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

#: What every pseudonym begins with; the database looks for it (``erasure_guard``).
WORD = "erased:"
#: Before the keys of what was erased: no ID or address that is read contains it.
KEY_MARK = "\x1c"
#: Fields of a snapshot and of a change that waits which say who or which account.
REPLACED = ("fa_value", "name", "phone")
DROPPED = ("additional_info", "fa_parts", "fa_key")

_LENGTH = 22


def is_erased(key: str) -> bool:
    """Whether a key stands in the place of what was erased.

    >>> is_erased(KEY_MARK + "erased:1"), is_erased("vid@nid")
    (True, False)
    """
    return key[:1] == KEY_MARK


class Pseudonyms(NamedTuple):
    """The pseudonyms of one mapping.

    :param mapping_id: database id
    :param digest: keyed hash of a text and a purpose
    """

    mapping_id: int
    digest: Callable[[str, str], str]

    def of(self, text: str) -> str:
        """In the place of a value: the same one for the same value.

        >>> Pseudonyms(7, lambda text, purpose: text + "0" * 30).of("a")
        'erased:7\\na0000000000000000000'
        """
        found = self.digest(f"{self.mapping_id}\n{text}", "erased value")
        return WORD + found[:_LENGTH]

    def of_key(self, key: str) -> str:
        """In the place of a key, which nothing that can be typed equals."""
        return KEY_MARK + self.of(key)

    def of_person(self, id_key: str) -> str:
        """What an auditor who is given an ID can find again, without the mapping.

        The number of the mapping is at its end: an ID that was linked anew can be
        erased again.
        """
        found = self.digest(id_key, "erased person")[:_LENGTH]
        return f"{WORD}{found}-{self.mapping_id}"

    def of_snapshot(self, snapshot: Mapping | None) -> dict | None:
        """A snapshot as it is kept: state, dates, provider and branch stay."""
        if snapshot is None:
            return None
        return {
            name: self.of(value) if name in REPLACED and value else value
            for name, value in snapshot.items()
            if name not in DROPPED
        }


class Erased(NamedTuple):
    """One erased person, for those who keep more of the same person.

    :param mapping_id: database id of the mapping
    :param id_key: key of the ID, as it was
    :param id_value: the ID, as it was
    :param pseudonym: in the place of the ID
    :param key: in the place of its key
    :param fa_keys: keys of the addresses which the ID had
    :param said: account addresses, phones, names and the ID, as they were
    """

    mapping_id: int
    id_key: str
    id_value: str
    pseudonym: str
    key: str
    fa_keys: frozenset[str]
    said: frozenset[str]

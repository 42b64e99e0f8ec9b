"""What a person reads before they agree, in English here.

The words belong to the consent: their version and the hash of what the person read, in
the person's own language, are kept with it. Whoever changes a sentence raises
:data:`VERSION`.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import NamedTuple

from odoo.addons.g2p_spar_portal.core.said import Marked

from .consent import Disclosure

VERSION = "1"


def _lt(text: str) -> Marked:
    """Mark a text for the catalogues: their export looks for calls of this name."""
    return Marked(text)


class Line(NamedTuple):
    """One thing that is said.

    :param label: what it is about
    :param text: with ``%(name)s`` where values belong
    """

    label: Marked
    text: str


TOLD = {
    Disclosure.PAYABLE: _lt(
        "Only yes or no: whether you have an account that money can be paid to now."
        " Not which account."
    ),
    Disclosure.MASKED: _lt(
        "At which bank or wallet your account is, and its last digits. Not the whole"
        " number."
    ),
    Disclosure.ADDRESS: _lt(
        "Your whole account number and your bank or wallet, so that money can be paid"
        " to it."
    ),
}
#: The same, short, for lists.
TOLD_SHORT = {
    Disclosure.PAYABLE: _lt("Whether money can be paid to you"),
    Disclosure.MASKED: _lt("Your bank or wallet and the last digits"),
    Disclosure.ADDRESS: _lt("Your whole account number"),
}
_WHO, _FOR, _TOLD = _lt("Who asks"), _lt("What for"), _lt("What they are told")
_UNTIL, _NOT, _END = _lt("Until"), _lt("What they are not told"), _lt("To stop it")


def lines_of(disclosure: str, purpose: str) -> list[Line]:
    """Return all that a person agrees to, in the order of the page.

    :param disclosure: how much is told
    :param purpose: what for, as the administrator wrote it, in the person's language
    """
    return [
        Line(_WHO, "%(application)s"),
        Line(_FOR, purpose.replace("%", "%%")),
        Line(_TOLD, TOLD[Disclosure(disclosure)]),
        Line(
            _NOT,
            _lt(
                "Your ID number, your name, and what happened with your account. They"
                " cannot change anything."
            ),
        ),
        Line(_UNTIL, _lt("%(until)s. Then it ends by itself.")),
        Line(
            _END,
            _lt("You can stop it at any time on the page “Who may ask”, with one tap."),
        ),
    ]


def text_hash(sentences: Sequence[str]) -> str:
    """Name what a person read: SHA-256 of the sentences, hexadecimal.

    :param sentences: labels and texts in the person's language, in their order
    """
    # A list in JSON: no two different texts are written the same.
    return hashlib.sha256(json.dumps(list(sentences)).encode()).hexdigest()

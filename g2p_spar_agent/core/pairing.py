"""How a tablet comes to be known: a code, typed once, and a secret it keeps."""

import hashlib
import secrets

from odoo.addons.g2p_spar_portal.core.reference_number import ALPHABET

#: Symbols of a pairing code: 50 bits, typed once, good for a day.
CODE_SYMBOLS = 10


def make_code() -> str:
    """Return a new code to pair a device, such as ``7K3M9-Q2FX0``."""
    text = "".join(secrets.choice(ALPHABET) for _ in range(CODE_SYMBOLS))
    return f"{text[:5]}-{text[5:]}"


def make_device_id() -> str:
    """Return a name for a device that says nothing of it, such as ``AG-7K3M9Q``."""
    return "AG-" + "".join(secrets.choice(ALPHABET) for _ in range(6))


def make_token() -> str:
    """Return the secret that a paired device keeps."""
    return secrets.token_urlsafe(32)


def digest(kind: str, text: str) -> str:
    """Return under what a code or a secret is stored.

    Codes are read as they are typed: small letters, blanks and lines mean nothing.

    >>> digest("code", "7k3m9 q2fx0") == digest("code", "7K3M9-Q2FX0")
    True

    :param kind: code or token
    """
    if kind == "code":
        text = "".join(one for one in text.upper() if one in ALPHABET)
    return hashlib.sha256(f"agent {kind} {text}".encode()).hexdigest()

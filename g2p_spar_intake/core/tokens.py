"""Tokens in the place of national IDs.

Earlier SPAR's scripts hash the ID together with a public name of the partner. Who
knows that name finds the ID of any such token by trying all IDs, of which there are
few enough. A token keyed with the server's secret cannot be found so.
"""

import base64
import hashlib

from odoo.addons.g2p_spar_fa_reference.core.seal import keyed_hash

NONE, KEYED, SCRIPT = "none", "keyed", "script"
#: Partner id of SPAR's scripts where nobody chose another.
SCRIPT_PARTNER = "openg2p-auth-partner"
_PURPOSE = "intake token"


def script_token(national_id: str, partner: str = SCRIPT_PARTNER) -> str:
    """Return the token of SPAR's admin scripts.

    Base64 for URLs, without padding, of SHA3-256 of the ID followed by the partner.

    >>> script_token("1234567890")
    'T-c2NBFw5kmxRhKFvDElPTAtT6s3Sx5_ytxm6KODP1g'
    """
    digest = hashlib.sha3_256(f"{national_id}{partner}".encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def keyed_token(national_id: str) -> str:
    """Return a token that only this server can make; recommended.

    :raise SealError: the server has no key
    """
    return keyed_hash(national_id, _PURPOSE)


def make_token(rule: str, national_id: str, partner: str) -> str:
    """Return what stands for an ID.

    :param rule: ``none``, ``keyed`` or ``script``
    """
    if rule == KEYED:
        return keyed_token(national_id)
    if rule == SCRIPT:
        return script_token(national_id, partner or SCRIPT_PARTNER)
    return national_id

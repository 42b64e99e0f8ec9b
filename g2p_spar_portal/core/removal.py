"""What a person agrees to when they remove their account, as one short text."""

import hashlib


def removal_digest(mapping_id: int, version: int) -> str:
    """Name one removal: of this account, as it is now.

    A proof of identity is asked for and taken under this name, so that it is good
    for nothing else, and for nothing at all once the account has changed.

    :param version: version of the mapping that is to be removed
    """
    return hashlib.sha256(f"remove {mapping_id} {version}".encode()).hexdigest()

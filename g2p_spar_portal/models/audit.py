"""The audit line of the portal: who did what, and how it ended.

One line of JSON, without a name, an ID, an account, a telephone number or a token.
"""

import json
import logging
from datetime import datetime, timezone

_logger = logging.getLogger("odoo.addons.g2p_spar_portal.audit")


def note(event: str, person, **codes) -> None:
    """Write what a person who is logged in did.

    :param event: what was done, such as ``change``
    :param Person person: who did it
    :param codes: further facts: ids and codes only
    """
    write_audit(event, person.identity_id, **codes)


def write_audit(event: str, identity_id: int | None, **codes) -> None:
    """Write the line.

    :param identity_id: the person's ``g2p.spar.identity``, none: nobody known
    :param codes: further facts: ids, codes and network addresses only
    """
    at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    facts = {"at": at, "event": event, "identity": identity_id, **codes}
    _logger.info(json.dumps(facts, separators=(",", ":")))

"""The digest of one change: what exactly a person has seen and agreed to.

The review page carries it, the step-up login is bound to it, and it is made anew
just before the write. If anything of it has changed meanwhile, the account the
money goes to by now, the new one, or the words of the consent, it is another one,
and the person is asked again.
"""

import json

from odoo.addons.g2p_spar_fa_reference.core.seal import keyed_hash

_PURPOSE = "portal change"


def change_digest(
    id_key: str,
    present_version: int,
    present_key: str | None,
    new_key: str,
    consent_version: str,
) -> str:
    """Return 43 characters that stand for one change and tell nothing of it.

    :param id_key: key of the person's ID
    :param present_version: version of the mapping that was shown, 0 for none
    :param present_key: key of its address, none where there is none
    :param new_key: key of the new address
    :param consent_version: which text the person agreed to
    :raise SealError: the server has no key
    """
    facts = [id_key, present_version, present_key, new_key, consent_version]
    # A list in JSON: no two different changes are written the same.
    return keyed_hash(json.dumps(facts, ensure_ascii=True), _PURPOSE)

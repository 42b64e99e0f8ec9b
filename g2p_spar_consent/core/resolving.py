"""From an application's own names of people to the registry's, within a batch.

An item whose ID is ``token:<app_token>@<code of the application>`` is asked about the
person whom a consent leads to. Without a consent that covers it, it is asked about a
key that nobody can have: so it takes the same way, costs the same and is answered in
the same words as an ID that is not linked.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from odoo.addons.g2p_spar_fa_reference.core.mask import mask_address
from odoo.addons.g2p_spar_mapper.core.commands import (
    Outcome,
    ResolveItem,
    StoredKey,
)
from odoo.addons.g2p_spar_mapper.core.sandbox import MARK

from .consent import Consent, Disclosure, covers, numbered

#: A key that no ID can have: that of a sandbox without a name.
NOBODY = StoredKey(MARK * 2)
#: How the masked address is named in ``additional_info``.
MASKED_NAME = "fa_masked"
_KIND = "token:"


class Swapped(NamedTuple):
    """A batch in which the registry's own keys stand.

    :param consents: by place, those that cover the item there
    """

    items: list
    consents: dict[int, Consent]


def find_tokens(items: Sequence, code: str) -> dict[int, str]:
    """Find the items that name a person as the application does.

    :param items: of a resolve; a cause may stand in the place of one
    :param code: of the application
    :return: by place, the application's name of the person
    """
    end = f"@{code}".casefold()
    return {
        place: item.id[len(_KIND) : -len(end)]
        for place, item in enumerate(items)
        if type(item) is ResolveItem and _is_own(item.id, end)
    }


def _is_own(text: str | None, end: str) -> bool:
    if not text or not text.isascii():
        return False
    folded = text.casefold()
    return folded.startswith(_KIND) and folded.endswith(end)


def write_id(token: str, code: str) -> str:
    """Write the ID by which an application asks about a person.

    >>> write_id("u-17", "school.gov")
    'token:u-17@school.gov'
    """
    return f"{_KIND}{token}@{code}"


def swap(
    items: Sequence,
    tokens: Mapping[int, str],
    consents: Mapping[str, Consent],
    purpose: str | None,
    now: datetime,
) -> Swapped:
    """Put the registry's keys in the place of the application's names.

    :param tokens: see :func:`find_tokens`
    :param consents: by name of the person, those that were not ended
    :param purpose: code that the message names
    :param now: naive UTC
    """
    swapped, used = list(items), {}
    for place, token in tokens.items():
        item, consent = items[place], consents.get(token)
        key = NOBODY
        if consent and covers(consent, purpose, needed_for(item), now):
            key, used[place] = StoredKey(consent.id_key), consent
        swapped[place] = item._replace(id=key)
    return Swapped(swapped, used)


def needed_for(item: ResolveItem) -> Disclosure:
    """Return the least disclosure that answers an item.

    Who may confirm an address learns it as a whole.

    >>> needed_for(ResolveItem("1", "token:a@b"))
    <Disclosure.PAYABLE: 'payable'>
    """
    if item.fa:
        return Disclosure.ADDRESS
    return Disclosure.MASKED if item.details else Disclosure.PAYABLE


def tell(outcomes: Sequence[Outcome], consents: Mapping[int, Consent]) -> list[Outcome]:
    """Return the outcomes of a batch with no more than the consents allow.

    :param consents: see :class:`Swapped`
    """
    told = list(outcomes)
    for place, consent in consents.items():
        told[place] = _tell(outcomes[place], consent)
    return told


def _tell(outcome: Outcome, consent: Consent) -> Outcome:
    """Tell one outcome.

    What whoever linked the address said more is told to nobody here. The outcome is
    named by its consent, as a negative number, so that an answer which waits is
    withheld when the consent ends or less may be told (``g2p.spar.mapper.versions``).
    """
    plain = Outcome(outcome.cause, outcome.payable, detail=outcome.detail)
    if not outcome.payable:
        return plain
    number = numbered(outcome.version, consent.disclosure)
    plain = plain._replace(mapping_id=-consent.record_id, version=number)
    if consent.disclosure == Disclosure.PAYABLE:
        return plain
    plain = plain._replace(
        provider_id=outcome.provider_id, branch_code=outcome.branch_code
    )
    if consent.disclosure == Disclosure.MASKED:
        return plain._replace(additional_info=_masked(outcome.fa))
    return plain._replace(
        fa=outcome.fa, fa_parts=outcome.fa_parts, strategy_id=outcome.strategy_id
    )


def _masked(fa: str | None) -> str | None:
    """Write a masked address where no payer takes it for one to be paid."""
    if fa is None:
        return None
    return json.dumps([{"name": MASKED_NAME, "value": mask_address(fa)}])

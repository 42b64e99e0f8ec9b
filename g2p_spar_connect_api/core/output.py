"""In which form a sender is told addresses.

An address may be told as it was linked, in one of the forms that are chosen for the
sender, or not at all: a programme that only needs to know which institution pays gets
the institution and no account.

What cannot be told in the chosen form is not told in another one. A payer that cannot
read an address might pay to nowhere, and a sender that shall see IBANs only must not
see telephone numbers.
"""

from collections.abc import Iterable
from typing import NamedTuple

import orjson

from odoo.addons.g2p_spar_fa_reference.core.errors import AddressError
from odoo.addons.g2p_spar_fa_reference.core.reference import Reference
from odoo.addons.g2p_spar_mapper.core.commands import Outcome
from odoo.addons.g2p_spar_mapper.core.reason import Cause

LINKED, CHOSEN, INSTITUTION = "linked", "chosen", "institution"

#: The answer about an address that the sender may not see in its own form.
WITHHELD = Outcome(
    Cause.FA_INVALID,
    detail="The linked address cannot be written in the form that is agreed with "
    "this sender: ask the registry's administrator.",
)
_INSTITUTION_ONLY = "This sender is told the institution, not the account."


class OutputFacts(NamedTuple):
    """What a sender is told of addresses.

    :param form: ``linked``, ``chosen`` or ``institution``
    :param strategies: for ``chosen`` the numbers of the strategies that write them,
        at most one for a type of address
    """

    form: str = LINKED
    strategies: tuple[int, ...] = ()


def present(
    outcomes: list[Outcome], output: OutputFacts, reference: Reference
) -> list[Outcome]:
    """Return the outcomes of a resolve as a sender is told them.

    :param outcomes: with ``fa_parts``, unless the form is ``linked``
    """
    if output.form == LINKED:
        return outcomes
    if output.form == INSTITUTION:
        return [_without_account(outcome) for outcome in outcomes]
    return list(_in_chosen_form(outcomes, output.strategies, reference))


def _without_account(outcome: Outcome) -> Outcome:
    """Keep the institution; what the linking sender said more may name the account."""
    if outcome.fa is None:
        return outcome
    return outcome._replace(
        fa=None,
        fa_parts=None,
        strategy_id=None,
        additional_info=None,
        detail=_INSTITUTION_ONLY,
    )


def _in_chosen_form(
    outcomes: Iterable[Outcome], numbers: tuple[int, ...], reference: Reference
) -> Iterable[Outcome]:
    ids = {rule.number: rule.id for rule in reference.strategies}
    for outcome in outcomes:
        if outcome.fa is None:
            yield outcome
            continue
        parts = orjson.loads(outcome.fa_parts) if outcome.fa_parts else None
        for number in numbers:
            try:
                text, told = reference.show(parts, number, outcome.fa)
            except AddressError:
                continue
            if text:
                yield outcome._replace(
                    fa=text,
                    fa_parts=orjson.dumps(told).decode(),
                    strategy_id=ids[number],
                )
                break
        else:
            yield WITHHELD

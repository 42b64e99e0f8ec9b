"""What became of the items of a message, as a short text to keep.

A message that is repeated must be answered with the same bytes, and its content
(IDs, addresses) is not kept. The text holds the causes and the few sentences
that say more than their cause, for example ``{"c":0}`` for a thousand granted
items or ``{"c":[0,26],"t":{"The IBAN is …":[1]}}``.
"""

import json
from collections.abc import Sequence

from odoo.addons.g2p_spar_mapper.core.commands import Outcome
from odoo.addons.g2p_spar_mapper.core.reason import Cause


def write_outcomes(outcomes: Sequence[Outcome]) -> str:
    """Write causes and sentences of ``outcomes`` (at least one)."""
    causes = [int(outcome.cause) for outcome in outcomes]
    content = {"c": causes if len(set(causes)) > 1 else causes[0]}
    sentences = {}
    for place, outcome in enumerate(outcomes):
        if outcome.detail:
            sentences.setdefault(outcome.detail, []).append(place)
    if sentences:
        content["t"] = sentences
    return json.dumps(content, separators=(",", ":"))


def read_outcomes(text: str, count: int) -> list[Outcome]:
    """Read what :func:`write_outcomes` wrote for ``count`` outcomes."""
    content = json.loads(text)
    causes = content["c"]
    if isinstance(causes, int):
        causes = [causes] * count
    details = {
        place: sentence
        for sentence, places in content.get("t", {}).items()
        for place in places
    }
    return [
        Outcome(Cause(cause), detail=details.get(place))
        for place, cause in enumerate(causes)
    ]

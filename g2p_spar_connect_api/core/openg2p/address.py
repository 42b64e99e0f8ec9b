"""Financial addresses as objects of named parts, as OpenG2P 2.x has them.

Its own clients disagree about some names: the beneficiary portal says
``wallet_provider_code`` where G2P Bridge looks for ``mobile_wallet_provider`` or
``email_wallet_provider``. An object that is sent has both.
"""

import orjson

from odoo.addons.g2p_spar_fa_reference.core.reference import Reference
from odoo.addons.g2p_spar_fa_reference.core.rules import StrategyRule
from odoo.addons.g2p_spar_mapper.core.commands import Outcome

STRATEGY, TYPE = "strategy_id", "fa_type"
#: Names by which G2P Bridge looks parts up.
_BRIDGE_NAMES = frozenset(
    {
        "account_number",
        "account_type",
        "bank_code",
        "branch_code",
        "email_address",
        "email_wallet_provider",
        "mobile_number",
        "mobile_wallet_provider",
    }
)


def read_address(fa: dict) -> tuple[dict, str | None, object]:
    """Take an address object apart.

    :return: the parts, the code of the address type, and the strategy's number as
        it was sent; what they are worth is the registry's question
    :raise ValueError: the type is not a text
    """
    fa_type = fa.get(TYPE) or None
    if fa_type is not None and type(fa_type) is not str:
        raise ValueError(TYPE)
    parts = {name: part for name, part in fa.items() if name not in (STRATEGY, TYPE)}
    return parts, fa_type, fa.get(STRATEGY)


class AddressWriter:
    """Writes the address objects of one answer.

    :param reference: the reference data
    """

    def __init__(self, reference: Reference):
        self._reference = reference
        self._rules = {rule.id: rule for rule in reference.strategies}
        self._frames: dict[tuple, tuple[dict, list]] = {}

    def write(self, outcome: Outcome) -> dict | None:
        """Return the address of an outcome; none when it has none, or no parts."""
        if not (outcome.payable and outcome.fa and outcome.fa_parts):
            return None
        key = outcome.strategy_id, outcome.provider_id
        if key not in self._frames:
            self._frames[key] = self._make_frame(*key)
        frame, other_names = self._frames[key]
        parts = {
            name: part for name, part in orjson.loads(outcome.fa_parts).items() if part
        }
        # The type as it is registered: a stored part may have another spelling.
        written = frame | parts | {TYPE: frame.get(TYPE) or parts.get(TYPE)}
        for name, other in other_names:
            written[other] = written.get(name, "")
        return written

    def _make_frame(
        self, strategy_id: int | None, provider_id: int | None
    ) -> tuple[dict, list[tuple[str, str]]]:
        """Return what all addresses of a form and provider share.

        :return: the object without what was typed, and pairs of a part's name and
            another name for it
        """
        rule = self._rules.get(strategy_id)
        if rule is None:
            return {STRATEGY: None}, []
        frame = {STRATEGY: rule.number}
        name, _code = self._reference.provider_info(provider_id)
        for part in rule.parts:
            frame[part.name] = {
                "constant": part.constants[0],
                "provider_name": name,
            }.get(part.source, "")
        return frame | {TYPE: rule.fa_type_code}, _other_names(rule)


def _other_names(rule: StrategyRule) -> list[tuple[str, str]]:
    return [
        (part.name, other)
        for part in rule.parts
        for other in part.aliases
        if other in _BRIDGE_NAMES
    ]

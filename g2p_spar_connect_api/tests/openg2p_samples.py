"""Messages and reference data for tests of the envelope of OpenG2P 2.x."""

from odoo.addons.g2p_spar_fa_reference.core.reference import Reference
from odoo.addons.g2p_spar_fa_reference.core.rules import (
    FaTypeRule,
    IdTypeRule,
    PartRule,
    ProviderRule,
)
from odoo.addons.g2p_spar_fa_reference.tests.core_samples import (
    BANK,
    FORM_1_0,
    FORM_WALLET,
    WALLET,
    strategy,
)
from odoo.addons.g2p_spar_mapper.core.reason import Operation

from ..core.protocol import OPENG2P
from .samples import NOW, STAMP, item

EMAIL = FaTypeRule(
    3,
    "EMAIL_WALLET",
    "E-mail wallet",
    "email",
    parts=(
        PartRule(
            "wallet_provider_code",
            "Provider",
            "provider",
            required=True,
            aliases=("email_wallet_provider", "wallet"),
        ),
        PartRule("wallet_provider_name", "Name", "provider_name"),
        PartRule("email_address", "E-mail", "typed", check="email", required=True),
        PartRule("fa_type", "Type", "constant", constant="EMAIL_WALLET"),
    ),
)
PICTURE = Reference(
    strategies=(
        strategy(1, FORM_1_0, BANK),
        strategy(2, FORM_WALLET, WALLET),
        strategy(4, "wallet:{email_address}@{wallet}.email", EMAIL),
    ),
    providers_by_code={
        "dfsp1": ProviderRule(11, "dfsp1", "Bank 1", "bank"),
        "paypal": ProviderRule(12, "PAYPAL", "PayPal", "email"),
    },
    id_types=(IdTypeRule(24, "other"),),
    fa_types_by_code={"bank_account": BANK, "bank": BANK, "email_wallet": EMAIL},
)
BANK_FA = {
    "strategy_id": 1,
    "fa_type": "BANK",
    "bank_name": "Bank 1",
    "bank_code": "dfsp1",
    "branch_name": "Indigo",
    "branch_code": "indigo",
    "account_number": "123",
}
FA = "account:123@indigo.dfsp1.bank_acc"


def envelope(operation="link", items=None, **header):
    """A message of OpenG2P 2.x; ``header`` replaces or adds fields of its header."""
    if items is None:
        items = [item(fa=BANK_FA)]
    return {
        "request_header": {
            "sender_app_mnemonic": "g2p_bridge",
            "sender_app_url": "",
            "request_id": "req_1",
            "request_timestamp": STAMP,
            "instance_id": None,
            **header,
        },
        "request_body": {
            "pagination_request": None,
            "request_payload": {
                "transaction_id": "t1",
                f"{operation}_request": items,
            },
        },
    }


def read(operation="link", items=None, limit=2000, **header):
    """A message as it is read."""
    body = envelope(operation, items, **header)
    return OPENG2P.read(Operation(operation), body, NOW, limit)

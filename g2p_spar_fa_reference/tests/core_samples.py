"""Reference data for tests of ``core/``, in plain values."""

from ..core.reference import (
    FaTypeRule,
    IdTypeRule,
    PartRule,
    ProviderRule,
    Reference,
    StrategyRule,
)
from ..core.strategy import compile_strategy

BANK_PARTS = (
    PartRule("bank_code", "Bank", "provider", required=True, aliases=("bank",)),
    PartRule("bank_name", "Name of the bank", "provider_name"),
    PartRule("branch_code", "Branch", "branch", aliases=("branch",)),
    PartRule("branch_name", "Name of the branch", "branch_name"),
    PartRule(
        "account_number",
        "Account number",
        "typed",
        check="regex",
        pattern="[0-9A-Z]{1,34}",
        required=True,
        sensitive=True,
        aliases=("account_no",),
    ),
    PartRule("type", "Type", "constant", constant="bank_acc"),
    PartRule("fa_type", "Address type", "constant", constant="BANK_ACCOUNT|BANK"),
)
WALLET_PARTS = (
    PartRule("wallet_code", "Wallet", "provider", required=True, aliases=("wallet",)),
    PartRule(
        "mobile_number",
        "Mobile number",
        "typed",
        check="e164",
        pattern="KE",
        required=True,
        sensitive=True,
        aliases=("phone",),
    ),
    PartRule("type", "Type", "constant", constant="wallet"),
)
BANK = FaTypeRule(
    1, "BANK_ACCOUNT", "Bank account", "bank", False, BANK_PARTS, ("BANK",)
)
WALLET = FaTypeRule(2, "MOBILE_WALLET", "Wallet", "mobile", True, WALLET_PARTS)
FORM_1_0 = "account:{account_no}@{branch}.{bank}.{type}"
FORM_WALLET = "account:{phone}@{wallet}.{type}"
FORM_1_1 = (
    "account_number:{account_number}.branch_name:{branch_name}"
    ".branch_code:{branch_code}.bank_name:{bank_name}.bank_code:{bank_code}"
    ".fa_type:{fa_type}"
)
FORM_BRIDGE = (
    "account_number:{account_number}.branch_code:{branch_code}.bank_code:{bank_code}"
    ".mobile_number:.email_address:.fa_type:BANK_ACCOUNT"
)


def strategy(number, template, fa_type):
    """Return a strategy rule whose id is its number plus 50."""
    return StrategyRule(
        50 + number,
        number,
        template,
        fa_type.id,
        fa_type.code,
        compile_strategy(template),
        fa_type.parts,
    )


def reference(**changes):
    """Return a picture with two types, four strategies and two providers."""
    values = {
        "strategies": (
            strategy(1, FORM_1_0, BANK),
            strategy(2, FORM_WALLET, WALLET),
            strategy(3, FORM_1_1, BANK),
            strategy(5, FORM_BRIDGE, BANK),
        ),
        "providers_by_code": {
            "dfsp1": ProviderRule(11, "dfsp1", "Bank 1", "bank"),
            "pink": ProviderRule(12, "pink", "Pink Wallet", "mobile"),
        },
        "id_types": (
            IdTypeRule(21, "national_id", "token", "nationalId", True),
            IdTypeRule(22, "uin", "uin", "uid", keyed_hash=True, pattern="[0-9]{12}"),
            IdTypeRule(23, "vid", None, "nid"),
            IdTypeRule(24, "other"),
        ),
        "fa_types_by_code": {
            "bank_account": BANK,
            "bank": BANK,
            "mobile_wallet": WALLET,
        },
        "archived_providers": (ProviderRule(13, "old", "Old Bank", "bank"),),
    }
    return Reference(**(values | changes))

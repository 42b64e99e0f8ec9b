"""Account numbers, phones and identifiers as they may be shown.

A mask keeps what a person needs to recognise an own account, and too little for
anybody else to use it: the last four characters, never more than a third of the
value, and always four stars, so that not even the length shows.

>>> mask_number("123456789012")
'****9012'
>>> mask_address("account:123456789@indigo.dfsp1.bank_acc")
'account:****789@indigo.dfsp1.bank_acc'
"""

import re

STARS = "****"
_KEPT = 4
_KEY = re.compile(r"(?:^|(?<=\.))([A-Za-z][A-Za-z0-9_]*):")
# Everything else is taken for a secret: a key nobody thought of is masked.
_READABLE_KEYS = frozenset(
    {
        "account_type",
        "bank_code",
        "bank_name",
        "branch_code",
        "branch_name",
        "email_wallet_provider",
        "fa_type",
        "mobile_wallet_provider",
        "type",
        "wallet_provider_code",
        "wallet_provider_name",
    }
)


def mask_number(text: str, keep: int = _KEPT) -> str:
    """Hide all of ``text`` but its last characters.

    :param int keep: characters left readable, at most a third of the text
    """
    keep = min(keep, len(text) // 3)
    return f"{STARS}{text[-keep:]}" if keep else (STARS if text else "")


def mask_phone(text: str) -> str:
    """Hide a phone number but for its last two digits."""
    return mask_number(text, keep=2)


def mask_id(text: str) -> str:
    """Hide the value of an identifier ``type:value@provider``.

    Type and provider stay readable: they say which identifier it is.
    """
    left, at, provider = text.rpartition("@")
    if not at:
        left, provider = provider, ""
    kind, colon, value = left.partition(":")
    if not colon:
        kind, value = "", left
    return f"{kind}{colon}{mask_number(value)}{at}{provider}"


def mask_address(text: str) -> str:
    """Hide the account in an address of any form the registry knows.

    Bank, branch, provider and type stay readable, in ``type:value@provider`` as
    well as in the dotted ``key:value.key:value`` forms.
    """
    keys = list(_KEY.finditer(text))
    if len(keys) < 2 or keys[0].start():
        return mask_id(text)
    ends = [key.start() for key in keys[1:]] + [len(text) + 1]
    return ".".join(
        _mask_pair(key[1], text[key.end() : end - 1])
        for key, end in zip(keys, ends, strict=True)
    )


def _mask_pair(key: str, value: str) -> str:
    """Write one pair, its value masked unless the key is known to be harmless."""
    shown = value if key.lower() in _READABLE_KEYS else mask_number(value)
    return f"{key}:{shown}"

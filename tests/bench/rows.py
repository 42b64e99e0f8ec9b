"""The benchmark's mappings: row ``i`` is the same in Python and in SQL.

Rows follow from their number alone, so that nothing has to be kept to know the
right answer, and another server can be given the same rows. Numbers by use:

==================  ====================================================
0 to N - 1          stored before the run, read by ``resolve``, never changed
500,000,000 …       stored before a run of ``update``, changed by it
600,000,000 …       stored before a run of ``unlink``, taken away by it
700,000,000 …       stored among rows 0 to N - 1, with a past (``past.py``)
1,000,000,000 …     made by ``link``
==================  ====================================================
"""

from hashlib import md5

UPDATE_FROM = 500_000_000
UNLINK_FROM = 600_000_000
PAST_FROM = 700_000_000
LINK_FROM = 1_000_000_000

BANKS = 40
BRANCHES = 500
STRATEGY = "account:{account_no}@{branch}.{bank}.{type}"

#: Multiplier that scatters account numbers (Knuth's multiplicative hash).
_SCATTER = 2_654_435_761
_ACCOUNTS = 10**12
_PHONES = 10**10
#: Distance between the accounts that one row has in successive updates.
_SALT_STEP = 1_000_003


def id_of(i: int) -> str:
    """ID of row ``i``: ``token:<20 hexadecimal digits>@nationalId``."""
    digest = md5(b"%d" % i, usedforsecurity=False).hexdigest()
    return f"token:{digest[:20]}@nationalId"


def id_key_of(i: int) -> str:
    """Key under which the ID of row ``i`` is found: its normal form."""
    return id_of(i).removesuffix("nationalId") + "nationalid"


def fa_of(i: int, salt: int = 0) -> str:
    """Financial address of row ``i``.

    :param salt: another address of the same row, for updates; 0: the first one
    """
    account = (i + salt * _SALT_STEP) * _SCATTER % _ACCOUNTS
    return f"account:{account:012}@br{i % BRANCHES:03}.bank{i % BANKS:02}.bank_acc"


def name_of(i: int) -> str:
    """Name of the person of row ``i``."""
    return f"Beneficiary {i}"


def phone_of(i: int) -> str:
    """Telephone number of row ``i``, E.164."""
    return f"+63{i % _PHONES:010}"


def provider_codes() -> list[str]:
    """Codes of the banks that the addresses name, in the order of ``i % BANKS``."""
    return [f"bank{number:02}" for number in range(BANKS)]


#: The same rows in SQL, from ``%(start)s`` to ``%(stop)s`` - 1. Ordered, because the
#: ids given on insertion shall follow the numbers.
SERIES = """
    SELECT i,
        'token:' || left(md5(i::text), 20) || '@nationalId' AS id_value,
        'token:' || left(md5(i::text), 20) || '@nationalid' AS id_key,
        lpad((i * 2654435761 %% 1000000000000)::text, 12, '0') AS account,
        'br' || lpad((i %% 500)::text, 3, '0') AS branch,
        'bank' || lpad((i %% 40)::text, 2, '0') AS bank,
        'Beneficiary ' || i AS name,
        '+63' || lpad((i %% 10000000000)::text, 10, '0') AS phone
    FROM generate_series(%(start)s::bigint, %(stop)s::bigint - 1) AS i
    ORDER BY i
"""

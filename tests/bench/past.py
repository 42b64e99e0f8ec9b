"""Mappings that something has happened to, as a registry of some years holds them.

A tenth as many as the plain rows, and stored among them: changes, holds, disputes,
failed payments, links that end, changes that wait or have waited, shared addresses,
addresses of no known form. Each has its lines of history, and what the service
keeps beside them. Spread over two years, as the plain rows are.

They are made by statements, like the plain rows, and for the same reason; a test
holds what is made against what the service and its counts take for right.
"""

import rows
from psycopg2 import sql

#: Plain rows for each of these.
SHARE = 10
#: IDs on one shared address.
SHARED_BY = 12
#: What may happen to a row; the row's number says which.
KINDS = (
    *("update",) * 6,
    *("hold", "suspend", "report", "unlink", "expired", "ending"),
    *("propose", "ask", "apply", "withdraw"),
    *("shared", "opaque", "import", "portal"),
)
STAFF_LOGIN = "spar_officer"

# n counts from 0; each number that is drawn follows from it.
_MADE = sql.SQL(
    """
    CREATE TEMPORARY TABLE bench_past ON COMMIT DROP AS
    SELECT r.*,
        CASE kind WHEN 'hold' THEN 'on_hold' WHEN 'ask' THEN 'on_hold'
            WHEN 'suspend' THEN 'suspended' WHEN 'report' THEN 'suspended'
            WHEN 'unlink' THEN 'unlinked' ELSE 'active' END AS second_state,
        CASE WHEN kind IN ('propose', 'ask', 'apply', 'withdraw') THEN 'propose'
            WHEN kind IN ('update', 'hold', 'suspend', 'report', 'unlink') THEN kind
            END AS second_step,
        CASE WHEN kind IN ('apply', 'withdraw') THEN kind END AS third_step,
        CASE WHEN kind = 'hold' AND n %% 3 = 0 THEN changed + interval '60 days'
            END AS hold_until,
        CASE kind WHEN 'expired' THEN today - interval '1 day' * (1 + n %% 300)
            WHEN 'ending' THEN today + interval '1 day' * (1 + n %% 300)
            END AS valid_until,
        CASE kind WHEN 'import' THEN 'import' WHEN 'portal' THEN 'portal'
            WHEN 'opaque' THEN 'staff' ELSE 'api' END AS first_channel,
        CASE WHEN kind = 'report' THEN 'api'
            WHEN kind IN ('hold', 'suspend', 'unlink', 'ask') THEN 'staff'
            ELSE (ARRAY['portal', 'staff', 'api'])[1 + n %% 3] END AS second_channel
    FROM (
        SELECT s.*, CASE WHEN kind IN ('propose', 'ask')
            THEN greatest(linked, moment - interval '1 hour' * (1 + n %% 70))
            ELSE linked + (moment - linked) * ((n * 7919 %% 997) / 997.0)
            END AS changed
        FROM (
            SELECT r.*,
                (%(kinds)s::text[])[1 + n %% cardinality(%(kinds)s::text[])] AS kind,
                moment - %(step)s::interval * (%(count)s - 1 - n) AS linked,
                CASE (%(kinds)s::text[])[1 + n %% cardinality(%(kinds)s::text[])]
                WHEN 'opaque' THEN 'voucher:' || account
                WHEN 'shared' THEN 'account:' || lpad((n / %(each)s)::text, 12, '0')
                    || '@br000.bank00.bank_acc'
                ELSE 'account:' || account || '@' || branch || '.' || bank
                    || '.bank_acc' END AS fa,
                'account:' || reverse(account) || '@' || branch || '.' || bank
                    || '.bank_acc' AS other_fa
            FROM (
                SELECT s.*, i - %(start)s AS n, %(moment)s::timestamp AS moment,
                    date_trunc('day', %(moment)s::timestamp) AS today
                FROM ({series}) s
            ) r
        ) s
    ) r ORDER BY i
    """
).format(series=sql.SQL(rows.SERIES))

_MAPPINGS = """
    INSERT INTO g2p_spar_mapping (
        id_value, id_key, id_type_id, fa_value, fa_key, strategy_id, fa_type_id,
        provider_id, branch_code, name, phone, state, hold_until, valid_until,
        change_waits, version, channel, sender, user_id, linked_at, changed_at)
    SELECT id_value, id_key, %(id_type)s, present, present,
        CASE WHEN kind <> 'opaque' THEN %(strategy)s END,
        CASE WHEN kind <> 'opaque' THEN %(fa_type)s END,
        CASE WHEN kind <> 'opaque' THEN (%(providers)s::int[])[1 + i %% 40] END,
        CASE WHEN kind <> 'opaque' THEN branch END, name, phone,
        CASE WHEN third_step IS NULL THEN second_state ELSE 'active' END,
        hold_until, valid_until, kind IN ('propose', 'ask'),
        1 + (second_step IS NOT NULL)::int + (third_step IS NOT NULL)::int,
        CASE WHEN second_step IS NULL THEN first_channel ELSE second_channel END,
        CASE WHEN first_channel = 'api' THEN 'demo' END, %(staff)s, linked,
        CASE WHEN second_step IS NULL THEN linked WHEN third_step IS NULL THEN changed
            ELSE least(changed + interval '1 day', moment) END
    FROM (
        SELECT *, CASE WHEN kind IN ('update', 'apply') THEN other_fa ELSE fa END
            AS present FROM bench_past
        WHERE n >= %(first)s AND n < %(behind)s ORDER BY n
    ) p
"""

#: A snapshot of a line, with what may differ from the present.
_SNAPSHOT = sql.SQL("""
    jsonb_strip_nulls(jsonb_build_object('fa_value', {fa},
        'strategy_id', m.strategy_id, 'provider_id', m.provider_id,
        'branch_code', m.branch_code, 'name', m.name, 'phone', m.phone,
        'state', {state}, 'hold_until', {hold}, 'valid_until', m.valid_until))
""")
_ACTIVE = {"state": sql.SQL("'active'::text"), "hold": sql.SQL("NULL::timestamp")}
_PARTS = {
    "columns": sql.SQL(
        """
        mapping_id, version, step, state, channel, sender, user_id, changed_at,
        transaction_id, reference_id, reason, before, after
        """
    ),
    "first": _SNAPSHOT.format(fa=sql.SQL("p.fa"), **_ACTIVE),
    "second": _SNAPSHOT.format(
        fa=sql.SQL("CASE WHEN kind = 'update' THEN p.other_fa ELSE p.fa END"),
        state=sql.SQL("p.second_state"),
        hold=sql.SQL("p.hold_until"),
    ),
    "third": _SNAPSHOT.format(fa=sql.SQL("m.fa_value"), **_ACTIVE),
}
_FIRST_VERSIONS = sql.SQL(
    """
    INSERT INTO g2p_spar_mapping_version ({columns})
    SELECT m.id, 1, 'link', 'active', first_channel, m.sender, %(staff)s, linked,
        'past', m.id::text, NULL, NULL, {first}
    FROM bench_past p JOIN g2p_spar_mapping m USING (id_key)
    WHERE m.id > %(before)s AND n >= %(first)s AND n < %(behind)s ORDER BY n
    """
).format(**_PARTS)
#: The rows with the ids that their mappings got.
_KNOWN = """
    CREATE TEMPORARY TABLE bench_known ON COMMIT DROP AS
    SELECT m.id, p.* FROM bench_past p JOIN g2p_spar_mapping m USING (id_key)
    WHERE m.id > %(before)s
"""
_VERSIONS = sql.SQL(
    """
    INSERT INTO g2p_spar_mapping_version ({columns})
    SELECT v.* FROM (
        SELECT p.id, 2, second_step, second_state, second_channel,
            CASE WHEN second_channel = 'api' THEN 'demo' END, %(staff)s, changed,
            'past', p.id::text, 'Reason ' || p.n %% 100, {first}, {second}
        FROM bench_known p JOIN g2p_spar_mapping m USING (id)
        WHERE second_step IS NOT NULL
        UNION ALL
        SELECT p.id, 3, third_step, 'active', second_channel,
            CASE WHEN second_channel = 'api' THEN 'demo' END, %(staff)s,
            least(changed + interval '1 day', moment), 'past', p.id::text,
            'Reason ' || p.n %% 100, {second}, {third}
        FROM bench_known p JOIN g2p_spar_mapping m USING (id)
        WHERE third_step IS NOT NULL
    ) v ({columns}) ORDER BY v.changed_at, v.mapping_id
    """
).format(**_PARTS)

_CHANGES = """
    INSERT INTO g2p_spar_pending_change (
        mapping_id, version, step, changes, state, held, due_at, requested_at,
        user_id, channel, sender, transaction_id, reference_id, reason, decided_at,
        decided_by_id, decision)
    SELECT p.id, 2, 'update',
        jsonb_build_object('fa_value', p.other_fa, 'fa_key', p.other_fa),
        CASE kind WHEN 'apply' THEN 'applied' WHEN 'withdraw' THEN 'withdrawn'
            ELSE 'waiting' END,
        kind = 'ask', CASE WHEN kind <> 'ask' THEN changed + interval '3 days' END,
        changed, %(staff)s, second_channel,
        CASE WHEN second_channel = 'api' THEN 'demo' END, 'past', p.id::text,
        'Reason ' || n %% 100,
        CASE WHEN third_step IS NOT NULL
            THEN least(changed + interval '1 day', moment) END,
        CASE WHEN third_step IS NOT NULL THEN %(staff)s::int END,
        CASE WHEN third_step IS NOT NULL THEN 'Reason ' || n %% 100 END
    FROM bench_known p WHERE second_step = 'propose' ORDER BY p.changed
"""

_FAILURES = """
    INSERT INTO g2p_spar_failure_report (
        mapping_id, version, user_id, failure, channel, sender, transaction_id,
        reference_id, failed_on, reported_at)
    SELECT id, 2, %(staff)s, (ARRAY['closed', 'deceased', 'invalid', 'name_mismatch'])
        [1 + n / 20 %% 4], 'api', 'demo', 'past', id::text, changed::date, changed
    FROM bench_known p WHERE kind = 'report' ORDER BY p.changed
"""

_CHECKS = """
    INSERT INTO g2p_spar_verification (
        mapping_id, user_id, fa_key, rung, result, evidence, channel, checked_at)
    SELECT p.id, %(staff)s, m.fa_key, (2 + rung)::text,
        CASE WHEN (n / 20 + rung) %% 7 = 0 THEN 'failed' ELSE 'passed' END,
        'Evidence ' || n, 'api', m.changed_at
    FROM bench_known p JOIN g2p_spar_mapping m USING (id)
    CROSS JOIN generate_series(0, 3) AS rung
    WHERE n / 20 %% 4 >= rung ORDER BY m.changed_at
"""

_LATER = (_VERSIONS, _CHANGES, _FAILURES, _CHECKS)


class Past:
    """Rows with a past, stored within one transaction.

    :param reference: a ``seed.Reference``
    :param count: of mappings
    :param step: seconds between the links of two rows, the last of which is now
    """

    def __init__(self, cursor, reference, count: int, step: float):
        self._cursor = cursor
        self._done, self._count = 0, count
        self._values = {
            "start": rows.PAST_FROM,
            "stop": rows.PAST_FROM + count,
            "count": count,
            "each": SHARED_BY * len(KINDS),
            "step": f"{step} seconds",
            "kinds": list(KINDS),
            "before": newest_id(cursor),
            **_moment_and_staff(cursor, reference.user),
            **reference._asdict(),
        }
        cursor.execute(_MADE, self._values)
        cursor.execute("CREATE INDEX ON bench_past (n)")
        cursor.execute("ANALYZE bench_past")

    def link(self, count: int) -> None:
        """Store the next mappings as they are today, and that they were linked."""
        first = self._done
        self._done = min(first + count, self._count)
        values = self._values | {
            "first": first,
            "behind": self._done,
            "before": newest_id(self._cursor),
        }
        self._cursor.execute(_MAPPINGS, values)
        self._cursor.execute(_FIRST_VERSIONS, values)

    def change(self) -> None:
        """Store what has happened to them since, in the order of time."""
        self._cursor.execute(_KNOWN, self._values)
        self._cursor.execute("ANALYZE bench_known")
        for statement in _LATER:
            self._cursor.execute(statement, self._values)
        self._cursor.execute("DROP TABLE bench_past, bench_known")


def newest_id(cursor) -> int:
    """The greatest id of a mapping; 0 when there is none."""
    cursor.execute("SELECT coalesce(max(id), 0) FROM g2p_spar_mapping")
    return cursor.fetchone()[0]


def _moment_and_staff(cursor, user: int) -> dict:
    """When the last row was linked, and who works at the desk.

    :param user: who does so in a database without demonstration data
    """
    cursor.execute(
        "SELECT now() AT TIME ZONE 'UTC',"
        " coalesce((SELECT id FROM res_users WHERE login = %s), %s)",
        (STAFF_LOGIN, user),
    )
    return dict(zip(("moment", "staff"), cursor.fetchone(), strict=True))

"""What piles up on an office's shelves: messages, notices, consents, calls, files.

Lists of the back office are measured with so many lines as a registry of a size has
after two years. They are stored by statements, since no list asks how they came.
Messages are taken away by cells that empty the queue, and old ones by the registry
itself, so all are looked after each time.
"""

from collections.abc import Callable

from past import SHARE, STAFF_LOGIN
from psycopg2 import sql

#: table -> how many of its lines there should be, by the number of mappings.
WANTED: dict[str, Callable[[int], int]] = {
    "g2p_spar_message": lambda stored: stored // SHARE,
    "g2p_spar_notice": lambda stored: stored // SHARE,
    "g2p_spar_consent": lambda stored: stored // 50,
    "g2p_spar_usage": lambda stored: 730 * 6,
    "g2p_spar_intake": lambda stored: 500,
    "g2p_spar_export": lambda stored: 500,
}
_PARTS = {
    "ago": sql.SQL(
        "now() AT TIME ZONE 'UTC' - interval '730 days' * (n / %(count)s::float8)"
    ),
    "sender": sql.SQL("(SELECT id FROM g2p_spar_sender WHERE mnemonic = 'demo')"),
    "staff": sql.SQL("(SELECT id FROM res_users WHERE login = {})").format(
        sql.Literal(STAFF_LOGIN)
    ),
    "lines": sql.SQL("FROM generate_series(%(count)s, 1, -1) AS n"),
}

_INSERTS = {
    "g2p_spar_message": """
        INSERT INTO g2p_spar_message (sender_id, message_id, operation, mode, state,
            digest, total, succeeded, tries, transaction_id, answered_at, done_at)
        SELECT {sender}, 'paper-' || n,
            (ARRAY['resolve', 'resolve', 'link', 'update'])[1 + n %% 4],
            CASE n %% 10 WHEN 0 THEN 'async' ELSE 'sync' END,
            CASE n %% 5000 WHEN 0 THEN 'failed' ELSE 'done' END,
            md5(n::text), 100, 100 - n %% 3, 1, 'transaction ' || n, {ago}, {ago}
        {lines} ON CONFLICT DO NOTHING
    """,
    "g2p_spar_notice": """
        INSERT INTO g2p_spar_notice (version_id, mapping_id, topic, reference, kind,
            value, recipient_key, lang, subject, state, attempts, created_at, sent_at)
        SELECT v.id, v.mapping_id, 'link', 'N-' || v.n, 'phone', '+63' || v.n,
            md5(v.n::text), 'en_US', 'Your account', CASE v.n %% 50 WHEN 0 THEN 'failed'
            ELSE 'delivered' END, 1, v.changed_at, v.changed_at
        FROM (
            SELECT id, mapping_id, changed_at, row_number() OVER (ORDER BY id) AS n
            FROM g2p_spar_mapping_version WHERE step = 'link' ORDER BY id DESC
            LIMIT %(count)s
        ) v ORDER BY v.id ON CONFLICT DO NOTHING
    """,
    "g2p_spar_consent": """
        INSERT INTO g2p_spar_consent (sender_id, purpose_id, reference, disclosure,
            token_key, request_name, id_key, state, text_version, text_hash, lang,
            proof, text, since, until)
        SELECT {sender}, p.id, 'paper-' || m.id, 'masked', md5(m.id::text), 'request',
            m.id_key, CASE m.id %% 4 WHEN 0 THEN 'withdrawn' WHEN 1 THEN 'expired'
            ELSE 'active' END, '1', md5('1'), 'en_US', 'login', 'What was read',
            m.linked_at, m.linked_at + interval '3 years'
        FROM (SELECT id FROM g2p_spar_purpose ORDER BY id LIMIT 1) p,
            (SELECT * FROM g2p_spar_mapping ORDER BY id DESC LIMIT %(count)s) m
        ORDER BY m.id ON CONFLICT DO NOTHING
    """,
    "g2p_spar_usage": """
        INSERT INTO g2p_spar_usage (sender_id, day, operation, code, calls, refusals,
            items, succeeded, last_at, ms)
        SELECT {sender}, ({ago})::date,
            (ARRAY['resolve', 'link', 'update'])[1 + n %% 3],
            CASE n / 3 %% 2 WHEN 0 THEN '' ELSE 'rjct.bulk' END, 900, n / 3 %% 2 * 9,
            90000, 89000, {ago}, 12000
        {lines} ON CONFLICT DO NOTHING
    """,
    "g2p_spar_intake": """
        INSERT INTO g2p_spar_intake (user_id, filename, format, digest, state, source,
            operation, id_form, token, date_order, size, total, completed, succeeded,
            tally, received_at, started_at, finished_at)
        SELECT {staff}, 'district-' || n || '.csv', 'csv', md5(n::text), 'done',
            'District office', 'link', 'as_is', 'none', 'dmy', 9000000, 100000, 100000,
            99000, '{{}}', {ago}, {ago}, {ago}
        {lines}
    """,
    "g2p_spar_export": """
        INSERT INTO g2p_spar_export (user_id, exported_at, begun_at, finished_at, count,
            digest, is_whole, reason)
        SELECT {staff}, {ago}, {ago}, {ago}, 100000, md5(n::text), n %% 9 = 0,
            'Payment of the month'
        {lines}
    """,
}


def ensure(connection, stored: int) -> list[str]:
    """Store what is missing.

    :param connection: of a superuser
    :param stored: number of plain mappings
    :return: tables that got lines
    """
    filled = []
    with connection, connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, text in _INSERTS.items():
            count = WANTED[table](stored)
            # Ours are all or none of them; those of a demonstration are few.
            named = sql.Identifier(table)
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(named))
            if cursor.fetchone()[0] < count // 2:
                statement = sql.SQL(text).format(**_PARTS)
                cursor.execute(statement, {"count": count})
                filled.append(table)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for table in filled:
            cursor.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))
    connection.autocommit = False
    return filled

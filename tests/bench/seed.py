"""Stores the benchmark's mappings: a million in seconds, ten million in minutes.

Rows go straight into the tables, set by set, in the form in which the service
writes them (a test compares the two): a mapping and the first line of its history.
Needs a superuser of the database, since the foreign keys, which hold by
construction, are not checked row by row, and since the history is append-only for
everybody else.

``python seed.py --dsn "host=… user=postgres dbname=…" --rows 1000000`` does nothing
when the rows are there.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import past
import psycopg2
import rows
from psycopg2 import sql

#: From so many new rows on, if there are not more already, building the indexes anew
#: is faster than keeping them.
REBUILD_FROM = 200_000
#: Rows stored at a time.
CHUNK = 100_000
API_LOGIN = "g2p_spar_api"
SENDER = "demo"
TABLES = ("g2p_spar_mapping", "g2p_spar_mapping_version")
#: Tables of what has happened to some mappings; nobody adds to them in large.
OTHER_TABLES = (
    "g2p_spar_pending_change",
    "g2p_spar_failure_report",
    "g2p_spar_verification",
)
#: The rows were linked one after the other, all of them in so many days.
SPREAD_SECONDS = 730 * 86_400

_INSERT_MAPPINGS = sql.SQL(
    """
    INSERT INTO g2p_spar_mapping (
        id_value, id_key, id_type_id, fa_value, fa_key, fa_parts, strategy_id,
        fa_type_id, provider_id, branch_code, name, phone, state, version,
        channel, sender, user_id, linked_at, changed_at)
    SELECT id_value, id_key, %(id_type)s, fa, fa,
        jsonb_build_object('account_number', account, 'branch_code', branch,
            'bank_code', bank, 'type', 'bank_acc'),
        %(strategy)s, %(fa_type)s,
        (%(providers)s::int[])[1 + i %% 40], branch, name, phone, 'active', 1,
        'api', %(sender)s, %(user)s, moment, moment
    FROM (
        SELECT s.*, now() AT TIME ZONE 'UTC' - %(ago)s::interval
                - %(step)s::interval * (%(stop)s - 1 - i) AS moment,
            'account:' || account || '@' || branch || '.' || bank || '.bank_acc' AS fa
        FROM ({series}) s
    ) r
    """
).format(series=sql.SQL(rows.SERIES))

_INSERT_VERSIONS = """
    INSERT INTO g2p_spar_mapping_version (
        mapping_id, version, step, state, channel, sender, user_id, changed_at,
        transaction_id, reference_id, after)
    SELECT id, 1, 'link', 'active', channel, sender, user_id, changed_at,
        'seed', id::text,
        jsonb_build_object('fa_value', fa_value, 'strategy_id', strategy_id,
            'provider_id', provider_id, 'branch_code', branch_code, 'name', name,
            'phone', phone, 'state', state)
    FROM g2p_spar_mapping WHERE id > %s
"""

# Primary keys stay: they grow at their end only, which costs little.
_INDEXES = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    FROM pg_index i
    WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisprimary
"""


class Reference(NamedTuple):
    """Database ids of the reference data which the rows name."""

    id_type: int
    strategy: int
    fa_type: int
    user: int
    providers: list[int]


class Missing(Exception):
    """The database lacks the benchmark's reference data."""


def ensure(
    connection, count: int, progress: Callable[[int], None] = lambda _done: None
) -> float:
    """Make the database hold rows 0 to ``count`` - 1 and no others of ours.

    :param connection: of a superuser; autocommit is switched as needed
    :param progress: called with the number of rows stored so far
    :return: seconds it took; 0 when nothing was to be done
    :raise Missing: the reference data is not there
    """
    started = time.monotonic()
    with connection, connection.cursor() as cursor:
        last = _last_id(cursor, count)
        surplus = discard(cursor, last) if last else 0
        if last is None:
            _fill(cursor, read_reference(cursor), count, progress)
    if last is not None and not surplus:
        return 0.0
    tidy(connection)
    return time.monotonic() - started


def read_reference(cursor) -> Reference:
    """Look up the reference data.

    :raise Missing: some of it is not there
    """
    cursor.execute(
        """
        SELECT t.id, s.id, s.fa_type_id, u.id, (
            SELECT array_agg(p.id ORDER BY p.code) FROM g2p_spar_provider p
            WHERE p.code = ANY(%s))
        FROM g2p_spar_id_type t, g2p_spar_strategy s, res_users u
        WHERE t.template = 'token:{sub}@nationalId' AND s.template = %s AND u.login = %s
        """,
        (rows.provider_codes(), rows.STRATEGY, API_LOGIN),
    )
    found = cursor.fetchone()
    if not found or len(found[-1] or ()) != rows.BANKS:
        raise Missing("Install the addon test_g2p_spar_bench and make its banks first.")
    return Reference(*found)


def _fill(
    cursor, reference: Reference, count: int, progress: Callable[[int], None]
) -> None:
    """Store rows 0 to ``count`` - 1, and among them those that have a past."""
    step = SPREAD_SECONDS / count
    with _quickly(cursor, count):
        others = past.Past(cursor, reference, count // past.SHARE, step * past.SHARE)
        for start in range(0, count, CHUNK):
            others.link(CHUNK // past.SHARE)
            some = min(CHUNK, count - start)
            write_rows(
                cursor, reference, start, some, step, step * (count - start - some)
            )
            progress(start + some)
        others.change()


def insert(cursor, reference: Reference, start: int, count: int) -> None:
    """Insert rows, linked now, in the fastest way for so many."""
    with _quickly(cursor, count):
        for first in range(start, start + count, CHUNK):
            write_rows(cursor, reference, first, min(CHUNK, start + count - first))


@contextmanager
def _quickly(cursor, count: int) -> Iterator[None]:
    """Let a transaction store so many rows without checking keys one by one."""
    cursor.execute("SET LOCAL session_replication_role = replica")
    rebuild = count >= max(REBUILD_FROM, past.newest_id(cursor))
    definitions = _drop_indexes(cursor) if rebuild else []
    yield
    for definition in definitions:
        cursor.execute(definition)
    cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def write_rows(
    cursor,
    reference: Reference,
    start: int,
    count: int,
    step: float = 0.0,
    ago: float = 0.0,
) -> None:
    """Insert rows ``start`` to ``start + count - 1`` with their first versions.

    :param step: seconds between the links of two rows
    :param ago: seconds since the last of them was linked
    """
    before = past.newest_id(cursor)
    values = {
        "start": start,
        "stop": start + count,
        "step": f"{step} seconds",
        "ago": f"{ago} seconds",
        "sender": SENDER,
    }
    cursor.execute(_INSERT_MAPPINGS, {**values, **reference._asdict()})
    cursor.execute(_INSERT_VERSIONS, (before,))


def discard(cursor, last: int) -> int:
    """Remove what runs have added behind the mapping of the id ``last``.

    :return: number of mappings removed
    """
    cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute(
        "DELETE FROM g2p_spar_mapping_version WHERE mapping_id > %s", (last,)
    )
    cursor.execute("DELETE FROM g2p_spar_mapping WHERE id > %s", (last,))
    removed = cursor.rowcount
    cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    return removed


def tidy(connection) -> None:
    """Vacuum, analyze and write all to disk, so that no later run pays for it."""
    connection.autocommit = True
    with connection.cursor() as cursor:
        for table in (*TABLES, *OTHER_TABLES):
            cursor.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))
        cursor.execute("CHECKPOINT")
    connection.autocommit = False


def _last_id(cursor, count: int) -> int | None:
    """Database id of row ``count`` - 1 when exactly the rows before it are there.

    :raise Missing: there are other rows than wanted, which only another database
        can mend
    """
    keys = [rows.id_key_of(0), rows.id_key_of(count - 1)]
    cursor.execute(
        "SELECT id FROM g2p_spar_mapping WHERE id_key = ANY(%s) ORDER BY id", (keys,)
    )
    found = [row[0] for row in cursor.fetchall()]
    if not found:
        return None
    cursor.execute(
        "SELECT count(*) FROM g2p_spar_mapping WHERE id BETWEEN %s AND %s",
        (found[0], found[-1]),
    )
    # Those with a past lie among them, but for the first ones.
    others = count // past.SHARE - min(count, CHUNK) // past.SHARE
    if cursor.fetchone()[0] != count + others or len(found) != len(set(keys)):
        raise Missing(
            f"This database was seeded with another number than {count:,}, or by an"
            " older benchmark: drop it."
        )
    return found[-1]


def _drop_indexes(cursor) -> list[str]:
    """Drop the indexes of the two tables; return the statements that make them."""
    cursor.execute(_INDEXES, (list(TABLES),))
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(sql.SQL("DROP INDEX {}").format(sql.SQL(name)))
    return [definition for _name, definition in found]


def _say(done: int) -> None:
    sys.stdout.write(f"    ... {done:,} rows\n")
    sys.stdout.flush()


def main() -> int:
    """Seed one database from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dsn", required=True, help="of a superuser")
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    seconds = ensure(psycopg2.connect(options.dsn), options.rows, _say)
    sys.stdout.write(f"{options.rows:,} rows, {seconds:.1f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

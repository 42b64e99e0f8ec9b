"""The statements of changes that wait, of renewals and of reports.

Beside :mod:`.statements`, and in its manner: one statement for a batch.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from odoo.tools import SQL

from ..core.commands import ReportItem
from ..core.fields import dump_json
from ..core.life import Life
from ..core.rows import Row, Stored, Waiting
from ..core.sandbox import MARK
from .statements import Author, Execute, author_columns, names_of, table_of

#: What a change names of the reference data, so that nobody can delete it meanwhile.
_NAMED = ("strategy_id", "fa_type_id", "provider_id", "branch_id")
#: Steps that can bring another address.
_BRINGING = ["link", "update", "apply", "rollback"]


def read_waiting(execute: Execute, mapping_ids: Sequence[int]) -> dict[int, Waiting]:
    """Read the changes that wait, by the ids of their mappings.

    A statement of its own, and after the lock: another transaction may have begun
    or ended the change while this one waited for the row.
    """
    rows = execute(
        SQL(
            "SELECT mapping_id, id, step, changes, held, due_at, user_id, reason,"
            " policy_id, version FROM g2p_spar_pending_change"
            " WHERE mapping_id = ANY(%s) AND state = 'waiting'",
            list(mapping_ids),
        )
    )
    return {row[0]: Waiting._make(row[1:]) for row in rows}


def with_waiting(execute: Execute, found: dict[str, Stored]) -> dict[str, Stored]:
    """Give rows the changes that wait for them; most often there are none."""
    keys = [key for key, stored in found.items() if stored.row.change_waits]
    if not keys:
        return found
    waiting = read_waiting(execute, [found[key].mapping_id for key in keys])
    return found | {
        key: found[key]._replace(waiting=waiting.get(found[key].mapping_id))
        for key in keys
    }


def read_past(
    execute: Execute, mapping_ids: Sequence[int], since: datetime
) -> dict[int, list[datetime]]:
    """When the addresses of some mappings were changed, by the mappings' ids."""
    rows = execute(
        SQL(
            """
            SELECT mapping_id, array_agg(changed_at) FROM g2p_spar_mapping_version
            WHERE mapping_id = ANY(%s) AND changed_at > %s AND step = ANY(%s)
                AND before ->> 'fa_value' <> after ->> 'fa_value'
            GROUP BY mapping_id
            """,
            list(mapping_ids),
            since,
            _BRINGING,
        )
    )
    return dict(rows)


def insert_waiting(
    execute: Execute,
    proposed: dict[str, Waiting],
    stored: dict[str, tuple[int, Row, str]],
    author: Author,
) -> None:
    """Write changes that begin to wait.

    :param proposed: by ID key
    :param stored: id of the mapping, its row and the caller's reference, by ID key
    """
    origin = author.origin
    waiting = [proposed[key] for key in sorted(proposed)]
    known = [stored[key] for key in sorted(proposed)]
    count = len(waiting)
    columns = {
        "mapping_id": [one[0] for one in known],
        "version": [one[1].version for one in known],
        "reference_id": [one[2] for one in known],
        "step": [one.step for one in waiting],
        "changes": [dump_json(one.changes) for one in waiting],
        "held": [one.held for one in waiting],
        "due_at": [one.due_at for one in waiting],
        "policy_id": [one.policy_id for one in waiting],
        "state": ["waiting"] * count,
        "transaction_id": [origin.transaction_id] * count,
        "reason": [origin.reason] * count,
        "evidence": [origin.evidence] * count,
    }
    columns |= {name: [one.changes.get(name) for one in waiting] for name in _NAMED}
    columns |= author_columns(author, count)
    columns["requested_at"] = columns.pop("changed_at")
    _insert(execute, "g2p_spar_pending_change", columns)


def end_waiting(execute: Execute, ended: dict[int, str], author: Author) -> None:
    """Write what changes that waited came to.

    :param ended: new state by the id of the mapping
    """
    columns = {"mapping_id": list(ended), "state": [*map(str, ended.values())]}
    selected, source = table_of(columns)
    execute(
        SQL(
            """
            UPDATE g2p_spar_pending_change p SET state = y.state,
                decided_at = %s, decided_by_id = %s, decision = %s
            FROM (SELECT %s FROM %s) y
            WHERE p.mapping_id = y.mapping_id AND p.state = 'waiting'
            RETURNING p.id
            """,
            author.now,
            author.user_id,
            author.origin.reason,
            selected,
            source,
        )
    )


def read_due(execute: Execute, now: datetime, after: int, limit: int) -> list[tuple]:
    """Read changes whose time has come: id, channel and ID key, in order of the id."""
    return execute(
        SQL(
            """
            SELECT p.id, p.channel, m.id_key FROM g2p_spar_pending_change p
            JOIN g2p_spar_mapping m ON m.id = p.mapping_id
            WHERE p.state = 'waiting' AND p.due_at <= %s AND p.id > %s
            ORDER BY p.id LIMIT %s
            """,
            now,
            after,
            limit,
        )
    )


def read_snapshots(
    execute: Execute, wanted: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], tuple[dict, int | None]]:
    """Read earlier versions: the snapshot after them and its strategy's number.

    :param wanted: ID keys and versions
    """
    selected, source = table_of(
        {
            "id_key": [key for key, _version in wanted],
            "version": [version for _key, version in wanted],
        }
    )
    rows = execute(
        SQL(
            """
            SELECT y.id_key, y.version, v.after, s.number
            FROM (SELECT %s FROM %s) y
            JOIN g2p_spar_mapping m ON m.id_key = y.id_key
            JOIN g2p_spar_mapping_version v
                ON v.mapping_id = m.id AND v.version = y.version
            LEFT JOIN g2p_spar_strategy s ON s.id = (v.after ->> 'strategy_id')::int
            """,
            selected,
            source,
        )
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


def insert_failures(
    execute: Execute, reports: Sequence[tuple[int, int, ReportItem]], author: Author
) -> None:
    """Keep reports of failed payments.

    :param reports: id and version of the mapping, and the report
    """
    origin = author.origin
    count = len(reports)
    columns = {
        "mapping_id": [mapping_id for mapping_id, _version, _item in reports],
        "version": [version for _mapping_id, version, _item in reports],
        "failure": [str(item.reason) for _id, _version, item in reports],
        "failed_on": [item.failed_on for _id, _version, item in reports],
        "reference_id": [item.reference_id for _id, _version, item in reports],
        "transaction_id": [origin.transaction_id] * count,
    }
    columns |= author_columns(author, count)
    columns["reported_at"] = columns.pop("changed_at")
    _insert(execute, "g2p_spar_failure_report", columns)


def _insert(execute: Execute, table: str, columns: dict[str, Sequence]) -> None:
    selected, source = table_of(columns)
    execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s RETURNING id",
            SQL.identifier(table),
            names_of(columns),
            selected,
            source,
        )
    )


# === LIFE CYCLE === #


def insert_reminders(execute: Execute, lives: dict[int, Life], now: datetime) -> int:
    """Note whom to remind that a link ends, or ended and can be renewed.

    One statement whatever the number; only the nearest warning of a link is noted,
    and each once. Those of sandboxes are nobody's; and a link that is on hold is not
    paid now and cannot be renewed, so that it is told of when the hold is over.

    :return: how many are new
    """
    marks = [
        (id_type_id, days, life.grace_days)
        for id_type_id, life in lives.items()
        for days in (*life.warn_days, 0)
    ]
    if not marks:
        return 0
    rows = execute(
        SQL(
            """
            INSERT INTO g2p_spar_reminder (mapping_id, valid_until, days, made_at)
            SELECT DISTINCT ON (m.id) m.id, m.valid_until, w.days, %(now)s
            FROM g2p_spar_mapping m
            JOIN (VALUES %(marks)s) AS w (id_type_id, days, grace)
                ON w.id_type_id = m.id_type_id
            WHERE m.valid_until <= %(horizon)s
                AND m.valid_until > %(now)s - make_interval(days => w.grace)
                AND m.valid_until <= %(now)s + make_interval(days => w.days)
                AND (w.days = 0) = (m.valid_until <= %(now)s)
                AND (m.state = 'active'
                    OR m.state = 'on_hold' AND m.hold_until <= %(now)s)
                AND NOT starts_with(m.id_key, %(mark)s)
            ORDER BY m.id, w.days
            ON CONFLICT (mapping_id, valid_until, days) DO NOTHING RETURNING id
            """,
            now=now,
            horizon=_horizon(marks, now),
            marks=SQL(", ").join(SQL("%s", mark) for mark in marks),
            mark=MARK,
        )
    )
    return len(rows)


def read_over(
    execute: Execute, lives: dict[int, Life], now: datetime, limit: int
) -> list[str]:
    """Read keys of IDs whose links ended so long ago that nobody can renew them."""
    ends = [(key, life.grace_days) for key, life in lives.items() if life.valid_days]
    if not ends:
        return []
    rows = execute(
        SQL(
            """
            SELECT m.id_key FROM g2p_spar_mapping m
            JOIN (VALUES %(ends)s) AS w (id_type_id, grace)
                ON w.id_type_id = m.id_type_id
            WHERE m.valid_until <= %(now)s
                AND m.valid_until <= %(now)s - make_interval(days => w.grace)
                AND (m.state = 'active'
                    OR m.state = 'on_hold' AND m.hold_until <= %(now)s)
            ORDER BY m.valid_until LIMIT %(limit)s
            """,
            ends=SQL(", ").join(SQL("%s", end) for end in ends),
            now=now,
            limit=limit,
        )
    )
    return [row[0] for row in rows]


def _horizon(marks: Sequence[tuple[int, int, int]], now: datetime) -> datetime:
    """The latest end that any warning is about: what the index is asked for."""
    return now + timedelta(days=max(days for _id, days, _grace in marks))

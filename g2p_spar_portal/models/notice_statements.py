"""The statements of the outbox: as many for a thousand changes as for one."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from odoo.tools import SQL

from odoo.addons.g2p_spar_mapper.core.sandbox import MARK
from odoo.addons.g2p_spar_mapper.models.statements import Execute

from ..core.notices import Change, Known


class Draft(NamedTuple):
    """A notice that is to be stored.

    :param recipient_key: keyed hash of the recipient, which outlives its value
    :param state: queued, or failed for a recipient nothing can be sent to
    """

    version_id: int | None
    contact_id: int | None
    mapping_id: int | None
    topic: str
    reference: str
    kind: str
    value: str
    recipient_key: str
    lang: str
    subject: str
    body: str
    state: str
    failure: str | None


_TYPES = {"version_id": "int4", "contact_id": "int4", "mapping_id": "int4"}


def read_changes(
    execute: Execute, after: int, channels: Sequence[str], days: int, limit: int
) -> list[Change]:
    """Versions of which somebody is to be told and was not yet, oldest first.

    Read are those of the registry proper, of people who have a contact or a phone
    in their mapping, now or within the last days before the version.

    :param after: id of the version behind which to begin
    :param days: for how long a former phone is still told
    """
    rows = execute(
        SQL(
            """
            SELECT v.id, v.mapping_id, v.version, v.step, v.channel, v.changed_at,
                v.transaction_id, v.before, v.after, m.id_key, phones.known
            FROM g2p_spar_mapping_version v
            JOIN g2p_spar_mapping m ON m.id = v.mapping_id
            CROSS JOIN LATERAL (
                SELECT array_agg(phone ORDER BY phone) AS known FROM (
                    SELECT p.before ->> 'phone' AS phone
                    FROM g2p_spar_mapping_version p
                    WHERE p.mapping_id = v.mapping_id AND p.version <= v.version
                        AND p.changed_at + make_interval(days => %(days)s)
                            > v.changed_at
                    UNION SELECT v.after ->> 'phone'
                ) had WHERE phone IS NOT NULL
            ) phones
            WHERE v.id > %(after)s AND v.channel = ANY(%(channels)s)
                AND NOT starts_with(m.id_key, %(mark)s)
                AND (phones.known IS NOT NULL OR EXISTS (
                    SELECT 1 FROM g2p_spar_contact c
                    WHERE c.id_key = m.id_key AND c.state <> 'asked'
                ))
                AND NOT EXISTS (
                    SELECT 1 FROM g2p_spar_notice n WHERE n.version_id = v.id
                )
            ORDER BY v.id LIMIT %(limit)s
            """,
            after=after,
            channels=sorted(channels),
            days=days,
            mark=MARK,
            limit=limit,
        )
    )
    return [Change(*row[:-1], tuple(row[-1] or ())) for row in rows]


def read_contacts(execute: Execute, id_keys: Sequence[str]) -> dict[str, list[Known]]:
    """Confirmed and ended contacts of some people, by the key of their ID."""
    found: dict[str, list[Known]] = {key: [] for key in id_keys}
    rows = execute(
        SQL(
            """
            SELECT id_key, kind, value, lang, confirmed_at, ended_at
            FROM g2p_spar_contact
            WHERE id_key = ANY(%s) AND state <> 'asked' ORDER BY id DESC
            """,
            list(found),
        )
    )
    for row in rows:
        found[row[0]].append(Known(*row))
    return found


def insert_notices(
    execute: Execute, drafts: Sequence[Draft], now: datetime
) -> list[int]:
    """Store notices; those that are there already are left out.

    :param now: naive UTC
    :return: database ids of the new ones that are to be sent
    """
    columns = dict(zip(Draft._fields, zip(*drafts, strict=True), strict=True))
    names = SQL(", ").join(map(SQL.identifier, columns))
    arrays = SQL(", ").join(
        SQL("%s::%s[]", list(values), SQL(_TYPES.get(name, "text")))
        for name, values in columns.items()
    )
    rows = execute(
        SQL(
            """
            INSERT INTO g2p_spar_notice (%(names)s, created_at, attempts)
            SELECT %(names)s, %(now)s, 1
            FROM unnest(%(arrays)s) AS y(%(names)s)
            ON CONFLICT DO NOTHING RETURNING id, state
            """,
            names=names,
            arrays=arrays,
            now=now,
        )
    )
    return [notice_id for notice_id, state in rows if state == "queued"]


# === HOW FAR THE HISTORY WAS READ === #


class Start(NamedTuple):
    """Where a reading of the history begins.

    :param floor: id of the version up to which nothing can be new any more
    :param next_floor: what the floor is when the reading has come to its end
    :param newest: id of the newest version that could be seen
    :param number: number of this transaction, later than of all that wrote those
    :param waits: whether transactions of the checkpoint before are still open
    """

    floor: int
    next_floor: int
    newest: int
    number: int
    waits: bool


def begin_reading(execute: Execute) -> Start:
    """Find out from where the history is to be read.

    Versions are numbered before their transaction commits, so a lower one may
    appear after a higher one was read. Each reading therefore notes the newest
    version it saw and its own number among the transactions. Once all transactions
    with lower numbers have ended, nothing can appear below that version any more,
    and only then the floor is raised to it. (Whoever writes a version has its
    number by then, because the mapping is written first.)
    """
    rows = execute(
        SQL(
            """
            SELECT floor_id, checkpoint_id, checkpoint_number::bigint,
                pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
                (SELECT COALESCE(max(id), 0) FROM g2p_spar_mapping_version),
                pg_current_xact_id()::text::bigint
            FROM g2p_spar_notice_reading
            """
        )
    )
    floor, checkpoint, noted, oldest_open, newest, number = rows[0]
    waits = noted is not None and oldest_open <= noted
    passed = noted is not None and not waits
    return Start(floor, checkpoint if passed else floor, newest, number, waits)


def end_reading(execute: Execute, start: Start) -> None:
    """Note that everything that could be seen at the start was read."""
    checkpoint = SQL()
    if not start.waits:
        checkpoint = SQL(
            ", checkpoint_id = %s, checkpoint_number = %s",
            start.newest,
            str(start.number),
        )
    execute(
        SQL(
            "UPDATE g2p_spar_notice_reading SET floor_id = %s%s RETURNING id",
            start.next_floor,
            checkpoint,
        )
    )

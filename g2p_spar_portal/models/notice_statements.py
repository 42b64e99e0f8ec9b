"""The statements of the outbox: as many for a thousand changes as for one."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from odoo.tools import SQL

from odoo.addons.g2p_spar_mapper.core.erasure import KEY_MARK
from odoo.addons.g2p_spar_mapper.core.sandbox import MARK
from odoo.addons.g2p_spar_mapper.models.statements import Execute

from ..core.notices import REMIND, Asked, Change, Known


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
    reminder_id: int | None = None


_IDS = ("version_id", "contact_id", "mapping_id", "reminder_id")
_TYPES = dict.fromkeys(_IDS, "int4")


def read_changes(
    execute: Execute, after: int, channels: Sequence[str], days: int, limit: int
) -> list[Change]:
    """Versions of which somebody is to be told and was not yet, oldest first.

    Read are those of the registry proper, of people who have a contact or a phone
    in their mapping, now or within the last days before the version; not of those
    whose data was erased before they could be told.

    :param after: id of the version behind which to begin
    :param days: for how long a former phone is still told
    """
    rows = execute(
        SQL(
            """
            SELECT v.id, v.mapping_id, v.version, v.step, v.channel, v.changed_at,
                v.transaction_id, v.before, v.after, m.id_key, phones.known,
                f.failure, asked.changes, asked.due_at, asked.held
            FROM g2p_spar_mapping_version v
            JOIN g2p_spar_mapping m ON m.id = v.mapping_id
            LEFT JOIN g2p_spar_failure_report f ON v.step = 'report'
                AND f.mapping_id = v.mapping_id AND f.version = v.version
            LEFT JOIN LATERAL (
                SELECT changes, due_at, held FROM g2p_spar_pending_change p
                WHERE v.step IN ('propose', 'withdraw')
                    AND p.mapping_id = v.mapping_id AND p.version <= v.version
                ORDER BY p.version DESC LIMIT 1
            ) asked ON true
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
                AND NOT starts_with(m.id_key, %(erased)s)
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
            erased=KEY_MARK,
            limit=limit,
        )
    )
    return [_change_of(*row) for row in rows]


def _change_of(*row) -> Change:
    """Make a change of a row of :func:`read_changes`."""
    phones, failure, changes, due_at, held = row[10:]
    asked = None if changes is None else Asked(changes, due_at, bool(held))
    return Change(*row[:10], tuple(phones or ()), asked, failure)


def read_reminders(
    execute: Execute, after: int, channels: Sequence[str], limit: int
) -> list[Change]:
    """Reminders of which somebody is to be told and was not yet, oldest first.

    One whose link was renewed, changed or taken away since is told to nobody.

    :param after: id of the reminder behind which to begin
    """
    if "registry" not in channels:
        return []
    rows = execute(
        SQL(
            """
            SELECT r.id, m.id, m.version, r.made_at, v.after, m.id_key, m.phone, r.days
            FROM g2p_spar_reminder r
            JOIN g2p_spar_mapping m
                ON m.id = r.mapping_id AND m.valid_until = r.valid_until
            JOIN g2p_spar_mapping_version v
                ON v.mapping_id = m.id AND v.version = m.version
            WHERE r.id > %s AND m.state IN ('active', 'on_hold')
                AND NOT EXISTS (
                    SELECT 1 FROM g2p_spar_notice n WHERE n.reminder_id = r.id
                )
            ORDER BY r.id LIMIT %s
            """,
            after,
            limit,
        )
    )
    return [_reminder_of(*row) for row in rows]


def _reminder_of(
    reminder_id, mapping_id, version, made_at, after, id_key, phone, days
) -> Change:
    """Make a change of a row of :func:`read_reminders`."""
    return Change(
        None,
        mapping_id,
        version,
        REMIND,
        "registry",
        made_at,
        None,
        after,
        after,
        id_key,
        (phone,) if phone else (),
        reminder_id=reminder_id,
        days=days,
    )


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

#: What is read for notices: names of the readings, and where each reads.
SOURCES = {"change": "g2p_spar_mapping_version", "reminder": "g2p_spar_reminder"}


class Start(NamedTuple):
    """Where a reading of the history begins.

    :param source: one of :data:`SOURCES`
    :param floor: id of the row up to which nothing can be new any more
    :param next_floor: what the floor is when the reading has come to its end
    :param newest: id of the newest row that could be seen
    :param number: number of this transaction, later than of all that wrote those
    :param waits: whether transactions of the checkpoint before are still open
    """

    source: str
    floor: int
    next_floor: int
    newest: int
    number: int
    waits: bool


def begin_reading(execute: Execute, source: str = "change") -> Start:
    """Find out from where the history, or the list of reminders, is to be read.

    Versions are numbered before their transaction commits, so a lower one may
    appear after a higher one was read. Each reading therefore notes the newest
    version it saw and its own number among the transactions. Once all transactions
    with lower numbers have ended, nothing can appear below that version any more,
    and only then the floor is raised to it. (Whoever writes a version has its
    number by then, because the mapping is written first; and reminders are written
    by one job alone.)
    """
    rows = execute(
        SQL(
            """
            SELECT floor_id, checkpoint_id, checkpoint_number::bigint,
                pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
                (SELECT COALESCE(max(id), 0) FROM %(table)s),
                pg_current_xact_id()::text::bigint
            FROM g2p_spar_notice_reading WHERE source = %(source)s
            """,
            table=SQL.identifier(SOURCES[source]),
            source=source,
        )
    )
    floor, checkpoint, noted, oldest_open, newest, number = rows[0]
    waits = noted is not None and oldest_open <= noted
    passed = noted is not None and not waits
    next_floor = checkpoint if passed else floor
    return Start(source, floor, next_floor, newest, number, waits)


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
            "UPDATE g2p_spar_notice_reading SET floor_id = %s%s"
            " WHERE source = %s RETURNING id",
            start.next_floor,
            checkpoint,
            start.source,
        )
    )

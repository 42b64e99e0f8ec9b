"""The statements that count: from the history of a day to its sums."""

from datetime import date, datetime

from odoo.tools import SQL

from odoo.addons.g2p_spar_mapper.core.sandbox import BEHIND_MARK, MARK

from ..core.days import GRACE

_DATED = SQL("(COALESCE(hold_until, valid_until) IS NOT NULL)")


def _lines(day: date, end: datetime) -> SQL:
    """Select the day's lines of history, but for those of sandboxes."""
    return SQL(
        """
        SELECT mapping_id, version, changed_at, step, channel, before, after
        FROM g2p_spar_mapping_version
        WHERE changed_at >= %s AND changed_at < %s AND mapping_id NOT IN (
            SELECT id FROM g2p_spar_mapping WHERE id_key >= %s AND id_key < %s
        )
        """,
        day,
        end,
        MARK,
        BEHIND_MARK,
    )


def moves(sides: SQL) -> SQL:
    """Say which state a mapping enters or leaves when, as ``core.state`` decides.

    :param sides: rows (since, sign, state, hold_until, valid_until and others); a
        side with sign 1 begins at ``since``, one with -1 ends there
    :return: a select of (moment, state, change) and the columns of the sides
    """
    return SQL(
        """
        SELECT sides.*, moved.moment, moved.to_state, moved.change
        FROM (%s) AS sides
        CROSS JOIN LATERAL (SELECT CASE
            WHEN state = 'active' THEN since
            WHEN state = 'on_hold' AND hold_until IS NOT NULL
            THEN GREATEST(hold_until, since) END AS released OFFSET 0
        ) AS release
        CROSS JOIN LATERAL (SELECT CASE
            WHEN released IS NOT NULL AND valid_until IS NOT NULL
            THEN GREATEST(valid_until, released) END AS expired OFFSET 0
        ) AS expiry
        CROSS JOIN LATERAL (VALUES
            (since, CASE WHEN expired <= since THEN 'expired'
                WHEN released <= since THEN 'active' ELSE state END, sign),
            (CASE WHEN released > since THEN released END, 'on_hold', -sign),
            (CASE WHEN released > since THEN released END, 'active', sign),
            (CASE WHEN expired > since THEN expired END, 'active', -sign),
            (CASE WHEN expired > since THEN expired END, 'expired', sign)
        ) AS moved(moment, to_state, change)
        WHERE moved.moment IS NOT NULL
        """,
        sides,
    )


def lock(cr) -> None:
    """Let nobody else count until the transaction ends; reading goes on."""
    cr.execute("LOCK TABLE g2p_spar_tally_day IN SHARE ROW EXCLUSIVE MODE")


def first_day(cr) -> date | None:
    """The day of the oldest line of history; none: there is no history."""
    cr.execute("SELECT min(changed_at)::date FROM g2p_spar_mapping_version")
    return cr.fetchone()[0]


def late_days(cr) -> list[date]:
    """Final days that have more lines than were counted."""
    cr.execute(
        """
        SELECT d.day FROM g2p_spar_tally_day d JOIN (
            SELECT changed_at::date AS day, count(*) AS lines
            FROM g2p_spar_mapping_version GROUP BY 1
        ) v USING (day) WHERE d.is_final AND v.lines > d.lines ORDER BY 1
        """
    )
    return [row[0] for row in cr.fetchall()]


def count_day(cr, day: date, end: datetime, now: datetime, is_final: bool) -> None:
    """Count one day of history, instead of what was counted of it before.

    :param end: the first moment behind the day, naive UTC
    :param now: when it is counted, naive UTC
    """
    cr.execute("DELETE FROM g2p_spar_tally WHERE counted_on = %s", [day])
    cr.execute("DELETE FROM g2p_spar_tally_change WHERE day = %s", [day])
    cr.execute(_count_moves(day, end))
    cr.execute(_count_changes(day, end))
    cr.execute(
        """
        INSERT INTO g2p_spar_tally_day (day, lines, counted_at, is_final)
        SELECT %(day)s, count(*), %(now)s, %(is_final)s
        FROM g2p_spar_mapping_version
        WHERE changed_at >= %(day)s AND changed_at < %(end)s
        ON CONFLICT (day) DO UPDATE SET lines = EXCLUDED.lines,
            counted_at = EXCLUDED.counted_at, is_final = EXCLUDED.is_final
        """,
        {"day": day, "end": end, "now": now, "is_final": is_final},
    )


def sum_up(cr, today: date) -> None:
    """Add the daily sums up to what pages and charts read.

    :param today: the last day that counts as present
    """
    cr.execute("DELETE FROM g2p_spar_tally_cell")
    cr.execute(
        """
        INSERT INTO g2p_spar_tally_cell (provider_id, channel, state, mappings)
        SELECT provider_id, channel, state, sum(mappings) FROM g2p_spar_tally
        WHERE day <= %s GROUP BY 1, 2, 3 HAVING sum(mappings) <> 0
        """,
        [today],
    )
    cr.execute("DELETE FROM g2p_spar_tally_total")
    cr.execute(
        """
        INSERT INTO g2p_spar_tally_total (day, state, mappings)
        SELECT day, state, sum(mappings) FROM g2p_spar_tally
        GROUP BY 1, 2 HAVING sum(mappings) <> 0
        """
    )


def _count_moves(day: date, end: datetime) -> SQL:
    """Sum up what the day's lines took from some cells and brought to others.

    Most mappings have no dates, and so one move: only the others are looked at
    closely.
    """
    return SQL(
        """
        WITH lines AS MATERIALIZED (%(lines)s), sides AS MATERIALIZED (
            SELECT s.since, s.sign, s.channel, s.side->>'state' AS state,
                (s.side->>'provider_id')::int AS provider_id,
                (s.side->>'hold_until')::timestamp AS hold_until,
                (s.side->>'valid_until')::timestamp AS valid_until
            FROM (
                SELECT changed_at AS since, 1 AS sign, channel, after AS side
                FROM lines
                UNION ALL
                SELECT l.changed_at, -1, p.channel, l.before FROM lines l
                JOIN g2p_spar_mapping_version p
                  ON p.mapping_id = l.mapping_id AND p.version = l.version - 1
                WHERE l.before IS NOT NULL
            ) s
        )
        INSERT INTO g2p_spar_tally
            (counted_on, day, provider_id, channel, state, mappings)
        SELECT %(day)s, m.day, p.id, m.channel, m.state, sum(m.change)
        FROM (
            SELECT %(day)s AS day, provider_id, channel, state, sum(sign) AS change
            FROM sides WHERE NOT %(dated)s
            GROUP BY 2, 3, 4
            UNION ALL
            SELECT moment::date, provider_id, channel, to_state, sum(change)
            FROM (%(moves)s) d GROUP BY 1, 2, 3, 4
        ) m LEFT JOIN g2p_spar_provider p ON p.id = m.provider_id
        GROUP BY 1, 2, 3, 4, 5 HAVING sum(m.change) <> 0
        """,
        lines=_lines(day, end),
        day=day,
        dated=_DATED,
        moves=moves(SQL("SELECT * FROM sides WHERE %s", _DATED)),
    )


def _count_changes(day: date, end: datetime) -> SQL:
    return SQL(
        """
        INSERT INTO g2p_spar_tally_change
            (day, step, channel, provider_id, changes, address_changes)
        SELECT %(day)s, v.step, v.channel, p.id, count(*), count(*) FILTER (
            WHERE v.before->>'fa_value' <> v.after->>'fa_value'
              AND v.before->>'state' <> 'unlinked'
        )
        FROM (%(lines)s) v
        LEFT JOIN g2p_spar_provider p ON p.id = (v.after->>'provider_id')::int
        GROUP BY 2, 3, 4
        """,
        day=day,
        lines=_lines(day, end),
    )


def count_addresses(cr, last: datetime | None, now: datetime) -> None:
    """Count the IDs of shared addresses.

    :param last: when this was done last, naive UTC; none: never, and so every
        address is looked at
    :param now: the moment whose states count, naive UTC
    """
    cr.execute("LOCK TABLE g2p_spar_tally_address IN SHARE ROW EXCLUSIVE MODE")
    cr.execute(
        SQL(
            """
            CREATE TEMPORARY TABLE g2p_spar_shared ON COMMIT DROP AS
            SELECT m.fa_key, count(*) AS id_count, min(m.provider_id) AS provider_id
            FROM g2p_spar_mapping m JOIN (%s) c USING (fa_key)
            WHERE m.state IN ('active', 'on_hold', 'suspended') AND NOT (
                m.valid_until IS NOT NULL AND m.valid_until <= %s
                AND (m.state = 'active'
                     OR m.state = 'on_hold' AND m.hold_until <= %s)
            )
            GROUP BY m.fa_key HAVING count(*) > 1
            """,
            _candidates(last),
            now,
            now,
        )
    )
    cr.execute(
        """
        DELETE FROM g2p_spar_tally_address t WHERE NOT EXISTS (
            SELECT 1 FROM g2p_spar_shared s WHERE s.fa_key = t.fa_key
        )
        """
    )
    cr.execute(
        """
        INSERT INTO g2p_spar_tally_address AS t
            (fa_key, id_count, provider_id, counted_at)
        SELECT fa_key, id_count, provider_id, %s FROM g2p_spar_shared
        ON CONFLICT (fa_key) DO UPDATE SET id_count = EXCLUDED.id_count,
            provider_id = EXCLUDED.provider_id, counted_at = EXCLUDED.counted_at
        """,
        [now],
    )
    cr.execute("DROP TABLE g2p_spar_shared")


def _candidates(last: datetime | None) -> SQL:
    """Select the addresses that may be shared, but for those of sandboxes."""
    if last is None:
        return SQL(
            """
            SELECT fa_key FROM g2p_spar_mapping
            WHERE NOT (fa_key >= %s AND fa_key < %s)
            GROUP BY fa_key HAVING count(*) > 1
            """,
            MARK,
            BEHIND_MARK,
        )
    return SQL(
        """
        SELECT fa_key FROM g2p_spar_tally_address
        UNION
        SELECT fa_key FROM g2p_spar_mapping
        WHERE NOT (fa_key >= %s AND fa_key < %s) AND id IN (
            SELECT mapping_id FROM g2p_spar_mapping_version WHERE changed_at >= %s
        )
        """,
        MARK,
        BEHIND_MARK,
        last - GRACE,
    )

"""The statements that count how well addresses have been checked.

The rule is that of ``g2p_spar_mapper/core/ladder.py``, which a test compares.
"""

from datetime import datetime

from odoo.tools import SQL

from odoo.addons.g2p_spar_mapper.core.sandbox import BEHIND_MARK, MARK

from ..core.days import GRACE


def count_levels(cr, last: datetime | None, now: datetime, end: datetime) -> None:
    """Count linked IDs by the level of their address, and keep both.

    :param last: when this was done last, naive UTC; none: never, and so all that
        was ever checked is looked at
    :param now: when it is counted, naive UTC
    :param end: the moment whose states count, naive UTC
    """
    cr.execute(
        SQL(
            "CREATE TEMPORARY TABLE g2p_spar_touched ON COMMIT DROP AS %s",
            _touched(last, end),
        )
    )
    cr.execute("ANALYZE g2p_spar_touched")
    cr.execute(
        """
        DELETE FROM g2p_spar_tally_check c
        USING g2p_spar_touched t WHERE t.mapping_id = c.mapping_id
        """
    )
    cr.execute(_insert_levels(end))
    cr.execute("DROP TABLE g2p_spar_touched")
    _sum_up(cr, now)


def _touched(last: datetime | None, end: datetime) -> SQL:
    """Select the mappings whose level may be another one than at the last count."""
    if last is None:
        return SQL(
            """
            SELECT mapping_id FROM g2p_spar_tally_check
            UNION SELECT mapping_id FROM g2p_spar_verification
            UNION SELECT id FROM g2p_spar_mapping WHERE strategy_id IS NULL
            """
        )
    return SQL(
        """
        SELECT mapping_id FROM g2p_spar_verification WHERE checked_at >= %(since)s
        UNION
        SELECT mapping_id FROM g2p_spar_mapping_version WHERE changed_at >= %(since)s
        UNION
        SELECT id FROM g2p_spar_mapping
        WHERE valid_until > %(since)s AND valid_until <= %(end)s
        """,
        since=last - GRACE,
        end=end,
    )


def _insert_levels(end: datetime) -> SQL:
    """Give touched mappings their level, but for those on the first rung.

    Of several checks on a rung the last counts; what was unclear changes nothing.

    Whether a check was of the present address is told as a value, not as a condition
    of the join: PostgreSQL expects one row of such a join, and then goes through all
    checks once for each.
    """
    return SQL(
        """
        WITH checks AS (
            SELECT DISTINCT ON (v.mapping_id, v.rung) v.mapping_id, v.rung, v.result,
                COALESCE(m.fa_key = v.fa_key, FALSE) AS is_present
            FROM g2p_spar_touched t
            JOIN g2p_spar_verification v ON v.mapping_id = t.mapping_id
            JOIN g2p_spar_mapping m ON m.id = v.mapping_id
            WHERE v.result <> 'unclear'
            ORDER BY v.mapping_id, v.rung, is_present DESC, v.id DESC
        ), best AS (
            SELECT mapping_id, max(rung) AS rung FROM checks
            WHERE result = 'passed' AND is_present GROUP BY mapping_id
        )
        INSERT INTO g2p_spar_tally_check (mapping_id, level)
        SELECT m.id, COALESCE(b.rung, '0')
        FROM g2p_spar_touched t
        JOIN g2p_spar_mapping m ON m.id = t.mapping_id
        LEFT JOIN best b ON b.mapping_id = m.id
        WHERE (b.rung IS NOT NULL OR m.strategy_id IS NULL)
          AND m.state IN ('active', 'on_hold', 'suspended') AND NOT (
              m.valid_until IS NOT NULL AND m.valid_until <= %(end)s
              AND (m.state = 'active'
                   OR m.state = 'on_hold' AND m.hold_until <= %(end)s)
          )
          AND NOT (m.id_key >= %(mark)s AND m.id_key < %(behind)s)
        """,
        end=end,
        mark=MARK,
        behind=BEHIND_MARK,
    )


def _sum_up(cr, now: datetime) -> None:
    """Add levels up; who is linked and has none stands on the first rung."""
    cr.execute("DELETE FROM g2p_spar_tally_level")
    cr.execute(
        """
        WITH checked AS (
            SELECT level, count(*) AS mappings FROM g2p_spar_tally_check GROUP BY 1
        ), linked AS (
            SELECT COALESCE(sum(mappings), 0) AS mappings FROM g2p_spar_tally_cell
            WHERE state IN ('active', 'on_hold', 'suspended')
        )
        INSERT INTO g2p_spar_tally_level (level, mappings, counted_at)
        SELECT l.level, CASE WHEN l.level = '1' THEN GREATEST(
                (SELECT mappings FROM linked)
                - COALESCE((SELECT sum(mappings) FROM checked), 0), 0
            ) ELSE COALESCE(c.mappings, 0) END, %s
        FROM (VALUES ('0'), ('1'), ('2'), ('3'), ('4'), ('5')) AS l(level)
        LEFT JOIN checked c ON c.level = l.level
        """,
        [now],
    )

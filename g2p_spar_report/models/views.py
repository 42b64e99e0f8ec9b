"""The views that reporting tools read: names and columns that stay.

What each column means stands in ``readme/VIEWS.md``, with which a test compares
the database. No view shows a person, an ID, an account or a key.

A view is replaced in place, so that it keeps who may read it; where its columns
have changed it is made anew, and those who might read it may again.
"""

from psycopg2.errors import InvalidTableDefinition

from odoo.tools import SQL

#: First part of the names of all views.
PREFIX = "g2p_spar_report_"

#: view -> its select. They say nothing that a user typed, so plain text will do.
VIEWS = {
    "mapping": """
        SELECT p.code AS provider_code, p.name AS provider, c.channel, c.state,
            c.mappings::bigint
        FROM g2p_spar_tally_cell c LEFT JOIN g2p_spar_provider p ON p.id = c.provider_id
    """,
    "mapping_move": """
        SELECT t.day, p.code AS provider_code, p.name AS provider, t.channel, t.state,
            sum(t.mappings)::bigint AS growth
        FROM g2p_spar_tally t LEFT JOIN g2p_spar_provider p ON p.id = t.provider_id
        GROUP BY 1, 2, 3, 4, 5 HAVING sum(t.mappings) <> 0
    """,
    "mapping_day": """
        SELECT d.day::date AS day, s.state,
            sum(COALESCE(t.mappings, 0))
                OVER (PARTITION BY s.state ORDER BY d.day)::bigint AS mappings
        FROM (
            SELECT generate_series(
                min(day), (now() AT TIME ZONE 'UTC')::date, '1 day'
            ) AS day
            FROM g2p_spar_tally_total
        ) d
        CROSS JOIN (VALUES ('active'), ('on_hold'), ('suspended'), ('expired'),
            ('unlinked')) AS s(state)
        LEFT JOIN g2p_spar_tally_total t ON t.day = d.day AND t.state = s.state
    """,
    "change": """
        SELECT c.day, c.step, c.channel, p.code AS provider_code, p.name AS provider,
            c.changes::bigint, c.address_changes::bigint
        FROM g2p_spar_tally_change c
        LEFT JOIN g2p_spar_provider p ON p.id = c.provider_id
    """,
    "dispute": """
        SELECT d.day,
            COALESCE(sum(c.changes) FILTER (WHERE c.step <> 'reinstate'), 0)::bigint
                AS opened,
            COALESCE(sum(c.changes) FILTER (WHERE c.step = 'reinstate'), 0)::bigint
                AS settled,
            d.mappings AS open_at_end
        FROM g2p_spar_report_mapping_day d
        LEFT JOIN g2p_spar_tally_change c
            ON c.day = d.day AND c.step IN ('suspend', 'report', 'reinstate')
        WHERE d.state = 'suspended' GROUP BY d.day, d.mappings
    """,
    "verification": """
        SELECT level, mappings::bigint FROM g2p_spar_tally_level
    """,
    "waiting_change": """
        SELECT c.requested_at::date AS day, c.step, c.channel,
            c.due_at IS NULL AS needs_agreement, c.held AS payment_stopped,
            count(*)::bigint AS changes
        FROM g2p_spar_pending_change c
        WHERE c.state = 'waiting' AND c.mapping_id NOT IN (
            SELECT id FROM g2p_spar_mapping
            WHERE id_key >= chr(26) AND id_key < chr(27)
        )
        GROUP BY 1, 2, 3, 4, 5
    """,
    "failed_payment": """
        SELECT f.reported_at::date AS day, f.failure, f.channel,
            count(*)::bigint AS reports
        FROM g2p_spar_failure_report f
        WHERE f.mapping_id NOT IN (
            SELECT id FROM g2p_spar_mapping
            WHERE id_key >= chr(26) AND id_key < chr(27)
        )
        GROUP BY 1, 2, 3
    """,
    "shared_address": """
        SELECT a.id AS address_number, p.code AS provider_code, p.name AS provider,
            a.id_count::bigint AS ids
        FROM g2p_spar_tally_address a
        LEFT JOIN g2p_spar_provider p ON p.id = a.provider_id
    """,
    "ids_per_address": """
        SELECT id_count::bigint AS ids, count(*)::bigint AS addresses
        FROM g2p_spar_tally_address GROUP BY 1
    """,
    "freshness": """
        SELECT max(day) AS newest_day, max(counted_at) AS counted_at
        FROM g2p_spar_tally_day
    """,
}


def create_views(cr, views: dict[str, str]) -> None:
    """Create or replace views.

    :param views: selects by the name behind :data:`PREFIX`, those first that
        others read
    """
    readers = _readers(cr)
    for name, query in views.items():
        view = SQL.identifier(PREFIX + name)
        # The selects are constants of the addons.
        select = SQL(query.replace("%", "%%"))
        try:
            with cr.savepoint():
                cr.execute(
                    SQL("CREATE OR REPLACE VIEW %s AS %s", view, select),
                    log_exceptions=False,
                )
        except InvalidTableDefinition:
            # Views that read this one go with it; ours are made next.
            cr.execute(SQL("DROP VIEW %s CASCADE", view))
            cr.execute(SQL("CREATE VIEW %s AS %s", view, select))
    for name, reader in readers:
        if name.removeprefix(PREFIX) in views:
            cr.execute(
                SQL(
                    "GRANT SELECT ON %s TO %s",
                    SQL.identifier(name),
                    SQL.identifier(reader),
                )
            )


def _readers(cr) -> list[tuple[str, str]]:
    """Who else may read which of the views: pairs of a view and a role."""
    cr.execute(
        """
        SELECT table_name, grantee FROM information_schema.role_table_grants
        WHERE starts_with(table_name, %s) AND privilege_type = 'SELECT'
          AND grantee NOT IN (current_user, 'PUBLIC')
        """,
        [PREFIX],
    )
    return cr.fetchall()

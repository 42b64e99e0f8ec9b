"""What the database lets happen to lines that are otherwise never changed.

The service has no key to the history: it may not be trusted with one. The database
itself lets a line lose personal data, and only that: every other column has to stay
as it is, what is put in their place has to be a pseudonym, and the history of the
mapping has to say already that it was erased. So whoever gets to the tables can at
most take away what was erased before.
"""

from odoo.tools import SQL

from ..core.erasure import DROPPED, KEY_MARK, REPLACED, WORD
from ..core.state import Step

_IS_ERASED = SQL(
    "EXISTS (SELECT 1 FROM g2p_spar_mapping_version v JOIN g2p_spar_mapping m"
    " ON m.id = v.mapping_id WHERE v.mapping_id = OLD.mapping_id"
    " AND v.step = %s AND v.version = m.version)",
    Step.ERASE.value,
)


def guard_snapshots(cr, table: str) -> None:
    """Let lines of history lose what is personal in their snapshots and reasons."""
    _guard(
        cr,
        table,
        SQL(
            """
            to_jsonb(NEW) - %(free)s = to_jsonb(OLD) - %(free)s
            AND (NEW.reason IS NULL OR NEW.reason = OLD.reason)
            AND (NEW.evidence IS NULL OR NEW.evidence = OLD.evidence)
            AND g2p_spar_lost_only(OLD.before, NEW.before)
            AND g2p_spar_lost_only(OLD.after, NEW.after)
            """,
            free=_array(("before", "after", "reason", "evidence")),
        ),
    )


def guard_keys(cr, table: str) -> None:
    """Let checks of an address lose its key and what was seen."""
    _guard(
        cr,
        table,
        SQL(
            """
            to_jsonb(NEW) - %(free)s = to_jsonb(OLD) - %(free)s
            AND starts_with(NEW.fa_key, %(mark)s) AND NEW.evidence IS NULL
            """,
            free=_array(("fa_key", "evidence")),
            mark=KEY_MARK,
        ),
    )


def _guard(cr, table: str, condition: SQL) -> None:
    """Refuse every change of a table but those of which a condition holds."""
    _create_lost_only(cr)
    name = f"{table}_append_only"
    cr.execute(
        SQL(
            """
            CREATE OR REPLACE FUNCTION %(name)s() RETURNS trigger
            LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'UPDATE' THEN
                    IF %(is_erased)s AND (%(condition)s) THEN
                        RETURN NEW;
                    END IF;
                END IF;
                RAISE EXCEPTION '%(table)s is append-only'
                    USING ERRCODE = 'insufficient_privilege';
            END $$;
            DROP TRIGGER IF EXISTS g2p_spar_append_only ON %(table)s;
            DROP TRIGGER IF EXISTS g2p_spar_checks_append_only ON %(table)s;
            DROP TRIGGER IF EXISTS g2p_spar_erase_only ON %(table)s;
            CREATE TRIGGER g2p_spar_append_only
            BEFORE DELETE OR TRUNCATE ON %(table)s
            FOR EACH STATEMENT EXECUTE FUNCTION %(name)s();
            CREATE TRIGGER g2p_spar_erase_only BEFORE UPDATE ON %(table)s
            FOR EACH ROW EXECUTE FUNCTION %(name)s()
            """,
            name=SQL.identifier(name),
            table=SQL.identifier(table),
            is_erased=_IS_ERASED,
            condition=condition,
        )
    )


def _create_lost_only(cr) -> None:
    """Create what compares a snapshot with what is to be left of it."""
    cr.execute(
        SQL(
            """
            CREATE OR REPLACE FUNCTION g2p_spar_lost_only(before jsonb, after jsonb)
            RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
                SELECT before IS NULL AND after IS NULL
                OR before IS NOT NULL AND after IS NOT NULL
                AND after - %(replaced)s = before - %(replaced)s - %(dropped)s
                AND NOT EXISTS (
                    SELECT 1 FROM unnest(%(replaced)s) AS name
                    WHERE NOT starts_with(COALESCE(after ->> name, %(word)s), %(word)s)
                )
            $$
            """,
            replaced=_array(REPLACED),
            dropped=_array(DROPPED),
            word=WORD,
        )
    )


def _array(names: tuple[str, ...]) -> SQL:
    return SQL("%s::text[]", list(names))

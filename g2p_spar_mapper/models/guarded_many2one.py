"""A Many2one whose far side is guarded when it is deleted, not when it is used.

A foreign key looks its target up, and locks it, for every row that is written: on
the registry's tables that was two fifths of the cost of a link. Providers and
strategies are deleted once in years, addresses are linked by the million, so here
the rare side pays: a trigger refuses to delete a row that is in use.
"""

from odoo import fields
from odoo.tools import SQL

_FUNCTION = SQL(
    """
    CREATE OR REPLACE FUNCTION g2p_spar_refuse_in_use() RETURNS trigger
    LANGUAGE plpgsql AS $$
    DECLARE
        in_use boolean;
    BEGIN
        -- The addon that used it may have been uninstalled since.
        IF to_regclass(TG_ARGV[0]) IS NULL THEN
            RETURN OLD;
        END IF;
        -- Wait for those who are writing, and let nobody write until we are done.
        EXECUTE format('LOCK TABLE %%I IN SHARE MODE', TG_ARGV[0]);
        EXECUTE format(
            'SELECT EXISTS (SELECT 1 FROM %%I WHERE %%I = $1)', TG_ARGV[0], TG_ARGV[1]
        ) INTO in_use USING OLD.id;
        IF in_use THEN
            RAISE EXCEPTION '%% %% is in use in %%',
                TG_TABLE_NAME, OLD.id, TG_ARGV[0]
                USING ERRCODE = 'foreign_key_violation';
        END IF;
        RETURN OLD;
    END $$
    """
)


class GuardedMany2one(fields.Many2one):
    """A required or optional reference that the database protects on deletion."""

    def update_db_foreign_key(self, model, column):
        """Set the guard up on the other table, in the place of a foreign key."""
        model.pool.post_init(self._set_guard, model)

    def _set_guard(self, model):
        """Create the trigger, or create it anew."""
        table = model.env[self.comodel_name]._table
        name = f"g2p_spar_guard_{model._table}_{self.name}"[:63]
        model.env.cr.execute(_FUNCTION)
        model.env.cr.execute(
            SQL(
                """
                DROP TRIGGER IF EXISTS %(name)s ON %(table)s;
                CREATE TRIGGER %(name)s BEFORE DELETE ON %(table)s
                FOR EACH ROW EXECUTE FUNCTION
                g2p_spar_refuse_in_use(%(user)s, %(column)s)
                """,
                name=SQL.identifier(name),
                table=SQL.identifier(table),
                user=model._table,
                column=self.name,
            )
        )

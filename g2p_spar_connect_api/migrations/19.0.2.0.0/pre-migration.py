"""Keep what partners and caches know: the keys, under their table's new name."""

from odoo.tools import SQL
from odoo.tools.sql import table_exists

_OLD, _NEW = "g2p_spar_signing_key", "g2p_spar_own_key"


def migrate(cr, version):
    """Let the keys that signed access tokens be own keys of that purpose."""
    if not table_exists(cr, _OLD) or table_exists(cr, _NEW):
        return
    old, new = SQL.identifier(_OLD), SQL.identifier(_NEW)
    for name in ("_kid_uniq", "_current_uniq"):
        cr.execute(SQL("DROP INDEX IF EXISTS %s", SQL.identifier(f"{_OLD}_{name}")))
    cr.execute(SQL("ALTER TABLE %s RENAME TO %s", old, new))
    cr.execute(
        SQL(
            "ALTER SEQUENCE %s RENAME TO %s",
            SQL.identifier(f"{_OLD}_id_seq"),
            SQL.identifier(f"{_NEW}_id_seq"),
        )
    )
    cr.execute(
        SQL(
            "ALTER TABLE %s ADD COLUMN purpose varchar, ADD COLUMN algorithm varchar",
            new,
        )
    )
    cr.execute(SQL("UPDATE %s SET purpose = 'token', algorithm = 'ES256'", new))

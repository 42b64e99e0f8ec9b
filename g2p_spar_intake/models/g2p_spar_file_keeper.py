from odoo import api, models

from . import file_store


class G2PSparFileKeeper(models.AbstractModel):
    """Keeps the folder of files clean: what no record needs any more is deleted."""

    _name = "g2p.spar.file.keeper"
    _description = "Keeper of the Folder of Files"

    @api.autovacuum
    def _gc_orphans(self):
        """Delete what nobody knows on disk: left behind by what failed."""
        kinds = self.env.registry.descendants(["g2p.spar.file.mixin"], "_inherit")
        known = set()
        for name in kinds:
            if not self.env[name]._abstract:
                known |= self.env[name]._names_on_disk()
        dbname = self.env.cr.dbname
        for name in file_store.list_orphans(dbname, known):
            file_store.remove(dbname, name)
